"""How it looks when someone asks why they see a message, or why something was not posted."""

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.curation import SourceState
from bot.texts import Texts
from bot.why import Answer, Heard, Unknown, Why
from bot.words import moment
from handlers.chat.blocks.kit import (
    MAX_VIEW_TITLE,
    Message,
    actions,
    bold,
    button,
    context,
    cut,
    escape,
    section,
    words,
)
from handlers.chat.blocks.subscriptions import choice_words, in_channel, subscription_blocks
from handlers.chat.blocks.why_words import (
    BY_SUBSCRIPTION,
    reason,
    seen_words,
    standing_words,
    unsaid_words,
    verdict_words,
    what_words,
    withdrawn_words,
)
from handlers.source_words import state_name, state_trouble

WHY: Final = "why"
MOST_SHOWN: Final = 10
MAX_WORDS: Final = 300
MAX_TITLE: Final = 300
MAX_URL: Final = 200


def why_button(kind: str, subject_id: int, _: Texts) -> ButtonElement:
    """Return the button that tells why a message about something is here."""
    return button(_("Why do I see this?"), WHY, f"{kind}:{subject_id}")


def with_why(message: Message, kind: str, subject_id: int, _: Texts) -> Message:
    """Return a message with the button that tells why it is here."""
    return Message(message.text, [*message.blocks, actions(why_button(kind, subject_id, _))])


def why_view(why: Why | None, _: Texts) -> dict[str, Any]:
    """Say why someone sees a message, with what they can do about it."""
    blocks: list[Block] = []
    if why is None:
        blocks.append(section(_("This message is not one of mine, so I can't say why it is here.")))
    elif not why.shown:
        blocks.append(section(_nothing(why, _)))
    else:
        blocks.append(section(_because(why, _)))
        for shown in why.shown[:MOST_SHOWN]:
            blocks += subscription_blocks(shown, _)
        if why.has_gone:
            blocks.append(context(_("Another subscription that brought it does not exist any more.")))
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": cut(_("Why do I see this?"), MAX_VIEW_TITLE)},
        "close": {"type": "plain_text", "text": cut(_("Close"), MAX_VIEW_TITLE)},
        # Whoever does something here sees then what is heard in the same place.
        "private_metadata": in_channel("" if why is None or why.is_own else why.target),
        "blocks": [block.to_dict() for block in blocks],
    }


def answer(found: Answer, links: Mapping[str, str], _: Texts) -> Message:
    """Say what became of what a link leads to; `links` are those of its messages, by channel or person."""
    seen = found.seen
    said = list(filter(None, [seen_words(seen, _), unsaid_words(seen, _), withdrawn_words(seen, _)]))
    title = cut(seen.title, MAX_TITLE)
    blocks: list[Block] = [words(bold(title)), section("\n".join(said))]
    if found.here:
        nobody = _("This channel has no subscription.")
        blocks.append(_heard(_("In this channel"), found.here, links, nobody, _))
    blocks.append(_heard(_("For you"), found.mine, links, _("You have no subscription."), _))
    if found.elsewhere:
        channels = ", ".join(f"<#{channel_id}>" for channel_id in found.elsewhere[:MOST_SHOWN])
        blocks.append(context(_("Posted in {channels} too.", channels=channels)))
    return Message(f"{escape(title)}: {' '.join(said)}", blocks)


def unknown(found: Unknown, _: Texts) -> Message:
    """Say that nothing is known at an address, and how its server's sources are read."""
    sorry = _("I have not seen that.")
    if not found.sources:
        host = escape(cut(found.host, MAX_URL))
        hint = _("No source of {host} is read. Administrators can add one.", host=host)
        return Message(f"{sorry} {hint}", [section(f"{sorry} {hint}")])
    heading = _("I read these sources there:")
    lines = "\n".join(f"• {_source(one, _)}" for one in found.sources[:MOST_SHOWN])
    return Message(f"{sorry} {heading} {lines}", [section(f"{sorry} {heading}"), section(lines)])


def which(command: str, _: Texts) -> str:
    """Say what to write."""
    example = f"`{command} {_('why')} https://…`"
    return _(
        "Which post, event or measure is it about? Write its link behind it, for example {example}.",
        example=example,
    )


def one_only(_: Texts) -> str:
    """Say that a list is not what can be asked about."""
    return _("This page shows many things. Please send me the link of one post, event or measure.")


def _heard(heading: str, heard: Heard, links: Mapping[str, str], nobody: str, _: Texts) -> Block:
    lines = [f"*{heading}*"]
    if heard.standing:
        lines.append(standing_words(heard.standing, links.get(heard.target), _))
    for verdict in heard.verdicts[:MOST_SHOWN]:
        said = escape(cut(choice_words(verdict.shown.choice, verdict.shown.labels, _), MAX_WORDS))
        lines.append(f"• {said}: *{cut(verdict_words(verdict, _), MAX_WORDS)}*")
    if hidden := len(heard.verdicts) - MOST_SHOWN:
        lines += [_("and {count} more", count=hidden)] if hidden > 0 else []
    return section("\n".join(lines if heard.verdicts or heard.standing else [*lines, nobody]))


def _source(source: SourceState, _: Texts) -> str:
    parts = [f"*{escape(source.name)}* ({state_name(source.state, _)})"]
    if source.succeeded_at:
        parts.append(_("last read on {when}", when=moment(source.succeeded_at, _)))
    else:
        parts.append(_("never read yet"))
    if trouble := state_trouble(source, _):
        parts.append(escape(trouble))
    return " – ".join(parts)


def _nothing(why: Why, _: Texts) -> str:
    return (
        _("The subscription for this does not exist any more, or it is too long ago.")
        if _is_news(why)
        else reason(why.kind, _)
    )


def _is_news(why: Why) -> bool:
    return why.kind in BY_SUBSCRIPTION


def _because(why: Why, _: Texts) -> str:
    first = why.shown[0]
    said = cut(what_words(first, _), MAX_WORDS)
    channel, n = f"<#{why.target}>", len(why.shown)
    if n > 1 and why.is_own:
        return _("Because you have {n} subscriptions to it:", n=n)
    if n > 1:
        return _("Because {channel} has {n} subscriptions to it:", channel=channel, n=n)
    if why.is_own:
        return _("Because you subscribed to {words}.", words=said)
    if first.maker is None:
        return _("Because {channel} subscribed to {words}.", channel=channel, words=said)
    return _(
        "Because {channel} subscribed to {words} (subscription by {name}).",
        channel=channel,
        words=said,
        name=escape(first.maker.name),
    )
