"""How subscriptions look: what someone hears of, when and how, in words, and what can be done with each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject, DividerBlock, PlainTextObject

from bot.subscriptions import Choice, Deed, Layout, NewsKind, Part, Rhythm, Shown, Subscription, Term
from bot.texts import Texts
from handlers.chat.blocks.kit import actions, button, context, cut, escape, header, section
from handlers.chat.blocks.kit import person as mention

NEW: Final = "subscription_new"
LIST: Final = "subscription_list"
CHANGE: Final = "subscription_change"
PAUSE: Final = "subscription_pause"
RESUME: Final = "subscription_resume"
STOP: Final = "subscription_stop"
EARLIER: Final = "subscriptions_earlier"
LATER: Final = "subscriptions_later"
LOCK: Final = "subscription_lock"
UNLOCK: Final = "subscription_unlock"
# Each takes up to three blocks; a view has room for a hundred.
PAGE: Final = 14
AT_HOME: Final = 5
MAX_WORDS: Final = 600
MAX_CONFIRM: Final = 300
# Any Monday will do to name the days of the week.
A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Listed:
    """What a channel and a person hear.

    Attributes:
        channel: whose subscriptions stand first; empty: only the person's own.
        is_admin: whether the person may lock the channel and change it when it is locked.
        offset: how many of each stand on the pages before this one.
    """

    channel: str
    of_channel: Sequence[Shown]
    mine: Sequence[Shown]
    is_locked: bool = False
    is_admin: bool = False
    offset: int = 0

    @property
    def last(self) -> int:
        """The offset of the last page."""
        longest = max(len(self.of_channel), len(self.mine))
        return max(0, longest - 1) // PAGE * PAGE


def list_view(listed: Listed, _: Texts) -> dict[str, Any]:
    """Return a window with all that a channel and a person hear."""
    blocks: list[Block] = []
    if listed.channel:
        blocks.append(header(_("What this channel hears")))
        may_change = listed.is_admin or not listed.is_locked
        blocks += _lock(listed, _)
        blocks += _page(listed.of_channel, listed.offset, _, may_change=may_change)
        blocks.append(DividerBlock())
    blocks.append(header(_("What you hear")))
    blocks += _page(listed.mine, listed.offset, _, may_change=True)
    buttons = [button(_("New subscription"), NEW, listed.channel, style="primary")]
    if listed.offset:
        buttons.append(button(_("Back"), EARLIER, listed.offset - PAGE))
    if listed.offset < listed.last:
        buttons.append(button(_("More"), LATER, listed.offset + PAGE))
    blocks.append(actions(*buttons))
    return {
        "type": "modal",
        "callback_id": LIST,
        "title": {"type": "plain_text", "text": _("Subscriptions")},
        "close": {"type": "plain_text", "text": _("Close")},
        "private_metadata": in_channel(listed.channel, listed.offset),
        "blocks": [block.to_dict() for block in blocks],
    }


def in_channel(channel: str, offset: int = 0) -> str:
    """Return what a window keeps of where it is, so that its list can be shown again."""
    return json.dumps({"channel": channel, "offset": offset})


def home_section(mine: Sequence[Shown], _: Texts) -> list[Block]:
    """Show someone their own subscriptions in the App Home."""
    blocks: list[Block] = [DividerBlock(), header(_("My subscriptions"))]
    for one in mine[:AT_HOME]:
        blocks += subscription_blocks(one, _)
    if not mine:
        blocks.append(context(_("None yet. Choose what you want to hear of, as a direct message.")))
    more = len(mine) - AT_HOME
    buttons = [button(_("New subscription"), NEW)]
    if more > 0:
        buttons.append(button(_.plural("{n} more", "{n} more", more), LIST))
    return [*blocks, actions(*buttons)]


def subscription_blocks(one: Shown, _: Texts, *, may_change: bool = True) -> list[Block]:
    """Show a subscription, whose it is, and what can be done with it."""
    plain = cut(choice_words(one.choice, one.labels, _), MAX_WORDS)
    said = escape(plain)
    facts = []
    if one.subscription.paused_at:
        facts.append(_("paused since {day}", day=_.day(one.subscription.paused_at)))
    if one.maker:
        facts.append(_("made by {person}", person=mention(one.maker.chat_id)))
    if one.changed and one.changed_by and one.changed.deed is not Deed.MADE:
        day = _.day(one.changed.changed_at)
        facts.append(_("last changed by {person} on {day}", person=mention(one.changed_by.chat_id), day=day))
    blocks = [section(f"⏸️ {said}" if one.subscription.paused_at else said)]
    if facts:
        blocks.append(context(" · ".join(facts)))
    if may_change:
        blocks.append(actions(*subscription_buttons(one.subscription, plain, _)))
    return blocks


def subscription_buttons(subscription: Subscription, about: str, _: Texts) -> list[ButtonElement]:
    """Return what can be done with a subscription; `about` says which it is, for screen readers."""
    stop = button(_("Stop"), STOP, subscription.id, about=about)
    stop.confirm = ConfirmObject(
        title=_("Stop this subscription?"),
        text=PlainTextObject(text=cut(about, MAX_CONFIRM)),
        confirm=_("Stop"),
        deny=_("Keep"),
        style="danger",
    )
    is_paused = subscription.paused_at is not None
    return [
        button(_("Change"), CHANGE, subscription.id, about=about),
        button(_("Resume"), RESUME, subscription.id, about=about)
        if is_paused
        else button(_("Pause"), PAUSE, subscription.id, about=about),
        stop,
    ]


def _page(subscriptions: Sequence[Shown], offset: int, _: Texts, *, may_change: bool) -> list[Block]:
    shown = subscriptions[offset : offset + PAGE]
    if not shown:
        return [context(_("Nothing more.") if subscriptions else _("Nothing yet."))]
    return [block for one in shown for block in subscription_blocks(one, _, may_change=may_change)]


def _lock(listed: Listed, _: Texts) -> list[Block]:
    if listed.is_admin and listed.is_locked:
        return [actions(button(_("Unlock"), UNLOCK, listed.channel))]
    if listed.is_admin:
        return [actions(button(_("Lock for others"), LOCK, listed.channel))]
    if listed.is_locked:
        return [context(_("🔒 The administrators have locked this channel's subscriptions."))]
    return []


def choice_words(choice: Choice, labels: dict[Term, str], _: Texts) -> str:
    """Say a choice in one line, unescaped: what, about what, when, how."""
    parts = [", ".join(kind_words(kind, _) for kind in NewsKind if kind in choice.kinds)]
    if said := _named(choice, Part.ANY, labels):
        parts.append(_("about one of {terms}", terms=said))
    if said := _named(choice, Part.ALL, labels):
        parts.append(_("about all of {terms}", terms=said))
    if said := _named(choice, Part.EXCEPT, labels):
        parts.append(_("but not about {terms}", terms=said))
    return " · ".join([_joined(parts), *when_words(choice, _)])


def _joined(parts: Sequence[str]) -> str:
    """Join what is heard of with what it is about; conditions after the first stand behind commas."""
    return ", ".join([" ".join(parts[:2]), *parts[2:]])


def _named(choice: Choice, part: Part, labels: dict[Term, str]) -> str:
    return ", ".join(sorted(labels[term] for term in choice.of_part(part)))


def when_words(choice: Choice, _: Texts) -> list[str]:
    """Say when news comes and how it looks, as far as it is not the usual way."""
    clock = clock_words(choice.at, _) if choice.at else ""
    if choice.rhythm is Rhythm.DAILY:
        said = [_("daily at {time}", time=clock)]
    elif choice.rhythm is Rhythm.WEEKLY:
        said = [_("on {weekday} at {time}", weekday=weekday_words(choice.weekday or 0, _), time=clock)]
    else:
        said = [_("at once")]
        said += {Layout.LINE: [_("one line each")], Layout.THREAD: [_("in one thread a day")]}.get(
            choice.layout, []
        )
    if choice.quiet:
        start, end = (clock_words(clock, _) for clock in choice.quiet)
        said.append(_("quiet from {start} to {end}", start=start, end=end))
    return said


def kind_words(kind: NewsKind, _: Texts) -> str:
    """Name a kind of news."""
    return {
        NewsKind.POST: _("Posts"),
        NewsKind.VIDEO: _("Videos"),
        NewsKind.JOB: _("Jobs"),
        NewsKind.EVENT: _("Events"),
        NewsKind.COMMENT: _("Reader comments"),
        NewsKind.RADAR: _("Changes on the radar"),
    }[kind]


def weekday_words(weekday: int, _: Texts) -> str:
    """Name a day of the week; Monday is 0."""
    return _.weekday(A_MONDAY + timedelta(days=weekday))


def clock_words(clock: time, _: Texts) -> str:
    """Say a local time of day."""
    return _("{hour}:{minute}", hour=clock.hour, minute=f"{clock.minute:02}")
