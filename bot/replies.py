"""Answers to reader comments: proposed in the chat, put on the portal by hand, noted when they are there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import comments, delivery
from bot.comments import Comment, CommentCard
from bot.people import Person
from storage import comments as stored
from storage.comments import CommentDraft

__all__ = [
    "DRAFT",
    "MAX_DRAFT",
    "AnsweredError",
    "CommentDraft",
    "DraftCard",
    "WordsError",
    "draft",
    "draft_card",
    "mark_answered",
    "open_card",
]

DRAFT: Final = "comment_draft"
MAX_DRAFT: Final = 3000


class WordsError(Exception):
    """A draft is blank or longer than MAX_DRAFT."""


class AnsweredError(Exception):
    """Someone was quicker to say that a comment is answered; `card` says who, and when."""

    def __init__(self, card: CommentCard) -> None:
        super().__init__(card.comment.id)
        self.card = card


@dataclass(frozen=True)
class DraftCard:
    """What someone proposes to answer, and to what."""

    draft: CommentDraft
    card: CommentCard
    by: Person | None = None


def open_card(session: Session, comment_id: int) -> tuple[CommentCard, CommentDraft | None]:
    """Return a comment that someone is about to answer, and what was last proposed.

    Raises:
        AnsweredError: it is answered.
    """
    return _open(session, comment_id), stored.newest_draft(session, comment_id)


def draft(session: Session, comment_id: int, *, words: str, by: Person, now: datetime) -> CommentDraft:
    """Keep what someone proposes to answer, and say it in each thread of the comment.

    Where the comment is told outside a thread, it begins one.

    Raises:
        AnsweredError: it was answered meanwhile.
        WordsError: the words are blank or too long.
    """
    words = words.strip()
    if not 1 <= len(words) <= MAX_DRAFT:
        raise WordsError(len(words))
    _open(session, comment_id)
    proposed = CommentDraft(comment_id=comment_id, words=words, person_id=by.id, created_at=now)
    session.add(proposed)
    session.flush()
    for row in stored.standing(session, comments.TELLING, comment_id):
        delivery.note(
            session,
            DRAFT,
            proposed.id,
            to=comments.reader(session, row),
            now=now,
            thread_ts=comments.thread_of(row),
            rank=delivery.Rank.URGENT,
        )
    return proposed


def draft_card(session: Session, draft_id: int) -> DraftCard | None:
    """Return a draft with the comment it is for."""
    proposed = session.get(CommentDraft, draft_id)
    card = comments.card(session, proposed.comment_id) if proposed else None
    if proposed is None or card is None:
        return None
    return DraftCard(proposed, card, session.get(Person, proposed.person_id) if proposed.person_id else None)


def mark_answered(session: Session, comment_id: int, *, by: Person, now: datetime) -> Comment:
    """Note that a comment was answered on the portal.

    Raises:
        AnsweredError: someone said so before.
    """
    # Of two who press at once the second waits here, and is told of the first.
    session.get(Comment, comment_id, with_for_update=True)
    comment = _open(session, comment_id).comment
    comment.answered_at, comment.answered_by_id = now, by.id
    session.flush()
    comments.show_again(session, comment, now=now)
    return comment


def _open(session: Session, comment_id: int) -> CommentCard:
    card = comments.card(session, comment_id)
    assert card is not None
    if card.comment.answered_at:
        raise AnsweredError(card)
    return card
