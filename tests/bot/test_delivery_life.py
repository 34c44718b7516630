"""Any order of deeds, crashes and lost replies: each message is in its channel once, with its last words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import Session, SQLModel, col, create_engine, select

from bot import delivery, pace, retries, sending
from bot.delivery import Delivery, DeliveryState, Rank, Taken
from bot.sending import LEASE, LET_BY, OVERVIEW, TRIES
from storage.pace import Pace
from storage.store import Store
from tests.made import NOW

CHANNELS = ("C1", "C2")
STATES_TO_POST = (DeliveryState.DUE, DeliveryState.SENDING)
PACES = {pace.POST: 60.0, pace.EDIT: 30.0}
LATER = timedelta(seconds=5)


@dataclass
class Held:
    """What one of the workers took, until when it is theirs, and the words it is about to send."""

    row: Taken
    until: datetime
    words: int
    is_in_chat: bool = False

    @property
    def lane(self) -> tuple[str, bool]:
        return self.row.target, self.is_edit

    @property
    def is_edit(self) -> bool:
        return self.row.state is DeliveryState.SENT


class Life(RuleBasedStateMachine):
    """Workers that may lose a reply, die or come back late, and a chat that keeps what it got."""

    def __init__(self) -> None:
        super().__init__()
        engine = create_engine("sqlite://")
        names = ("department", "person", "delivery", "lane", "pace", "place")
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in names])
        self.engine = engine
        self.session = Session(engine, expire_on_commit=False)
        self.now = NOW
        # What is true of each subject, and the words of each message in the chat, by its key.
        self.truth: dict[int, int] = {}
        self.chat: dict[str, list[int]] = {}
        self.held: list[Held] = []
        self.late: list[Held] = []
        # Messages that others may pass: they went wrong often, or were given up and tried again.
        self.passed: set[int | None] = set()
        # Messages that could not be changed: they show the words of before.
        self.unshown: set[int] = set()
        self.closed_until = dict.fromkeys(PACES, NOW)
        # How many calls of each method may have begun by now at most.
        self.most = dict.fromkeys(PACES, pace.BURST + pace.OVERDRAFT)
        self.calls = dict.fromkeys(PACES, 0)

    @rule(channels=st.sets(st.sampled_from(CHANNELS), min_size=1), rank=st.sampled_from(Rank))
    def note(self, channels: set[str], rank: Rank) -> None:
        subject = len(self.truth) + 1
        self.truth[subject] = 0
        for channel in sorted(channels):
            delivery.note(self.session, "card", subject, to=channel, now=self.now, rank=rank)
        self.session.commit()

    @rule(count=st.integers(6, 8))
    def much_news(self, count: int) -> None:
        for _ in range(count):
            subject = len(self.truth) + 1
            self.truth[subject] = 0
            delivery.note(self.session, "news", subject, to="C1", now=self.now)
        self.session.commit()

    @precondition(lambda self: self.truth)
    @rule(back=st.integers(0, 1))
    def change(self, back: int) -> None:
        subject = max(len(self.truth) - back, 1)
        self.truth[subject] += 1
        self._tick(timedelta(milliseconds=1))
        for kind in ("card", "news"):
            delivery.changed(self.session, kind, subject, now=self.now)
        self.session.commit()

    @precondition(lambda self: self.truth)
    @rule(back=st.integers(0, 3))
    def withdraw(self, back: int) -> None:
        delivery.cancel(self.session, "card", max(len(self.truth) - back, 1), reason="withdrawn")
        self.session.commit()

    @rule(seconds=st.sampled_from([1, 20, 61]))
    def wait(self, seconds: int) -> None:
        self._tick(timedelta(seconds=seconds))
        # Whoever held something for longer than its lease is given up on.
        self.late += [one for one in self.held if one.until <= self.now]
        self.held = [one for one in self.held if one.until > self.now]

    @rule(slots=st.sampled_from([1, 2, 20]))
    def take(self, slots: int) -> None:
        taken = sending.take(self.session, now=self.now, slots=slots, start=PACES, fold=("news",))
        self._check_order(taken)
        self.session.commit()
        mine = [self._held(row) for row in taken]
        lanes = [one.lane for one in (*self.held, *mine)]
        assert len(set(lanes)) == len(lanes), "one lane in two hands"
        for one in mine:
            method = pace.EDIT if one.is_edit else pace.POST
            assert self.now >= self.closed_until[method], "Slack wanted patience"
            self.calls[method] += 1
        self.session.expunge_all()
        self.held += mine

    @precondition(lambda self: self.held)
    @rule(
        outcome=st.sampled_from(["told", "told", "lost", "refused", "bug", "gone", "too fast", "dies"]),
        number=st.integers(0, 5),
    )
    def work(self, outcome: str, number: int) -> None:
        one = self.held.pop(number % len(self.held))
        delivery_id = one.row.id
        if outcome in {"told", "lost", "dies"}:
            self._send(one)
        if outcome == "told":
            self._note_sent(one)
        elif outcome == "dies":
            self.late.append(one)
        elif outcome == "gone" and one.is_edit:
            self.unshown.add(delivery_id)
            sending.edited(
                self.session, delivery_id, asked_at=one.row.edit_due_at, reason=outcome, now=self.now
            )
        elif outcome == "gone":
            self.passed.add(delivery_id)
            sending.failed(self.session, delivery_id, reason=outcome, now=self.now)
        elif outcome == "too fast":
            method = pace.EDIT if one.is_edit else pace.POST
            self.closed_until[method] = max(self.closed_until[method], self.now + LATER)
            sending.slowed(self.session, delivery_id, retry_after=LATER, reason=outcome, now=self.now)
        else:
            is_ours = outcome == "bug"
            if is_ours or one.row.tries >= LET_BY:
                self.passed.add(delivery_id)
            sending.unclear(
                self.session, delivery_id, delay=LATER, reason=outcome, is_ours=is_ours, now=self.now
            )
        self.session.commit()

    @precondition(lambda self: any(one.until <= self.now for one in self.late))
    @rule()
    def somebody_comes_back_after_the_lease(self) -> None:
        one = next(one for one in self.late if one.until <= self.now)
        self.late.remove(one)
        delivery_id = one.row.id
        if one.is_in_chat and not one.is_edit:
            self._note_sent(one)
            # That is believed and the lane goes on; whoever took the message over can only find it there.
            self.late += [other for other in self.held if other.row.id == delivery_id]
            self.held = [other for other in self.held if other.row.id != delivery_id]
        else:
            values = {"delay": LATER, "reason": "late", TRIES: one.row.tries, "now": self.now}
            sending.record(self.session, [(sending.unclear, delivery_id, values)])
        self.session.commit()

    @rule()
    def somebody_retries(self) -> None:
        failed = delivery.listed(self.session, state=DeliveryState.FAILED, limit=1000)
        self.passed |= {row.id for row in failed}
        retries.retry(self.session, now=self.now)
        self.session.commit()

    @invariant()
    def no_message_is_there_twice(self) -> None:
        assert all(len(messages) == 1 for messages in self.chat.values())

    @invariant()
    def slack_is_not_called_faster_than_agreed(self) -> None:
        assert all(self.calls[method] <= self.most[method] for method in PACES)

    def teardown(self) -> None:
        """Let a worker that loses nothing finish: everything is said, with its last words."""
        self._tick(timedelta(days=1))
        retries.retry(self.session, now=self.now)
        while next_at := sending.next_at(self.session, now=self.now, start=PACES):
            self.now = max(self.now, next_at)
            for row in sending.take(self.session, now=self.now, start=PACES, fold=("news",)):
                one = self._held(row)
                self._send(one)
                self._note_sent(one)
            self.session.commit()
        rows = {row.id: row for row in delivery.listed(self.session, state=None, limit=10_000)}
        self.session.close()
        self.engine.dispose()
        for known in rows.values():
            self._check_last_words(known, rows)

    def _tick(self, delta: timedelta) -> None:
        for method, at_first in PACES.items():
            known = self.session.get(Pace, method)
            per_minute = max(known.per_minute if known else 0.0, at_first) * pace.FASTER_BY
            self.most[method] += per_minute * (delta / timedelta(minutes=1))
        self.now += delta

    def _held(self, row: Taken) -> Held:
        # An overview tells of many; what it says is not looked at.
        return Held(row, self.now + LEASE, self.truth.get(row.subject_id, 0))

    def _send(self, one: Held) -> None:
        messages = self.chat.setdefault(one.row.key, [])
        if one.is_edit:
            messages[:] = [one.words]
        elif not (one.row.in_doubt and messages):
            messages.append(one.words)
        one.is_in_chat = True

    def _note_sent(self, one: Held) -> None:
        row = one.row
        if one.is_edit:
            self.unshown.discard(row.id)
            sending.edited(self.session, row.id, asked_at=row.edit_due_at, reason=None, now=self.now)
        else:
            sending.sent(self.session, row.id, channel_id=row.target, ts="1.0", now=self.now)

    def _check_order(self, taken: list[Taken]) -> None:
        """What is posted first of one target and rank is what was noted first."""
        for row in taken:
            if row.state is DeliveryState.SENDING and row.kind != OVERVIEW and row.id not in self.passed:
                before = select(Delivery.id).where(
                    Delivery.target == row.target,
                    Delivery.rank == row.rank,
                    col(Delivery.state).in_(STATES_TO_POST),
                    Delivery.kind != OVERVIEW,
                    col(Delivery.id) < row.id,
                )
                assert set(self.session.exec(before)) <= self.passed

    def _check_last_words(self, row: Delivery, rows: dict[int | None, Delivery]) -> None:
        if row.state is DeliveryState.CANCELLED:
            assert len(self.chat.get(row.key, [])) <= row.in_doubt
            assert row.overview_id is None or rows[row.overview_id].state is DeliveryState.SENT
        else:
            assert row.state is DeliveryState.SENT
            words = self.chat[row.key]
            assert len(words) == 1
            # Of an overview only that it is there: it tells of many.
            if row.kind != OVERVIEW and row.id not in self.unshown:
                assert words == [self.truth[row.subject_id]]


TestLife = Life.TestCase
# Without shrinking, which would take minutes: the steps that went wrong are printed as they were.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TestLife.settings = settings(deadline=None, max_examples=60, stateful_step_count=50, phases=PHASES)


def test_whoever_takes_the_pace_of_all_together_is_kept(store: Store):
    def crowd(session: Session) -> None:
        for number in range(100):
            rank = Rank.URGENT if number % 2 else Rank.NORMAL
            delivery.note(session, "card", number, to=f"C{number}", now=NOW, rank=rank)

    store.do(crowd)
    taken = [len(store.do(sending.take, now=NOW, start=PACES)) for _ in range(5)]
    second_later = [
        len(store.do(sending.take, now=NOW + timedelta(seconds=1), start=PACES)) for _ in range(5)
    ]

    # So much at once, and what is urgent on credit; then as much as came anew within the second.
    assert sum(taken) == pace.BURST + pace.OVERDRAFT
    assert sum(second_later) == PACES[pace.POST] / 60
