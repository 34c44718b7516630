"""The App Home: what someone can do, what waits for them, and what is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from slack_sdk.models.blocks import Block, DividerBlock

from bot.curation import Tally
from bot.events import CalendarEvent
from bot.posts import Post
from bot.radar import Asked, state_of
from bot.subscriptions import Shown
from bot.texts import Texts
from bot.watch import Troubles
from bot.words import event_time, page
from handlers.chat.blocks import editorial, my_pitches, pitches, radar
from handlers.chat.blocks.kit import (
    actions,
    bold,
    button,
    context,
    escape,
    header,
    link,
    link_button,
    plain,
    section,
    words,
)
from handlers.chat.blocks.my_pitches import MyPitches
from handlers.chat.blocks.notices import reason_words
from handlers.chat.blocks.sources import sources_section
from handlers.chat.blocks.subscriptions import home_section

OPEN_SITE = "home_open_site"
RETRY = "home_retry_deliveries"
# Slack's words for a token it does not take: docs.slack.dev/reference/methods/chat.postMessage
REFUSED_TOKENS: Final = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
# A message takes seconds, in a flood minutes; what waits longer is worth a look.
LONG: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Home:
    """What someone's App Home shows."""

    open_requests: Sequence[Asked] = field(default_factory=tuple)
    my_pitches: MyPitches = field(default_factory=MyPitches)
    my_subscriptions: Sequence[Shown] = field(default_factory=tuple)
    # What their own subscriptions brought.
    for_me: Sequence[Post | CalendarEvent] = field(default_factory=tuple)
    posts: Sequence[Post] = field(default_factory=tuple)
    events: Sequence[CalendarEvent] = field(default_factory=tuple)
    troubles: Troubles | None = None
    sources: Tally | None = None
    # Whether nothing is planned for the coming days; None for who does not plan.
    is_empty_ahead: bool | None = None


def home_view(home: Home, site_url: str, _: Texts) -> dict[str, Any]:
    """Return the view as views.publish takes it."""
    blocks: list[Block] = [
        header(_("Hello, I am Stadtfunk")),
        section(
            _("I tell you what is new in the digital city, take your story ideas and ask how far things are.")
        ),
        actions(
            button(_("Pitch a story"), pitches.NEW, style="primary"),
            link_button(_("Open the public site"), OPEN_SITE, page(site_url, "/", _)),
        ),
    ]
    if home.open_requests:
        blocks += [DividerBlock(), header(_("Waiting for your answer"))]
        for line in home.open_requests[:15]:
            title = line.measure.title
            blocks += [
                words(bold(title), plain(f"\n{radar.summary(state_of(line.measure), _)}")),
                actions(
                    button(_("No change"), radar.CONFIRM, line.request.id, style="primary", about=title),
                    button(_("Update"), radar.UPDATE, line.request.id, about=title),
                ),
            ]
    blocks += my_pitches.home_section(home.my_pitches, _)
    if home.is_empty_ahead is not None:
        blocks += editorial.home_section(_, is_empty_ahead=home.is_empty_ahead)
    blocks += home_section(home.my_subscriptions, _)
    if home.for_me:
        blocks += [DividerBlock(), header(_("New for me"))]
        blocks += [_line(one, _) for one in home.for_me]
    else:
        blocks += [DividerBlock(), header(_("New posts"))]
        blocks += [_line(post, _) for post in home.posts]
    if home.events:
        blocks += [DividerBlock(), header(_("Coming events"))]
        blocks += [_line(found, _) for found in home.events]
    if home.troubles:
        blocks += _deliveries(home.troubles, _)
    if home.sources:
        blocks += sources_section(home.sources, _)
    command = f"`/funk {_('help')}`"
    blocks.append(context(_("Write {command} anywhere to see what else I can do.", command=command)))
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def _line(one: Post | CalendarEvent, _: Texts) -> Block:
    name = link(one.title, one.url) if one.url else bold(one.title)
    if isinstance(one, CalendarEvent):
        return words(name, plain(f" – {event_time(one, _)}"))
    return words(name, plain(f" – {_.day(one.published_at)}" if one.published_at else " "))


def _deliveries(troubles: Troubles, _: Texts) -> list[Block]:
    """Show administrators what hangs, by reason; whose messages and what they say is not theirs to read."""
    failed = sum(count for _reason, count in troubles.failed)
    minutes = troubles.waiting_for // timedelta(minutes=1)
    lines = []
    if failed:
        lines.append(_.plural("*{n} message* was given up:", "*{n} messages* were given up:", failed))
        lines += [_reason(reason, count, _) for reason, count in troubles.failed]
    if troubles.held_up:
        lines.append(_("Waiting after an error:"))
        lines += [_reason(reason, count, _) for reason, count in troubles.held_up]
    if troubles.waiting_for >= LONG:
        lines.append(
            _.plural("The oldest waits for {n} minute.", "The oldest waits for {n} minutes.", minutes)
        )
    shown: list[Block] = [DividerBlock(), header(_("Deliveries"))]
    if any(reason in REFUSED_TOKENS for reason, _count in troubles.held_up):
        shown.append(section(_("*Slack refused the token.* Please check it in the app's settings.")))
    shown.append(section("\n".join(lines) or _("Everything arrives.")))
    if failed:
        about = _.plural("{n} message", "{n} messages", failed)
        shown.append(actions(button(_("Try again"), RETRY, about=about)))
    return shown


def _reason(reason: str, count: int, _: Texts) -> str:
    return f"• {count} × {escape(reason_words(reason, _))}"
