"""What the states of a pitch are called, and what comes next in each."""

from bot.pitches import PitchCard, PitchKind, PitchState
from bot.texts import Texts
from handlers.chat.blocks.kit import person


def state_name(state: PitchState, _: Texts) -> str:
    """Return what a state is called, in a word or two."""
    return {
        PitchState.DRAFT: _("Draft"),
        PitchState.NEW: _("New"),
        PitchState.QUESTION: _("Question asked"),
        PitchState.SHELF: _("On the shelf"),
        PitchState.ACCEPTED: _("Accepted"),
        PitchState.DECLINED: _("Declined"),
        PitchState.MERGED: _("Merged"),
        PitchState.ASKED: _("Author asked"),
        PitchState.IN_WORK: _("In work"),
        PitchState.READY: _("Ready"),
        PitchState.PLANNED: _("Planned"),
        PitchState.PUBLISHED: _("Published"),
        PitchState.WITHDRAWN: _("Withdrawn"),
    }[state]


def kind_name(kind: PitchKind, _: Texts) -> str:
    """Return what a kind of story is called."""
    return {
        PitchKind.STORY: _("Story"),
        PitchKind.PORTRAIT: _("Portrait of a colleague or project"),
        PitchKind.GUEST_POST: _("Guest post"),
        PitchKind.SERIES: _("Part of a series"),
    }[kind]


def standing(card: PitchCard, _: Texts) -> str:
    """Say to its pitcher how a pitch stands and what comes next, in mrkdwn."""
    pitch = card.pitch
    author = person(card.author.chat_id) if card.author else _("someone")
    day = _.day(pitch.planned_on) if pitch.planned_on else ""
    return {
        PitchState.DRAFT: _("A draft: only you can see it."),
        PitchState.NEW: _("The newsroom decides at its next meeting and will tell you."),
        PitchState.QUESTION: _("The newsroom has a question: it waits for your reply."),
        PitchState.SHELF: _("It is on the shelf: good, but without a date yet. Nothing gets lost there."),
        PitchState.ACCEPTED: _("It is accepted. Next, someone is found who writes it."),
        PitchState.ASKED: _("It is accepted, and {author} is asked to write it.", author=author),
        PitchState.IN_WORK: _("It is accepted, and {author} is writing it.", author=author),
        PitchState.READY: _("It is written and waits for its date."),
        PitchState.PLANNED: _("It is written and planned for {day}.", day=day),
        PitchState.PUBLISHED: _("It has been published."),
        PitchState.DECLINED: _("The newsroom does not take it up this time."),
        PitchState.MERGED: _("It goes on together with another idea."),
        PitchState.WITHDRAWN: _("You withdrew it."),
    }[pitch.state]
