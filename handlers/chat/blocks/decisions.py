"""How decisions on pitches look in the chat: their forms, and who decided what."""

from typing import Any, Final

from slack_sdk.models.blocks import Block, OverflowMenuElement

from bot.decisions import DECIDABLE, HELD, MAX_WORDS
from bot.people import Person
from bot.pitches import ENDED, Pitch, PitchCard, PitchQuestion, PitchRole, PitchState, PitchStep
from bot.planning import UNDER_WAY
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    MAX_LINE,
    Message,
    actions,
    button,
    context,
    cut,
    escape,
    form,
    overflow,
    person,
    plain,
    section,
    text_input,
    words,
)
from handlers.chat.blocks.pitch_words import state_name

ACCEPT: Final = "pitch_accept"
SHELVE: Final = "pitch_shelve"
SHELVE_FORM: Final = "pitch_shelve_form"
DECLINE: Final = "pitch_decline"
DECLINE_FORM: Final = "pitch_decline_form"
ASK: Final = "pitch_ask"
ASK_FORM: Final = "pitch_ask_form"
REPLY: Final = "pitch_reply"
REPLY_FORM: Final = "pitch_reply_form"
THINK_OVER: Final = "pitch_think_over"
TAKE_BACK: Final = "pitch_take_back"
# What the overflow of a card holds.
MORE: Final = "pitch_more"
MERGE: Final = "merge"
# The same for what was accepted already.
DROP_MERGE: Final = "drop_merge"
DROP_SHELVE: Final = "drop_shelve"
DROP_DECLINE: Final = "drop_decline"
DROPS: Final = "drops"
MEETING: Final = "meeting"
WORDS: Final = "words"


def stand(card: PitchCard, _: Texts) -> list[Block]:
    """Show how a pitch stands and who decided so."""
    state = card.pitch.state
    if card.verdict and state in HELD:
        return [section(decision(card, _))]
    if state is PitchState.NEW:
        return []
    if state is PitchState.QUESTION:
        return [context(_("Waiting for the pitcher's reply."))]
    blocks: list[Block] = [section(decision(card, _))]
    if state not in {PitchState.ACCEPTED, PitchState.SHELF, *ENDED}:
        blocks.append(context(_("Now: {state}", state=state_name(state, _))))
    return blocks


def decision(card: PitchCard, _: Texts) -> str:
    """Say who decided, what and when, in mrkdwn."""
    pitch, verdict = card.pitch, card.verdict
    if verdict and pitch.state in HELD:
        return _(
            "Decided in the meeting: {state} (not announced yet) – by {by}, {time}.",
            state=state_name(verdict.state, _),
            by=_someone(verdict.by),
            time=_.time(verdict.at),
        )
    last = card.steps[-1] if card.steps else None
    at = pitch.decided_at or (last.at if last else pitch.created_at)
    values = {"by": _someone(card.decided_by), "day": _.day(at), "time": _.time(at)}
    if pitch.state is PitchState.DECLINED:
        return _("Declined by {by} on {day}, {time}.", **values)
    if pitch.state is PitchState.SHELF:
        return _("Put on the shelf by {by} on {day}, {time}.", **values)
    if card.goal:
        title = escape(cut(card.goal.pitch.title, MAX_LINE))
        return _("Merged with “{title}” by {by} on {day}, {time}.", title=title, **values)
    if pitch.state is PitchState.WITHDRAWN or pitch.decided_at is None:
        at = last.at if last else at
        state = state_name(pitch.state, _)
        return _("{state} since {day}, {time}.", state=state, day=_.day(at), time=_.time(at))
    return _("✅ Accepted by {by} on {day}, {time}.", **values)


def decision_buttons(card: PitchCard, _: Texts) -> list[Block]:
    """Show what the newsroom can decide on a pitch as it stands."""
    pitch = card.pitch
    about, state = pitch.title, pitch.state
    if state is PitchState.DECLINED:
        return [actions(button(_("Think it over"), THINK_OVER, pitch.id, about=about))]
    if state not in HELD:
        return []
    if card.verdict:
        return [actions(button(_("Take back"), TAKE_BACK, pitch.id, about=about))]
    if state not in DECIDABLE:
        return []
    shelve = button(_("Put on the shelf"), SHELVE, pitch.id, about=about)
    return [
        actions(
            button(_("Accept"), ACCEPT, pitch.id, style="primary", about=about),
            *([] if state is PitchState.SHELF else [shelve]),
            button(_("Decline"), DECLINE, pitch.id, about=about),
            button(_("Ask the pitcher"), ASK, pitch.id, about=about),
            overflow(MORE, [(f"{MERGE}:{pitch.id}", _("Merge")), (MEETING, _("Begin a meeting"))]),
        )
    ]


def drop_menu(card: PitchCard, _: Texts) -> list[OverflowMenuElement]:
    """Offer what else can become of a pitch that was accepted."""
    pitch = card.pitch
    if pitch.state not in UNDER_WAY or card.verdict:
        return []
    options = [
        (f"{DROP_SHELVE}:{pitch.id}", _("Put on the shelf")),
        (f"{DROP_DECLINE}:{pitch.id}", _("Decline")),
        (f"{DROP_MERGE}:{pitch.id}", _("Merge")),
    ]
    return [overflow(MORE, options)]


def meant(private_metadata: str) -> tuple[int, bool]:
    """Return which pitch a form is about, and whether it was accepted when the form was opened."""
    pitch_id, _colon, mark = private_metadata.partition(":")
    return int(pitch_id), mark == DROPS


def _meant(pitch: Pitch) -> str:
    return f"{pitch.id}:{DROPS}" if pitch.state in UNDER_WAY else str(pitch.id)


def pitch_step(found: tuple[PitchStep, Person | None], _: Texts) -> Message:
    """Say in the thread of a card which step its pitch took, and why."""
    step, by = found
    state = state_name(step.state, _)
    if step.role is PitchRole.COMMS and step.state is PitchState.NEW:
        state = _("Open once more")
    elif step.role is PitchRole.CLOCK and step.state is PitchState.NEW:
        state = _("Open once more: the idea that it went on with has ended")
    who = f" · {person(by.chat_id)}" if by else ""
    said = [words(plain(cut(step.reason, MAX_WORDS)))] if step.reason else []
    return Message(f"{state}{who}", [context(f"{state}{who}"), *said])


def shelve_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask for words to put an idea aside with; none are needed."""
    friendly = _(
        "“{title}” is a good idea that has no date yet. We keep it and come back to it.", title=pitch.title
    )
    blocks = [
        section(_("These words go to whoever had the idea. Change them as you like, or leave none.")),
        _words_input(_, _("Message to the pitcher"), initial=friendly, optional=True),
    ]
    return form(
        SHELVE_FORM,
        _("Put on the shelf"),
        blocks,
        submit=_("Put on the shelf"),
        close=_("Cancel"),
        private_metadata=_meant(pitch),
    )


def decline_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask for friendly words to decline with."""
    friendly = _(
        "Thank you for “{title}”! This time it does not fit into our plan. "
        "Please keep your ideas coming: we are glad about every one.",
        title=pitch.title,
    )
    if pitch.state in UNDER_WAY:
        friendly = _(
            "We had wanted to take “{title}” up, but now it does not work out after all. "
            "Thank you for it – and please keep your ideas coming.",
            title=pitch.title,
        )
    blocks = [
        section(_("These words go to whoever had the idea. Change them as you like.")),
        _words_input(_, _("Message to the pitcher"), initial=friendly),
    ]
    return form(
        DECLINE_FORM,
        _("Decline"),
        blocks,
        submit=_("Decline"),
        close=_("Cancel"),
        private_metadata=_meant(pitch),
    )


def ask_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask what to ask the pitcher."""
    friendly = _("Thank you for “{title}”! Before we decide we would like to know: ", title=pitch.title)
    blocks = [
        section(_("Your question about “{title}” goes to whoever had the idea.", title=escape(pitch.title))),
        _words_input(_, _("Your question"), initial=friendly),
    ]
    return form(
        ASK_FORM,
        _("Ask the pitcher"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def reply_form(asked: PitchQuestion, _: Texts) -> dict[str, Any]:
    """Ask for the pitcher's reply."""
    blocks = [section(escape(asked.question)), _words_input(_, _("Your reply"))]
    return form(
        REPLY_FORM, _("Reply"), blocks, submit=_("Send"), close=_("Cancel"), private_metadata=str(asked.id)
    )


def _words_input(_: Texts, label: str, *, initial: str = "", optional: bool = False) -> Block:
    return text_input(
        WORDS, label, initial=cut(initial, MAX_WORDS), multiline=True, optional=optional, limit=MAX_WORDS
    )


def _someone(by: Person | None) -> str:
    return person(by.chat_id) if by else "–"
