"""Pitches: stories that colleagues propose, what became of them, and what was said about them."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns


class PitchState(StrEnum):
    """Where a pitch stands.

    DRAFT: not sent yet. QUESTION: the newsroom asked its pitcher something. SHELF: good, but without a date.
    ASKED: someone is asked to be its author. READY: written, without a date. PLANNED: ready, with a date.
    """

    DRAFT = "draft"
    NEW = "new"
    QUESTION = "question"
    SHELF = "shelf"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MERGED = "merged"
    ASKED = "asked"
    IN_WORK = "in_work"
    READY = "ready"
    PLANNED = "planned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PitchKind(StrEnum):
    """What a pitch is to become."""

    STORY = "story"
    PORTRAIT = "portrait"
    GUEST_POST = "guest_post"
    SERIES = "series"


class PitchRole(StrEnum):
    """As what someone made a step in the life of a pitch; CLOCK: nobody did."""

    PITCHER = "pitcher"
    AUTHOR = "author"
    COMMS = "comms"
    CLOCK = "clock"


class Pitch(SQLModel, table=True):
    """One idea for a story.

    Attributes:
        permalink: the message in the chat that it was made of.
        pitcher_id: whose idea it is.
        contact_id: who can tell the story, if it is someone else.
        author_id: who writes it, or is asked to.
        series: the hashtag that it is to belong to, with its mark; empty when it is none.
        guest: an author from outside the city, as they are named.
        topics: words, separated by spaces, as those of posts.
        timely_on: the day by which it is to appear, or around which it is news.
        planned_on: the day on which it is to appear; None when that is open.
        post_id: the post that it became.
        merged_into_id: the pitch that goes on with it.
        told_at: when its pitcher was last told how it stands, or will be.
    """

    __table_args__ = (
        Index("ix_pitch_planned_on", "planned_on", "id"),
        Index("ix_pitch_department_id", "department_id", "created_at"),
        Index("ix_pitch_state_created_at", "state", "created_at"),
        # A draft's number, once thrown away, is never given to another: forms and messages still name it.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str
    story: str = ""
    permalink: str | None = None
    department_id: int | None = Field(default=None, foreign_key="department.id")
    pitcher_id: int = Field(foreign_key="person.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="person.id")
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    kind: PitchKind = Field(default=PitchKind.STORY, sa_type=columns.choice(PitchKind))
    series: str = ""
    guest: str = ""
    topics: str = ""
    timely_on: date | None = None
    has_picture: bool = False
    measure_id: int | None = Field(default=None, foreign_key="measure.id", index=True)
    event_id: int | None = Field(default=None, foreign_key="calendar_event.id")
    state: PitchState = Field(default=PitchState.NEW, sa_type=columns.choice(PitchState), index=True)
    decision_words: str = ""
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    planned_on: date | None = None
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    merged_into_id: int | None = Field(default=None, foreign_key="pitch.id", index=True)
    created_at: datetime
    told_at: datetime | None = None


class PitchStep(SQLModel, table=True):
    """One step in the life of a pitch: kept for ever, with the reason that was given."""

    __tablename__ = "pitch_step"
    __table_args__ = (Index("ix_pitch_step_state_at", "state", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", index=True, ondelete="CASCADE")
    state: PitchState = Field(sa_type=columns.choice(PitchState))
    role: PitchRole = Field(sa_type=columns.choice(PitchRole))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = ""
    at: datetime


class PitchQuestion(SQLModel, table=True):
    """Something the newsroom asked the pitcher, and the reply."""

    __tablename__ = "pitch_question"

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", index=True, ondelete="CASCADE")
    question: str
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime
    reply: str = ""
    replied_at: datetime | None = None


class PitchRemark(SQLModel, table=True):
    """What someone said about a pitch in a thread: it is passed on to the other side."""

    __tablename__ = "pitch_remark"
    __table_args__ = (UniqueConstraint("channel_id", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", index=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id")
    role: PitchRole = Field(sa_type=columns.choice(PitchRole))
    words: str
    channel_id: str
    ts: str
    said_at: datetime


# Decided or not, nothing is to be done with these any more.
ENDED = (PitchState.DECLINED, PitchState.MERGED, PitchState.PUBLISHED, PitchState.WITHDRAWN)
UNDECIDED = (PitchState.NEW, PitchState.QUESTION)


def steps(session: Session, pitch_id: int) -> list[PitchStep]:
    """Return the life of a pitch so far, in order."""
    query = select(PitchStep).where(PitchStep.pitch_id == pitch_id)
    return list(session.exec(query.order_by(col(PitchStep.id))))


def questions(session: Session, pitch_id: int) -> list[PitchQuestion]:
    """Return what was asked about a pitch, in order."""
    query = select(PitchQuestion).where(PitchQuestion.pitch_id == pitch_id)
    return list(session.exec(query.order_by(col(PitchQuestion.id))))


def remark_at(session: Session, channel_id: str, ts: str) -> PitchRemark | None:
    """Return what was said about a pitch in this message."""
    query = select(PitchRemark).where(PitchRemark.channel_id == channel_id, PitchRemark.ts == ts)
    return session.exec(query).first()


def merged_into(session: Session, pitch_id: int) -> list[Pitch]:
    """Return the pitches that go on with one, in the order they came in."""
    query = select(Pitch).where(Pitch.merged_into_id == pitch_id)
    return list(session.exec(query.order_by(col(Pitch.created_at), col(Pitch.id))))


def all_merged_into(session: Session, pitch_id: int) -> list[Pitch]:
    """Return the pitches that go on with one, also by way of another, nearest first."""
    found = merged_into(session, pitch_id)
    # What was merged can be no goal any more: so there is never a ring.
    for one in found:
        found += merged_into(session, one.id or 0)
    return found


def goals(session: Session, words: str, *, without: int, limit: int) -> list[Pitch]:
    """Return at most `limit` pitches that another one can be merged into, newest first.

    Args:
        session: the transaction.
        words: what stands in their titles; empty for all of them.
        without: the pitch that is to be merged.
        limit: how many at most.
    """
    query = select(Pitch).where(
        col(Pitch.state).not_in([PitchState.DRAFT, *ENDED]),
        col(Pitch.id) != without,
        col(Pitch.title).icontains(words, autoescape=True),
    )
    return list(session.exec(query.order_by(col(Pitch.created_at).desc(), col(Pitch.id).desc()).limit(limit)))


def undecided(session: Session, *, limit: int) -> list[Pitch]:
    """Return at most `limit` pitches nobody has decided on, longest waiting first."""
    query = (
        select(Pitch)
        .where(col(Pitch.state).in_(UNDECIDED))
        .order_by(col(Pitch.created_at), col(Pitch.id))
        .limit(limit)
    )
    return list(session.exec(query))


def by_pitcher(
    session: Session,
    pitcher_id: int,
    *,
    limit: int,
    offset: int = 0,
    without: Collection[PitchState] = (),
) -> list[Pitch]:
    """Return at most `limit` pitches of one pitcher, newest first, drafts left out."""
    query = select(Pitch).where(
        Pitch.pitcher_id == pitcher_id, col(Pitch.state).not_in([PitchState.DRAFT, *without])
    )
    query = query.order_by(col(Pitch.created_at).desc(), col(Pitch.id).desc())
    return list(session.exec(query.offset(offset).limit(limit)))


def drafts(session: Session, pitcher_id: int, *, limit: int) -> list[Pitch]:
    """Return at most `limit` drafts of one pitcher, newest first."""
    query = select(Pitch).where(Pitch.pitcher_id == pitcher_id, Pitch.state == PitchState.DRAFT)
    return list(session.exec(query.order_by(col(Pitch.created_at).desc(), col(Pitch.id).desc()).limit(limit)))
