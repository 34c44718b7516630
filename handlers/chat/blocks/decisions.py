"""How decisions on pitches look in the chat: their forms, and who decided what."""

from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.decisions import MAX_WORDS
from bot.pitches import Pitch, PitchCard, PitchQuestion, PitchState
from bot.texts import Texts
from handlers.chat.blocks.kit import cut, escape, form, person, section, text_input

ACCEPT: Final = "pitch_accept"
DECLINE: Final = "pitch_decline"
DECLINE_FORM: Final = "pitch_decline_form"
ASK: Final = "pitch_ask"
ASK_FORM: Final = "pitch_ask_form"
REPLY: Final = "pitch_reply"
REPLY_FORM: Final = "pitch_reply_form"
WORDS: Final = "words"


def decision(card: PitchCard, _: Texts) -> str:
    """Say who decided, what and when, in mrkdwn."""
    pitch = card.pitch
    assert pitch.decided_at is not None
    values = {
        "by": person(card.decided_by.chat_id) if card.decided_by else "–",
        "day": _.day(pitch.decided_at),
        "time": _.time(pitch.decided_at),
    }
    if pitch.state is not PitchState.DECLINED:
        return _("✅ Accepted by {by} on {day}, {time}.", **values)
    return _("Declined by {by} on {day}, {time}.", **values)


def decline_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask for friendly words to decline with."""
    friendly = _(
        "Thank you for “{title}”! This time it does not fit into our plan. "
        "Please keep your ideas coming: we are glad about every one.",
        title=pitch.title,
    )
    blocks = [
        section(_("These words go to the author. Change them as you like.")),
        _words_input(_, _("Message to the author"), initial=friendly),
    ]
    return form(
        DECLINE_FORM,
        _("Decline"),
        blocks,
        submit=_("Decline"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def ask_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask what to ask the author."""
    blocks = [
        section(_("Your question about “{title}” goes to the author.", title=escape(pitch.title))),
        _words_input(_, _("Your question")),
    ]
    return form(
        ASK_FORM,
        _("Ask the author"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def reply_form(asked: PitchQuestion, _: Texts) -> dict[str, Any]:
    """Ask for the author's reply."""
    blocks = [section(escape(asked.question)), _words_input(_, _("Your reply"))]
    return form(
        REPLY_FORM, _("Reply"), blocks, submit=_("Send"), close=_("Cancel"), private_metadata=str(asked.id)
    )


def _words_input(_: Texts, label: str, *, initial: str = "") -> Block:
    return text_input(
        WORDS, label, initial=cut(initial, MAX_WORDS), multiline=True, optional=False, limit=MAX_WORDS
    )
