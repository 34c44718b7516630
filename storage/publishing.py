"""Posts that may be what a pitch became, and whether they are still true after a while."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage import columns


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
