"""What the newsroom's questions cost with ten thousand pitches, beside the same with a hundred.

Both stores are SQLite and have in common what is under way: OPEN pitches that came in these weeks, in equal
parts undecided, accepted and planned for this month. All others came before, one an hour: what is over, and
every second one on the shelf. So a ratio says what the years cost, not what there is to read. The overview
is asked and rendered as it is when it is sent. Duplicates are looked for among all that are open or were
declined within a year: its baseline says among how many.

Few and many are asked in turns; the figure is the median of the rounds' ratios.
"""

import csv
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session

from benchmarks import waiting
from benchmarks.figures import Figure
from benchmarks.processes import ROOT
from benchmarks.workspace import COMMS
from bot import delivery, duplicates, editorial, people
from bot.delivery import Place
from bot.pitches import Pitch, PitchRole, PitchState, PitchStep
from bot.settings import Settings
from handlers.chat.messages import Moment, render
from handlers.run import utc_now
from storage.store import Store

Question = Callable[[Session, datetime], object]

TITLES: Final = ROOT / "handlers" / "demo" / "data" / "posts.csv"
OPEN: Final = 60
UNDER_WAY: Final = (PitchState.NEW, PitchState.ACCEPTED, PitchState.PLANNED)
BEFORE: Final = (PitchState.PUBLISHED, PitchState.SHELF, PitchState.DECLINED, PitchState.SHELF)
DEPARTMENTS: Final = 12
WARM_UP: Final = 2


def measure(folder: Path, *, few: int, many: int, rounds: int) -> list[Figure]:
    """Ask both stores each question so often."""
    now = utc_now()
    with ExitStack() as open_now:
        stores = [
            open_now.enter_context(waiting.opened(f"sqlite:///{folder / f'pitches_{count}.sqlite'}"))
            for count in (few, many)
        ]
        for store, count in zip(stores, (few, many), strict=True):
            store.do(fill, count=count, now=now)
            waiting.ready(store)
        return [
            _growth("digest", _digest, stores, goal=2, few=few, many=many, rounds=rounds, now=now),
            _growth("calendar", _month, stores, goal=2, few=few, many=many, rounds=rounds, now=now),
            _growth("duplicates", _duplicates, stores, goal=None, few=few, many=many, rounds=rounds, now=now),
        ]


def fill(session: Session, *, count: int, now: datetime) -> None:
    """Keep so many pitches, and an overview that is about to be sent."""
    pitcher = people.greet(session, chat_id="U9IDEE", name="Ida", locale="de-DE", now=now)
    houses = [
        people.import_department(session, name=f"Referat {n}", short=None, kind="Referat", source="test").id
        for n in range(DEPARTMENTS)
    ]
    rows = [
        {"title": title, "department_id": house, "pitcher_id": pitcher.id, **standing}
        for title, house, standing in zip(_titles(), cycle(houses), _standings(count, now), strict=False)
    ]
    session.execute(insert(Pitch), rows)
    steps = [
        {"pitch_id": number, "state": row["state"], "role": PitchRole.COMMS, "at": row["created_at"]}
        for number, row in enumerate(rows, start=1)
    ]
    session.execute(insert(PitchStep), steps)
    delivery.name_places(session, {Place.COMMS: COMMS})
    delivery.note(session, "pitch_digest", now.toordinal(), to=Place.COMMS, now=now)


def _standings(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield how each pitch stands: first those that are under way, then those of before."""
    open_now = min(count, OPEN)
    for number, state in enumerate(islice(cycle(UNDER_WAY), open_now)):
        day = now.date() + timedelta(days=number % 14) if state is PitchState.PLANNED else None
        at = now - timedelta(hours=6 * number)
        yield {"state": state, "created_at": at, "decided_at": None, "planned_on": day}
    for number, state in enumerate(islice(cycle(BEFORE), count - open_now), start=1):
        at = now - timedelta(days=21, hours=number)
        day = at.date() if state is PitchState.PUBLISHED else None
        yield {"state": state, "created_at": at, "decided_at": at, "planned_on": day}


def _titles() -> Iterator[str]:
    """Yield titles without end, made of the words of real ones."""
    with TITLES.open(encoding="utf-8") as lines:
        words = " ".join(row["title"] for row in csv.DictReader(lines)).split()
    chosen = random.Random(1)
    while True:
        yield " ".join(chosen.sample(words, 7))


def _digest(session: Session, now: datetime) -> object:
    (row,) = delivery.listed(session, state=None, limit=1)
    return render(session, row, Moment(Settings(), now))


def _month(session: Session, now: datetime) -> object:
    zone = Settings().zone
    return editorial.month(session, now.date(), today=now.astimezone(zone).date(), zone=zone)


def _duplicates(session: Session, _now: datetime) -> object:
    pitch = session.get(Pitch, 1)
    assert pitch is not None
    return duplicates.similar(session, pitch)


def _growth(
    name: str,
    question: Question,
    stores: list[Store],
    *,
    goal: float | None,
    few: int,
    many: int,
    rounds: int,
    now: datetime,
) -> Figure:
    took: list[list[float]] = [[], []]
    for number in range(WARM_UP + rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            found = stores[which].ask(question, now)
            if number >= WARM_UP:
                took[which].append(time.perf_counter() - began)
            assert found is not None
    ratios = [many_s / few_s for few_s, many_s in zip(*took, strict=True)]
    few_ms, many_ms = (median(some) * 1000 for some in took)
    return Figure.of_rounds(
        f"pitches: {name}_growth",
        ratios,
        goal=goal,
        baseline=f"with {few} pitches {few_ms:.1f} ms, with {many} {many_ms:.1f} ms",
    )
