"""A workspace, a store and the workers between them: how they are killed, and what must be true at the end."""

import asyncio
import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, SQLModel, col, or_, select

from bot import decisions, delivery, people, pitches, posts
from bot.delivery import Delivery, DeliveryState, Place
from bot.people import Role
from bot.sending import LET_BY
from bot.settings import Settings
from handlers.chat.manifest import manifest
from handlers.chat.messages import Moment, render
from sandbox import BOT_USER_ID, Channel, Member, Sandbox, Seed
from sandbox.client import visible_text
from sandbox.client.reading import texts
from sandbox.state.records import Change, Message
from storage.lanes import Lane
from storage.posts import Post
from storage.store import Store
from tests.crash.plans import CHANNELS, FAULTS, Deed, Gate, Round
from tests.crash.processes import Nursery, Worker
from tests.crash.worker import Death, Order

ANN, RED = "U0ANN", "U0RED"
NEWS, COMMS = CHANNELS
USED = ("lane", "pace", "delivery", "post", "pitch_question", "pitch", "place")
# Longer than a lease, the longest delay and Slack's longest patience.
NEXT_ROUND_S = 700
LOOK_S = 0.005
ROUND_S = 15
STALLED_S = 0.25


@dataclass
class Town:
    """One example's workspace and store; `ahead` is how far the clocks have been moved on."""

    sandbox: Sandbox
    store: Store
    nursery: Nursery
    ahead: float = 0.0
    kills: int = 0
    # Messages that went wrong so often that others may have passed them.
    passed: set[int] = field(default_factory=set)
    running: list[Worker] = field(default_factory=list)
    # How often something was said in the workspace.
    changes: int = 0

    def __post_init__(self) -> None:
        self.sandbox.workspace.listen(self._count)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    async def live_through(self, plan: Round, *, workers: int) -> None:
        """Let a round's deeds be done and its workers work and die; then much time passes."""
        self.do(plan.before)
        for name, method in plan.faults:
            FAULTS[name](self.sandbox.faults, method)
        if isinstance(plan.end, Gate):
            await self._power_cut(plan.end, plan, workers=workers)
        else:
            for death in plan.end[:workers]:
                self._start(death)
            self.do(plan.meanwhile)
            # Each of them may die by itself; the others go on meanwhile.
            await self._until(self._is_quiet, patience=STALLED_S)
            self.kills += sum(not worker.is_running for worker in self.running)
        await self._end_all()
        self._pass_time()

    async def finish(self, *, workers: int) -> None:
        """Let healthy workers do all that is left, while nothing goes wrong any more."""
        self.sandbox.faults.clear()
        for _ in range(workers):
            self._start()
        await self._until(lambda: not self._is_waiting(ever=True))
        await self._end_all()

    def do(self, deeds: tuple[Deed, ...]) -> None:
        for deed in deeds:
            self.store.do(act, deed, now=self.now)

    async def end(self) -> None:
        for worker in self.running:
            worker.kill()
            await worker.ended()

    def _count(self, _: Change) -> None:
        self.changes += 1

    def _start(self, death: Death | None = None) -> None:
        order = Order(self.sandbox.api_url, self.sandbox.bot_token, self.ahead, death)
        self.running.append(self.nursery.start(order))

    async def _power_cut(self, gate: Gate, plan: Round, *, workers: int) -> None:
        if gate.count > 1:
            self.sandbox.faults.slow(gate.method, 0, times=gate.count - 1)
        with self.sandbox.faults.held(gate.method, is_done=gate.is_done) as held:
            for _ in range(workers):
                self._start()
            waits = asyncio.create_task(held.reached())
            await self._until(lambda: waits.done() or self._is_quiet(), patience=STALLED_S)
            waits.cancel()
            self.do(plan.meanwhile)
            for worker in self.running[: plan.killed]:
                worker.kill()
                await worker.ended()
                self.kills += 1
            if gate.is_late:
                held.open()
            else:
                held.turn_away()

    async def _end_all(self) -> None:
        """Whoever still lives lets arrive what is on its way."""
        self.sandbox.faults.clear()
        for worker in self.running:
            worker.stop()
        for worker in self.running:
            await worker.ended()
        self.running.clear()

    def _pass_time(self) -> None:
        self.passed |= set(self.store.ask(stuck))
        self.ahead += NEXT_ROUND_S
        self.sandbox.clock.advance(NEXT_ROUND_S)

    def _is_quiet(self) -> bool:
        return any(not worker.is_running for worker in self.running) or not self._is_waiting()

    def _is_waiting(self, *, ever: bool = False) -> bool:
        return self.store.ask(is_waiting, now=None if ever else self.now)

    async def _until(self, is_so: Callable[[], bool], *, patience: float | None = None) -> None:
        """Wait until something is so, or until nothing has been said for a while (of `patience` seconds)."""
        loop = asyncio.get_running_loop()
        said, said_at = self.changes, loop.time()
        async with asyncio.timeout(ROUND_S):
            while not is_so():
                if self.changes != said:
                    said, said_at = self.changes, loop.time()
                elif patience is not None and loop.time() - said_at > patience:
                    # A reply never came, or Slack wants patience: that ends with the round.
                    return
                await asyncio.sleep(LOOK_S)


def act(session: Session, deed: Deed, *, now: datetime) -> None:
    """Do what someone does, as far as there is something to do it to."""
    ann, red = (people.by_chat_id(session, chat_id) for chat_id in (ANN, RED))
    assert ann
    assert red
    if deed.what == "pitch":
        count = len(session.exec(select(pitches.Pitch.id)).all())
        pitches.submit(session, pitches.Idea(title=f"Idee <{count}>"), pitcher=ann, now=now)
    elif deed.what == "post":
        count = len(session.exec(select(Post.id)).all())
        post = Post(title=f"Beitrag <{count}>", first_seen_at=now, changed_at=now, origin="test")
        session.add(post)
        session.flush()
        for channel in deed.channels:
            delivery.note(session, posts.CARD, post.id, to=channel, now=now, rank=deed.rank)
    elif deed.what in {"retitle", "cancel"}:
        _change_a_post(session, deed, now=now)
    else:
        _decide_a_pitch(session, deed, ann, red, now=now)


def _change_a_post(session: Session, deed: Deed, *, now: datetime) -> None:
    found = session.exec(select(Post).order_by(col(Post.id).desc()).offset(deed.number % 4).limit(1)).first()
    if found and deed.what == "cancel":
        delivery.cancel(session, posts.CARD, found.id or 0, reason="withdrawn")
    elif found:
        found.teaser += "!"
        session.flush()
        delivery.changed(session, posts.CARD, found.id, now=now)


def _decide_a_pitch(
    session: Session, deed: Deed, ann: people.Person, red: people.Person, *, now: datetime
) -> None:
    asked = session.exec(
        select(pitches.PitchQuestion)
        .join(pitches.Pitch)
        .where(col(pitches.Pitch.decided_at).is_(None))
        .limit(1)
    ).first()
    open_ones = session.exec(select(pitches.Pitch).where(col(pitches.Pitch.decided_at).is_(None))).all()
    if deed.what == "reply" and asked:
        decisions.reply(session, asked.id or 0, words="Ja!", pitcher=ann, now=now)
    elif open_ones and deed.what != "reply":
        pitch_id = open_ones[deed.number % len(open_ones)].id or 0
        if deed.what == "accept":
            decisions.accept(session, pitch_id, by=red, now=now)
        elif deed.what == "decline":
            decisions.decline(session, pitch_id, words="Leider nicht", by=red, now=now)
        else:
            decisions.ask(session, pitch_id, words="Wann?", by=red, now=now)


def stuck(session: Session) -> list[int]:
    """Messages that were tried so often that others may pass them."""
    return [one for one in session.exec(select(Delivery.id).where(Delivery.tries >= LET_BY)) if one]


def is_waiting(session: Session, *, now: datetime | None) -> bool:
    """Whether something is on its way or can go; without a moment: whether anything ever will."""
    ready = col(Lane.ready_at) <= now if now else col(Lane.ready_at).is_not(None)
    found = select(Lane.target).where(or_(ready, col(Lane.is_held).is_(True))).limit(1)
    return session.exec(found).first() is not None


def seed() -> Seed:
    everyone = (ANN, RED, BOT_USER_ID)
    return Seed(
        team="Teststadt",
        domain="teststadt",
        members=(Member(ANN, "ann", "Ann Beispiel"), Member(RED, "red", "Redaktion")),
        channels=(Channel(NEWS, "neues", members=everyone), Channel(COMMS, "redaktion", members=everyone)),
        manifest=manifest(),
    )


def fill(session: Session, now: datetime) -> None:
    for chat_id, roles in ((ANN, ()), (RED, (Role.COMMS,))):
        person = people.greet(session, chat_id=chat_id, name=chat_id, locale="de-DE", now=now, source="test")
        for role in roles:
            people.set_role(session, person, role)
    delivery.name_places(session, {Place.COMMS: COMMS})


def empty(session: Session) -> None:
    for name in USED:
        session.execute(SQLModel.metadata.tables[name].delete())


@asynccontextmanager
async def a_town(nursery: Nursery) -> AsyncIterator[Town]:
    """Open a workspace and the workers' store, with their people and nothing else in them."""
    store = Store(nursery.address)
    store.do(empty)
    sandbox = await Sandbox.start(seed(), pace=False)
    town = Town(sandbox, store, nursery)
    store.do(fill, town.now)
    try:
        yield town
    finally:
        await town.end()
        await sandbox.stop()
        store.close()


def copied(file: Path, folder: Path) -> str:
    """Copy a migrated SQLite store and return the copy's address."""
    copy = folder / "store.sqlite"
    shutil.copy(file, copy)
    return f"sqlite:///{copy}"


# What must be true at the end


def check(town: Town) -> None:
    """Compare the workspace with the store, message by message."""
    rows = town.store.ask(delivery.listed, state=None, limit=10_000)[::-1]
    messages = said(town.sandbox)
    by_key: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        assert message.metadata
        by_key[message.metadata["event_payload"]["key"]].append(message)
    assert set(by_key) <= {row.key for row in rows}
    moment = Moment(Settings(), town.now)
    for row in rows:
        found = by_key[row.key]
        if row.state is DeliveryState.SENT:
            assert [(one.channel_id, one.ts) for one in found] == [(row.channel_id, row.ts)], row
            shown = town.store.ask(render, row, moment)
            assert shown is None or shown.as_slack()["text"] == found[0].text, row
            assert shown is None or texts(shown.as_slack()["blocks"]) == texts(found[0].blocks), row
        else:
            assert row.state is DeliveryState.CANCELLED, row
            # What was in doubt when it was withdrawn may be there.
            assert len(found) <= row.in_doubt, row
    check_news(town, rows)
    check_order(rows, by_key, town.passed)


def check_news(town: Town, rows: list[Delivery]) -> None:
    """Each post that was not withdrawn is told once in each of its channels, by itself or in an overview."""
    wanted = Counter(
        (row.target, row.subject_id) for row in rows if row.kind == posts.CARD and row.reason != "withdrawn"
    )
    titles = {
        post.id: post.title for post in town.store.ask(lambda session: session.exec(select(Post)).all())
    }
    shown = {channel: [visible_text(one) for one in said(town.sandbox, channel)] for channel in CHANNELS}
    for (channel, post_id), count in wanted.items():
        title = titles[post_id]
        assert sum(title in text for text in shown[channel]) == count == 1, (channel, title, shown[channel])


def check_order(rows: list[Delivery], by_key: dict[str, list[Message]], passed: set[int]) -> None:
    """Messages of one target and rank stand in the order in which they were noted."""
    lanes: dict[tuple[str, int], list[Delivery]] = defaultdict(list)
    for row in rows:
        if by_key[row.key] and row.kind != "overview" and row.id not in passed:
            lanes[row.target, row.rank].append(row)
    for lane in lanes.values():
        stamps = [by_key[row.key][0].ts for row in lane]
        assert stamps == sorted(stamps), [(row.key, row.wanted_at) for row in lane]


def said(sandbox: Sandbox, channel: str | None = None) -> list[Message]:
    """Everything that the assistant has said."""
    places = sandbox.workspace.conversations_of(BOT_USER_ID)
    messages = [one for place in places for one in sandbox.workspace.history(place.id)]
    return [one for one in messages if one.author_id == BOT_USER_ID and channel in {None, one.channel_id}]
