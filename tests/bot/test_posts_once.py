"""Whatever order documents come in, no post is kept or told twice, and none gets lost in another."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlmodel import Session

from bot import subscriptions
from bot.sources import Entry
from bot.subscriptions import POSTS
from storage.store import Store
from tests.bot.test_posts import entry, kept, read, source, told
from tests.templates import copied

SOURCES = ("blog", "portal")
NUMBERS = st.integers(1, 5)


def fill(session: Session) -> None:
    for name in SOURCES:
        source(session, name)
    subscriptions.subscribe(session, POSTS, "C1", now=source(session).created_at)
    for name in SOURCES:
        source_id = source(session, name).id
        subscriptions.subscribe(session, POSTS, "C1", now=source(session).created_at, source_id=source_id)


class Newsroom(RuleBasedStateMachine):
    """Posts that change their signs from time to time, in the documents of two sources."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.store = Store(copied(Path(self.folder.name) / "store.sqlite"))
        self.store.do(fill)
        self.posts = {number: part(number) for number in range(1, 6)}
        self.changes = 0
        # What readers have seen of a post, under any of its signs.
        self.shown: set[int] = set()
        # A source knows a GUID only when it showed it; so that each post has a sign it was shown with.
        self.pending: dict[int, set[str]] = {number: set() for number in self.posts}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(numbers=st.lists(NUMBERS, unique=True), of=st.sampled_from(SOURCES), twice=st.booleans())
    def a_document_is_read(self, numbers: list[int], of: str, *, twice: bool) -> None:
        entries = [self.posts[number] for number in numbers]
        self.store.do(read, *entries, *(entries if twice else ()), of=of)
        self.shown |= set(numbers)
        for number in numbers:
            self.pending[number].clear()

    @rule(number=NUMBERS)
    def a_post_gets_another_title(self, number: int) -> None:
        title = f"Titel {self.changes} von {number}"
        self.change(number, "title", replace(self.posts[number], title=title))

    @rule(number=NUMBERS)
    def a_post_gets_another_address(self, number: int) -> None:
        url = f"https://neu{self.changes}.example/aktuelles#{number}"
        self.change(number, "url", replace(self.posts[number], url=url))

    @rule(number=NUMBERS)
    def a_post_gets_another_guid(self, number: int) -> None:
        self.posts[number] = replace(self.posts[number], guid=f"neu-{self.changes}")
        self.changes += 1

    def change(self, number: int, sign: str, changed: Entry) -> None:
        """Change one sign, unless the other one has changed since the post was last shown."""
        if self.pending[number] - {sign}:
            return
        self.pending[number].add(sign)
        self.posts[number] = changed
        self.changes += 1

    @invariant()
    def each_post_is_there_once_and_told_once(self) -> None:
        assert len(self.store.ask(kept)) == len(self.shown)
        assert sorted(Counter(self.store.ask(told)).values()) == [1] * len(self.shown)


def part(number: int) -> Entry:
    """A post that shares its page with the others."""
    return entry(number, url=f"https://stadt.example/aktuelles#{number}")


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
