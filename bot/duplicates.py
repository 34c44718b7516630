"""Pitches that may be one story: shown to the comms team beside a new one."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from bot import likeness
from storage import duplicates as stored
from storage.pitches import Pitch, PitchState

__all__ = ["MOST_SHOWN", "Reason", "Similar", "beside", "similar"]

# Measured with real titles of a city's blog (tests/bot/test_likeness.py): two about one thing are mostly more
# alike than this, two about different things hardly ever. Showing one too many costs a glance.
ALIKE: Final = 0.66
MOST_SHOWN: Final = 3
# So long it is worth knowing that something was proposed before and declined.
REMEMBERED: Final = timedelta(days=365)


class Reason(StrEnum):
    """Why two pitches may be one story."""

    TITLE = "title"
    MEASURE = "measure"


@dataclass(frozen=True)
class Similar:
    """A pitch that may be the same story as another.

    Attributes:
        pitch: which it is.
        score: how alike their titles are, 0 to 1.
        reason: why it may be the same.
        beside_id: the other pitch, beside which it is shown.
    """

    pitch: Pitch
    score: float
    reason: Reason
    beside_id: int

    @property
    def was_declined(self) -> bool:
        """Whether it is only to be known, since nothing can go on with it."""
        return self.pitch.state is PitchState.DECLINED


def beside(session: Session, pitch: Pitch) -> list[int]:
    """Return the undecided pitches on whose cards a pitch may be shown, or was."""
    titles, measures = {}, {}
    for row in stored.undecided(session, but=pitch):
        titles[row.id], measures[row.id] = row.title, row.measure_id
    alike = {number for _score, number in likeness.most_like(pitch.title, titles, at_least=ALIKE)}
    same = {
        number for number, measure in measures.items() if pitch.measure_id and measure == pitch.measure_id
    }
    return sorted(alike | same)


def similar(session: Session, pitch: Pitch, *, limit: int = MOST_SHOWN) -> list[Similar]:
    """Return at most `limit` pitches that may be the same story, the most alike first.

    Those are open, or were declined in the year before this one was proposed. One about the same measure
    counts, whatever it is called, but comes after those that are called alike.
    """
    rows = stored.comparable(session, pitch, declined_since=pitch.created_at - REMEMBERED)
    titles = {row.id: row.title for row in rows}
    alike = {number: score for score, number in likeness.most_like(pitch.title, titles, at_least=ALIKE)}
    same = [row.id for row in reversed(rows) if pitch.measure_id and row.measure_id == pitch.measure_id]
    found = [
        *((number, score, Reason.TITLE) for number, score in alike.items()),
        *((number, 0.0, Reason.MEASURE) for number in same if number not in alike),
    ][:limit]
    pitches = stored.of_ids(session, [number for number, _score, _reason in found])
    return [Similar(pitches[number], score, reason, pitch.id or 0) for number, score, reason in found]
