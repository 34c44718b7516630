from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, select

from bot import pitch_life
from bot.pitches import ENDED, Pitch, PitchRole, PitchState, PitchStep
from storage.store import Store
from tests.bot.test_pitches import fill, known, submit
from tests.made import NOW, delivered, send_all

# What was declined can be thought over; what was merged is open again when what it was merged into ends.
FINAL = set(ENDED) - {PitchState.DECLINED, PitchState.MERGED}


def forget_everything(session: Session) -> None:
    for table in ("pitch_step", "delivery", "lane", "pitch", "person_role", "person"):
        session.connection().exec_driver_sql(f"DELETE FROM {table}")


class Life(RuleBasedStateMachine):
    """A pitch that everyone pulls at, with time passing and messages going out in between."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.store.do(forget_everything)
        self.store.do(fill)
        self.pitch_id = self.store.do(submit)
        self.now = NOW
        self.taken = [PitchState.NEW]
        # Whether there is something that the pitcher has not heard yet.
        self.untold = False

    @rule(
        state=st.sampled_from(PitchState),
        role=st.sampled_from(PitchRole),
        reason=st.sampled_from(["", "Weil <es> so ist"]),
    )
    def take_a_step(self, state: PitchState, role: PitchRole, reason: str) -> None:
        def step(session: Session) -> None:
            pitch = session.get(Pitch, self.pitch_id)
            assert pitch is not None
            by = known(session, "RED")
            pitch_life.step(session, pitch, state, role=role, by=by, now=self.now, reason=reason)

        if state in pitch_life.NEXT[self.taken[-1]]:
            self.store.do(step)
            self.taken.append(state)
            self.untold = self.untold or (role is not PitchRole.PITCHER and state not in pitch_life.UNTOLD)
        else:
            with pytest.raises(pitch_life.StateError):
                self.store.do(step)

    @rule(minutes=st.integers(1, 90))
    def let_time_pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def send_what_is_due(self) -> None:
        if any(row.kind == pitch_life.NEWS and not row.ts for row in self.store.do(send_all, self.now)):
            self.untold = False

    @invariant()
    def what_ended_stays_as_it_is(self) -> None:
        assert not FINAL & set(self.taken[:-1])

    @invariant()
    def each_step_is_kept_once(self) -> None:
        query = select(PitchStep.state).where(PitchStep.pitch_id == self.pitch_id).order_by(PitchStep.id)  # type: ignore[arg-type]
        assert self.store.ask(lambda session: list(session.exec(query))) == self.taken

    @invariant()
    def the_pitcher_hears_at_most_once_an_hour(self) -> None:
        due = [row.due_at for row in self.store.ask(delivered).values() if row.kind == pitch_life.NEWS]
        assert all(later - earlier >= pitch_life.APART for earlier, later in pairwise(due))

    @invariant()
    def nothing_is_lost(self) -> None:
        waiting = [
            row
            for row in self.store.ask(delivered).values()
            if row.kind == pitch_life.NEWS and row.state == "due"
        ]
        assert waiting or not self.untold


def test_a_pitch_lives_by_its_rules_whatever_happens_to_it(sqlite_store: Store):
    class LifeHere(Life):
        store = sqlite_store

    run_state_machine_as_test(
        LifeHere,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
