"""What is said about a pitch in a thread: passed on between the newsroom and the pitcher."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import authors, decisions, delivery, people, pitch_life, pitches, plan_reminders
from bot.delivery import Place
from bot.people import Person, Role
from bot.pitches import Pitch, PitchCard, PitchQuestion, PitchRole
from storage import pitches as stored
from storage.pitches import PitchRemark
from storage.planning import PitchTask
from storage.store import add_missing

__all__ = ["KIND", "PitchRemark", "Remark", "Spot", "edit", "is_kept", "remark", "say", "spot", "take_back"]

KIND: Final = "pitch_remark"
REPLIED: Final = "pitch_replied"
# Below which messages someone speaks of a pitch, by what these are about.
OF_PITCH: Final = frozenset({pitch_life.CARD, pitch_life.RECEIVED, pitch_life.NEWS})
OF_QUESTION: Final = frozenset({pitch_life.QUESTION, REPLIED})
# Whoever has these writes the story, or helps with it; a task is not a pitch itself.
TO_AUTHOR: Final = frozenset({pitch_life.ASKED, plan_reminders.TEXT})


@dataclass(frozen=True)
class Spot:
    """A thread about a pitch: the newsroom's, the pitcher's, perhaps below a question, or the author's.

    `person_id` is whose the thread is, None in the newsroom's channel.
    """

    pitch_id: int
    role: PitchRole
    question_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Remark:
    """What someone said about a pitch; without words when they took it back.

    Not everyone who writes in the newsroom's channel speaks for the newsroom.
    """

    remark: PitchRemark
    by: Person
    card: PitchCard
    is_of_newsroom: bool


def spot(session: Session, channel_id: str, thread_ts: str) -> Spot | None:
    """Return which pitch is spoken of in a thread; None when it is none's."""
    row = delivery.at(session, channel_id, thread_ts)
    if row is None:
        return None
    role = PitchRole.PITCHER if row.person_id else PitchRole.COMMS
    if row.kind in OF_PITCH:
        return Spot(row.subject_id, role)
    if row.kind in OF_QUESTION:
        asked = session.get(PitchQuestion, row.subject_id)
        question_id = asked.id if asked and row.kind == pitch_life.QUESTION else None
        return Spot(asked.pitch_id, role, question_id) if asked else None
    if row.kind in TO_AUTHOR:
        return Spot(row.subject_id, PitchRole.AUTHOR, person_id=row.person_id)
    if row.kind == authors.TASK:
        task = session.get(PitchTask, row.subject_id)
        return Spot(task.pitch_id, PitchRole.AUTHOR, person_id=row.person_id) if task else None
    if row.kind == decisions.INTRODUCED:
        # It was said to the pitcher of the one that goes on.
        merged = session.get(Pitch, row.subject_id)
        return Spot(merged.merged_into_id, role) if merged and merged.merged_into_id else None
    if row.kind == KIND:
        said = session.get(PitchRemark, row.subject_id)
        return Spot(said.pitch_id, role) if said else None
    return None


def say(
    session: Session, *, channel_id: str, thread_ts: str, ts: str, words: str, by: Person, now: datetime
) -> None:
    """Pass on what someone said in a thread about a pitch, once; below a question it is the reply.

    Args:
        session: the transaction.
        channel_id: where it was said.
        thread_ts: in which thread.
        ts: which message it is.
        words: what was said.
        by: who said it.
        now: this moment.
    """
    found = spot(session, channel_id, thread_ts)
    pitch = session.get(Pitch, found.pitch_id) if found else None
    if found is None or pitch is None or not words or not _may_say(pitch, found, by):
        return
    row = PitchRemark(
        pitch_id=found.pitch_id,
        person_id=by.id or 0,
        role=found.role,
        words=words,
        channel_id=channel_id,
        ts=ts,
        said_at=now,
    )
    if not add_missing(session, [row]) or _replies(session, found, words, by=by, now=now):
        return
    kept = stored.remark_at(session, channel_id, ts)
    assert kept is not None
    _pass_on(session, pitch, kept, now=now)


def is_kept(session: Session, channel_id: str, ts: str) -> bool:
    """Say whether a message was passed on."""
    return stored.remark_at(session, channel_id, ts) is not None


def edit(session: Session, *, channel_id: str, thread_ts: str, ts: str, words: str, now: datetime) -> None:
    """Let what was passed on say what its message says now."""
    kept = stored.remark_at(session, channel_id, ts)
    # Slack tells of a change also when only a preview came to it.
    if kept is None or kept.words == words or not words:
        return
    before, kept.words = kept.words, words
    session.flush()
    found = spot(session, channel_id, thread_ts)
    asked = session.get(PitchQuestion, found.question_id) if found and found.question_id else None
    reply = _exchanged(asked.reply, before.strip(), words.strip()) if asked else None
    if asked and reply is not None:
        asked.reply = reply[: decisions.MAX_WORDS]
        session.flush()
        for kind in OF_QUESTION:
            delivery.changed(session, kind, asked.id, now=now)
        delivery.changed(session, pitch_life.CARD, asked.pitch_id, now=now)
    delivery.changed(session, KIND, kept.id, now=now)


def take_back(session: Session, *, channel_id: str, ts: str, now: datetime) -> None:
    """Let what was passed on say no more; a reply to a question stays, since decisions may rest on it."""
    kept = stored.remark_at(session, channel_id, ts)
    if kept is not None:
        kept.words = ""
        session.flush()
        delivery.changed(session, KIND, kept.id, now=now)


def remark(session: Session, remark_id: int, *, is_told: bool) -> Remark | None:
    """Return what someone said; what was taken back before it was passed on is not."""
    row = session.get(PitchRemark, remark_id)
    by = session.get(Person, row.person_id) if row else None
    card = pitches.card(session, row.pitch_id) if row else None
    if row is None or by is None or card is None or not (row.words or is_told):
        return None
    return Remark(row, by, card, people.is_allowed(session, by, Role.COMMS))


def _may_say(pitch: Pitch, found: Spot, by: Person) -> bool:
    """Say whether someone is on this side of a pitch."""
    if found.role is PitchRole.AUTHOR:
        return found.person_id == by.id
    # Whoever has the idea need not be told what they say in the newsroom's channel themselves.
    return (pitch.pitcher_id == by.id) is (found.role is PitchRole.PITCHER)


def _replies(session: Session, found: Spot, words: str, *, by: Person, now: datetime) -> bool:
    """Keep what was said as the reply to the question above it, where it still can be; say whether it was."""
    if found.question_id is None:
        return False
    try:
        decisions.reply(session, found.question_id, words=words, pitcher=by, now=now)
    except (decisions.DecidedError, decisions.WordsError):
        return False
    return True


def _exchanged(reply: str, before: str, words: str) -> str | None:
    """Return a reply in which one of those it is made of, the last that said so, says something else now."""
    between = decisions.BETWEEN
    head, found, tail = f"{between}{reply}{between}".rpartition(f"{between}{before}{between}")
    return f"{head}{between}{words}{between}{tail}".strip() if found else None


def _pass_on(session: Session, pitch: Pitch, kept: PitchRemark, *, now: datetime) -> None:
    """Say it to the other side: below the pitcher's thanks, or in the thread of the card."""
    if kept.role is PitchRole.COMMS:
        pitcher = session.get(Person, pitch.pitcher_id)
        assert pitcher is not None
        above = pitch_life.standing(session, pitch_life.RECEIVED, pitch.id)
        thread_ts = above.ts if above else None
        delivery.note(
            session, KIND, kept.id, to=pitcher, now=now, thread_ts=thread_ts, rank=delivery.Rank.URGENT
        )
    elif pitch_life.below_card(session, pitch, KIND, kept.id, now=now) is None:
        delivery.note(session, KIND, kept.id, to=Place.COMMS, now=now)
