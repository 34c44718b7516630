"""How trouble with messages looks: to administrators, and to whoever subscribed a channel that is gone."""

from collections.abc import Sequence
from typing import Final

from bot.departures import Left, Paused
from bot.texts import Texts
from handlers.chat.blocks.kit import Message, bold, context, escape, person, plain, section, words
from handlers.chat.blocks.subscriptions import choice_words

RETRY: Final = "`python bot.py deliveries retry`"


def delivery_trouble(reasons: Sequence[tuple[str, int]], _: Texts) -> Message:
    """Say how many messages could not be delivered, and why."""
    total = sum(number for _reason, number in reasons)
    news = _.plural("{n} message could not be delivered.", "{n} messages could not be delivered.", total)
    lines = "\n".join(f"• {number} × {reason_words(reason, _)}" for reason, number in reasons)
    next_step = _("When the cause is fixed, this sends them again: {command}", command=RETRY)
    return Message(news, [section(f"⚠️ {news}"), words(plain(lines)), context(next_step)])


def subscription_paused(paused: Paused, _: Texts) -> Message:
    """Say which news a channel does not get any more, and why."""
    news = _(
        "I can't say anything in {channel} any more: {reason}. Its subscriptions are paused.",
        channel=f"<#{paused.target}>",
        reason=escape(reason_words(paused.reason, _)),
    )
    lines = "\n".join(f"• {choice_words(choice, paused.labels, _)}" for choice in paused.choices)
    next_step = _("They go on as soon as someone subscribes the channel again.")
    return Message(news, [section(f"⏸️ {news}"), words(plain(lines)), context(next_step)])


def person_left(left: Left, _: Texts) -> Message:
    """Say that someone has left, and which messages did not reach them."""
    name = escape(left.person.name)
    news = _("{person} is no longer here. These messages were not delivered:", person=name)
    lines = "\n".join(f"• {kind} {subject_id}" for kind, subject_id in left.lost)
    who = context(person(left.person.chat_id))
    more = [context(_("and more"))] if left.has_more else []
    return Message(news, [section(news), words(bold(lines)), *more, who])


def reason_words(reason: str, _: Texts) -> str:
    """Return why something could not be said, in words where we have some, else in Slack's."""
    known = {
        "bug": _("an error of the assistant's own"),
        "channel_not_found": _("the channel can't be found"),
        "is_archived": _("the channel is archived"),
        "missing_scope": _("the app lacks a permission"),
        "not_in_channel": _("the assistant is not in the channel"),
        "person_gone": _("the person is no longer here"),
        "unknown_outcome": _("it is not known whether it arrived"),
    }
    return known.get(reason, reason)
