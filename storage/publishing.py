"""Posts that may be what a pitch became, and whether they are still true after a while."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import UniqueConstraint, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns
from storage.pitches import Pitch, PitchRemark, PitchState, PitchStep
from storage.planning import UNDER_WAY
from storage.posts import Post


class MatchState(StrEnum):
    """Whether a post is what a pitch became: PROPOSED until an editor said so."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class PitchMatch(SQLModel, table=True):
    """A post that looks like what a pitch became; `score` is how alike they are, 0 to 1."""

    __tablename__ = "pitch_match"
    __table_args__ = (UniqueConstraint("pitch_id", "post_id"),)

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", ondelete="CASCADE")
    post_id: int = Field(foreign_key="post.id", index=True)
    score: float
    state: MatchState = Field(default=MatchState.PROPOSED, sa_type=columns.choice(MatchState))
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    found_at: datetime


class PostCheck(SQLModel, table=True):
    """The question whether a published story is still true, so many months after it appeared."""

    __tablename__ = "post_check"
    __table_args__ = (UniqueConstraint("pitch_id", "months"),)

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", ondelete="CASCADE")
    months: int
    person_id: int = Field(foreign_key="person.id")
    asked_at: datetime
    is_true: bool | None = None
    words: str = ""
    answered_at: datetime | None = None


class Awaited(NamedTuple):
    """What of a pitch is compared with a post."""

    id: int
    title: str
    story: str
    permalink: str | None
    planned_on: date | None
    created_at: datetime


def awaited(session: Session) -> list[Awaited]:
    """Return the pitches that were taken on and have not appeared yet, oldest first."""
    return [Awaited._make(row) for row in session.execute(_AWAITED)]


def remarks_with_links(session: Session, pitch_ids: Sequence[int]) -> list[tuple[int, str, datetime]]:
    """Return pitch, words and moment of the remarks about these pitches that may hold a link, in order."""
    query = (
        select(PitchRemark.pitch_id, PitchRemark.words, PitchRemark.said_at)
        .where(col(PitchRemark.pitch_id).in_(pitch_ids), col(PitchRemark.words).contains("/"))
        .order_by(col(PitchRemark.id))
    )
    return list(session.exec(query))


def proposed(
    session: Session, *, post_id: int | None = None, pitch_id: int | None = None
) -> list[PitchMatch]:
    """Return what nobody decided on yet about a post or a pitch, the most alike first."""
    query = select(PitchMatch).where(
        PitchMatch.state == MatchState.PROPOSED,
        or_(col(PitchMatch.post_id) == post_id, col(PitchMatch.pitch_id) == pitch_id),
    )
    return list(session.exec(query.order_by(col(PitchMatch.score).desc(), col(PitchMatch.id))))


def proposed_in_vain(session: Session, *, may_become: Collection[PitchState], limit: int) -> list[PitchMatch]:
    """Return proposals nobody decided on whose pitch can't appear any more, or whose post is gone."""
    query = (
        select(PitchMatch)
        .join(Pitch, col(Pitch.id) == col(PitchMatch.pitch_id))
        .join(Post, col(Post.id) == col(PitchMatch.post_id))
        .where(
            PitchMatch.state == MatchState.PROPOSED,
            or_(col(Pitch.state).not_in(may_become), col(Post.withdrawn_at).is_not(None)),
        )
    )
    return list(session.exec(query.order_by(col(PitchMatch.id)).limit(limit)))


def match_of(session: Session, pitch_id: int, post_id: int) -> PitchMatch | None:
    """Return what is known about a pitch and a post."""
    query = select(PitchMatch).where(PitchMatch.pitch_id == pitch_id, PitchMatch.post_id == post_id)
    return session.exec(query).first()


def recent_posts(session: Session, words: Sequence[str], *, limit: int) -> list[Post]:
    """Return at most `limit` posts with all these words in their titles, newest first, none withdrawn."""
    query = select(Post).where(col(Post.withdrawn_at).is_(None))
    for word in words:
        query = query.where(func.lower(col(Post.title)).contains(word.lower(), autoescape=True))
    newest = (col(Post.published_at).desc().nulls_last(), col(Post.id).desc())
    return list(session.exec(query.order_by(*newest).limit(limit)))


def to_check(session: Session, months: int, *, since: datetime, until: datetime, limit: int) -> list[Pitch]:
    """Return pitches that were published in a time and about which nobody was asked after so many months.

    Those whose posts were withdrawn are left out.
    """
    was_asked = select(PostCheck.id).where(PostCheck.pitch_id == Pitch.id, PostCheck.months == months)
    query = (
        select(Pitch)
        .join(PitchStep, col(PitchStep.pitch_id) == col(Pitch.id))
        .join(Post, col(Post.id) == col(Pitch.post_id))
        .where(
            PitchStep.state == PitchState.PUBLISHED,
            PitchStep.at > since,
            PitchStep.at <= until,
            col(Post.withdrawn_at).is_(None),
            ~was_asked.exists(),
        )
        .order_by(col(Pitch.id))
        .limit(limit)
    )
    return list(session.exec(query))


# Made once: asked with each new post.
_AWAITED: Final = (
    sa_select(
        col(Pitch.id),
        col(Pitch.title),
        col(Pitch.story),
        col(Pitch.permalink),
        col(Pitch.planned_on),
        col(Pitch.created_at),
    )
    .where(col(Pitch.state).in_(UNDER_WAY))
    .order_by(col(Pitch.id))
)
