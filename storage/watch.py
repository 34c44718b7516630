"""What operators see of lanes, paces and sources."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.lanes import Lane, Work
from storage.pace import Pace
from storage.sources import Source


def lanes_held(session: Session) -> int:
    """Return in how many lanes something is on its way."""
    return session.exec(select(func.count()).select_from(Lane).where(col(Lane.is_held).is_(True))).one()


def paces(session: Session) -> Sequence[Pace]:
    """Return how fast each method may be called."""
    return session.exec(select(Pace).order_by(Pace.method)).all()


def successes(session: Session, *, limit: int) -> list[tuple[int, datetime | None, int]]:
    """Return id, last success and failures since then of at most `limit` sources that are not paused."""
    query = (
        select(Source.id, Source.succeeded_at, Source.failures)
        .where(col(Source.paused_at).is_(None))
        .order_by(col(Source.id))
        .limit(limit)
    )
    return [(found, at, failures) for found, at, failures in session.exec(query) if found is not None]


def ready(session: Session, targets: Collection[str]) -> dict[tuple[str, Work], datetime]:
    """Return when something is to be done next in the lanes to these targets."""
    query = select(Lane.target, Lane.work, Lane.ready_at).where(col(Lane.target).in_(targets))
    return {(target, Work(work)): at for target, work, at in session.exec(query) if at}
