"""Half a year and a year after a story appeared someone is asked whether it is still true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import announcing, delivery, people, pitch_life
from bot.decisions import checked
from bot.delivery import Place
from bot.people import Person, Role
from bot.workdays import Workdays
from storage import publishing as stored
from storage.pitches import Pitch
from storage.posts import Post
from storage.publishing import PostCheck

__all__ = [
    "CHECK",
    "OUTDATED",
    "AnsweredError",
    "CheckCard",
    "PostCheck",
    "ask_due",
    "card",
    "has_changed",
    "is_true",
    "open_check",
    "question",
]

CHECK: Final = "post_check"
OUTDATED: Final = "post_outdated"
# After so many months. What nobody asked for a quarter since, such as before this was installed, is left.
AFTER: Final[Mapping[int, timedelta]] = {6: timedelta(days=183), 12: timedelta(days=365)}
PATIENCE: Final = timedelta(days=90)
BATCH: Final = 50


class AnsweredError(Exception):
    """It was answered before; `card` says when and how."""

    def __init__(self, card: "CheckCard") -> None:
        super().__init__(card.check.id)
        self.card = card


@dataclass(frozen=True)
class CheckCard:
    """The question whether a post is still true, and who was asked."""

    check: PostCheck
    pitch: Pitch
    post: Post
    asked: Person


def ask_due(session: Session, *, workdays: Workdays, now: datetime) -> None:
    """Ask about what appeared half a year or a year ago and is still there, while people are at work.

    Its author is asked; if they have left, whose idea it was; if they have left, too, the comms team.
    """
    if not announcing.is_office_time(workdays, now):
        return
    for months, after in AFTER.items():
        until = now - after
        for pitch in stored.to_check(session, months, since=until - PATIENCE, until=until, limit=BATCH):
            _ask(session, pitch, months, now=now)


def is_true(session: Session, check_id: int, *, by: Person, now: datetime) -> None:
    """Keep that a post is still true.

    Raises:
        NotAllowedError: neither asked nor of the comms team.
        AnsweredError: it was answered before.
    """
    _answer(session, check_id, by=by, now=now).is_true = True


def has_changed(session: Session, check_id: int, *, words: str, by: Person, now: datetime) -> None:
    """Keep what has changed since a post appeared, and tell the comms team.

    Raises:
        NotAllowedError: neither asked nor of the comms team.
        AnsweredError: it was answered before.
        WordsError: the words are blank or too long.
    """
    words = checked(words)
    check = _answer(session, check_id, by=by, now=now)
    check.is_true, check.words = False, words
    pitch_life.tell_comms(session, OUTDATED, check.id, pitch_id=check.pitch_id, now=now)


def open_check(session: Session, check_id: int, *, by: Person) -> CheckCard:
    """Return the question that someone is about to answer.

    Raises:
        NotAllowedError: neither asked nor of the comms team.
        AnsweredError: it was answered before.
    """
    found = card(session, check_id)
    assert found is not None
    if found.check.person_id != by.id:
        people.require(session, by, Role.COMMS)
    if found.check.answered_at:
        raise AnsweredError(found)
    return found


def card(session: Session, check_id: int) -> CheckCard | None:
    """Return the question whether a post is still true, with all that its messages show."""
    check = session.get(PostCheck, check_id)
    pitch = session.get(Pitch, check.pitch_id) if check else None
    post = session.get(Post, pitch.post_id) if pitch and pitch.post_id else None
    asked = session.get(Person, check.person_id) if check else None
    return CheckCard(check, pitch, post, asked) if check and pitch and post and asked else None


def question(session: Session, check_id: int, *, is_told: bool) -> CheckCard | None:
    """Return the question as long as there is something to ask: not about a post that was withdrawn."""
    found = card(session, check_id)
    return None if found and found.post.withdrawn_at and not is_told else found


def _ask(session: Session, pitch: Pitch, months: int, *, now: datetime) -> None:
    concerned = [id_ for id_ in (pitch.author_id, pitch.pitcher_id) if id_]
    here = next((id_ for id_ in concerned if not people.has_left(session, id_)), None)
    check = PostCheck(pitch_id=pitch.id or 0, months=months, person_id=here or pitch.pitcher_id, asked_at=now)
    session.add(check)
    session.flush()
    to = session.get(Person, here) if here else None
    delivery.note(session, CHECK, check.id, to=to or Place.COMMS, now=now, rank=delivery.Rank.BULK)


def _answer(session: Session, check_id: int, *, by: Person, now: datetime) -> PostCheck:
    check = open_check(session, check_id, by=by).check
    check.answered_at = now
    session.flush()
    delivery.changed(session, CHECK, check.id, now=now)
    return check
