"""What hypothesis chooses: what people do, what goes wrong in Slack, and when who is killed."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from sandbox.protocol.faults import Faults
from storage.delivery import Rank
from tests.crash.worker import Death

POST, EDIT = "chat.postMessage", "chat.update"
CHANNELS = ("C0NEWS", "C0COMMS")

FAULTS: dict[str, Callable[[Faults, str], None]] = {
    "503": lambda faults, method: faults.fail(method, 503),
    "500 when stored": lambda faults, method: faults.fail(method, 500, is_done=True),
    "dropped": lambda faults, method: faults.drop(method),
    "dropped when stored": lambda faults, method: faults.drop(method, is_done=True),
    "reply lost": lambda faults, method: faults.lose_reply(method),
    "429": lambda faults, method: faults.limit(method, retry_after=0),
    "429 for a while": lambda faults, method: faults.limit(method, retry_after=30),
    "slow": lambda faults, method: faults.slow(method, 0.03),
}
METHODS = (POST, EDIT, "conversations.*", "chat.*")


@dataclass(frozen=True)
class Gate:
    """A power cut while the `count`-th call waits in Slack, before or after its work.

    Attributes:
        is_late: Slack does the work all the same, later than the worker died.
    """

    method: str
    count: int
    is_done: bool
    is_late: bool


@dataclass(frozen=True)
class Deed:
    """Something that someone does; `number` chooses what it is about."""

    what: str
    number: int = 0
    rank: Rank = Rank.NORMAL
    channels: tuple[str, ...] = CHANNELS


@dataclass(frozen=True)
class Round:
    """What is done before the workers start and while one waits at the gate; faults; who dies how."""

    before: tuple[Deed, ...]
    meanwhile: tuple[Deed, ...]
    faults: tuple[tuple[str, str], ...]
    end: Gate | tuple[Death, ...]
    # How many of the workers a power cut hits.
    killed: int


deaths = st.builds(
    Death,
    deed=st.sampled_from(["take", "record"]),
    when=st.sampled_from(["before", "during", "after"]),
    count=st.integers(1, 2),
)
gates = st.builds(
    Gate,
    method=st.sampled_from([POST, POST, EDIT, "conversations.history"]),
    count=st.integers(1, 3),
    is_done=st.booleans(),
    is_late=st.booleans(),
)
pitches = st.builds(Deed, what=st.just("pitch"))
posts = st.builds(
    Deed,
    what=st.just("post"),
    rank=st.sampled_from(Rank),
    channels=st.sampled_from([CHANNELS, *((channel,) for channel in CHANNELS)]),
)
later = st.builds(
    Deed,
    what=st.sampled_from(["retitle", "ask", "reply", "accept", "decline", "cancel"]),
    number=st.integers(0, 20),
)
rounds = st.builds(
    Round,
    before=st.tuples(pitches | posts, posts, later, posts | later),
    meanwhile=st.lists(posts | later, max_size=2).map(tuple),
    faults=st.lists(st.tuples(st.sampled_from(sorted(FAULTS)), st.sampled_from(METHODS)), max_size=2).map(
        tuple
    ),
    end=gates | st.tuples(deaths, deaths, deaths),
    killed=st.integers(1, 3),
)
plans = st.lists(rounds, min_size=5, max_size=7)
