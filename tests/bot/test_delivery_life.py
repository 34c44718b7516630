"""Any order of deeds, crashes and lost replies: each message is in its channel once, with its last words."""

from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import Session, SQLModel, create_engine

from bot import delivery
from bot.delivery import Delivery, DeliveryState
from tests.made import NOW

CHANNELS = ("C1", "C2")


class Life(RuleBasedStateMachine):
    """A worker that may lose a reply or die at any moment, and a chat that keeps what it got."""

    def __init__(self) -> None:
        super().__init__()
        engine = create_engine("sqlite://")
        names = ("department", "person", "delivery", "place")
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in names])
        self.engine = engine
        self.session = Session(engine, expire_on_commit=False)
        self.now = NOW
        # What is true of each subject, and the words of each message in the chat, by its key.
        self.truth: dict[int, int] = {}
        self.chat: dict[str, list[int]] = {}
        # What a worker holds, and the words it is about to send.
        self.held: list[tuple[Delivery, int]] = []

    @rule(channels=st.sets(st.sampled_from(CHANNELS), min_size=1))
    def note(self, channels: set[str]) -> None:
        subject = len(self.truth) + 1
        self.truth[subject] = 0
        for channel in sorted(channels):
            delivery.note(self.session, "card", subject, to=channel, now=self.now)
        self.session.commit()

    @precondition(lambda self: self.truth)
    @rule(back=st.integers(0, 1))
    def change(self, back: int) -> None:
        subject = max(len(self.truth) - back, 1)
        self.truth[subject] += 1
        self.now += timedelta(milliseconds=1)
        delivery.changed(self.session, "card", subject, now=self.now)
        self.session.commit()

    @rule(seconds=st.sampled_from([1, 20, 61]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        # Whoever held something for longer than its lease is given up on.
        self.held = [
            (row, words) for row, words in self.held if row.lease_until and row.lease_until > self.now
        ]

    @rule()
    def take(self) -> None:
        taken = delivery.take(self.session, now=self.now)
        self.session.commit()
        for row in taken:
            self.session.expunge(row)
        assert len({row.target for row in taken}) == len(taken)
        assert not {row.id for row in taken} & {row.id for row, _ in self.held}
        self.held += [(row, self.truth[row.subject_id]) for row in taken]

    @precondition(lambda self: self.held)
    @rule(outcome=st.sampled_from(["told", "lost", "refused", "too fast", "dies"]))
    def work(self, outcome: str) -> None:
        row, words = self.held.pop(0)
        assert row.id is not None
        later = {"now": self.now, "delay": timedelta(seconds=5), "reason": outcome}
        if outcome in {"refused", "too fast"}:
            delivery.wait(self.session, row.id, counts=outcome == "refused", **later)  # type: ignore[arg-type]
        else:
            self._send(row, words)
            if outcome == "told":
                self._note_sent(row)
            elif outcome == "lost":
                delivery.unclear(self.session, row.id, **later)  # type: ignore[arg-type]
        self.session.commit()

    @rule()
    def somebody_retries(self) -> None:
        delivery.retry(self.session, now=self.now)
        self.session.commit()

    @invariant()
    def no_message_is_there_twice(self) -> None:
        assert all(len(messages) == 1 for messages in self.chat.values())

    def teardown(self) -> None:
        """Let a worker that loses nothing finish: everything is said, with its last words."""
        self.now += timedelta(days=1)
        delivery.retry(self.session, now=self.now)
        while taken := delivery.take(self.session, now=self.now):
            for row in taken:
                self._send(row, self.truth[row.subject_id])
                self._note_sent(row)
            self.session.commit()
        rows = delivery.listed(self.session, state=None, limit=1000)
        self.session.close()
        self.engine.dispose()
        for row in rows:
            assert row.state is DeliveryState.SENT
            assert self.chat[row.key] == [self.truth[row.subject_id]]

    def _send(self, row: Delivery, words: int) -> None:
        messages = self.chat.setdefault(row.key, [])
        if row.state is DeliveryState.SENT:
            messages[:] = [words]
        elif not (row.in_doubt and messages):
            messages.append(words)

    def _note_sent(self, row: Delivery) -> None:
        assert row.id is not None
        if row.state is DeliveryState.SENT:
            delivery.edited(self.session, row.id, asked_at=row.edit_due_at, reason=None)
        else:
            delivery.sent(self.session, row.id, channel_id=row.target, ts="1.0", now=self.now)


TestLife = Life.TestCase
# Without shrinking, which would take minutes: the steps that went wrong are printed as they were.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TestLife.settings = settings(deadline=None, max_examples=60, stateful_step_count=40, phases=PHASES)
