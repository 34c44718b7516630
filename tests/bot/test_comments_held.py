"""What looks like advertising waits for the comms team; the rest is told as ever."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from bot import comments
from bot.comments import DecidedError, Sign
from bot.people import NotAllowedError, Role
from storage.comments import Comment
from storage.store import Store
from tests.bot.test_comments import LATER, entry, kept, read, reading
from tests.bot.test_comments_told import staffed, subscribed
from tests.bot.test_posts import entry as post_entry
from tests.bot.test_posts import read as read_posts
from tests.made import delivered, person, places, send_all

__all__ = ["reading"]

ADVERTISING = "Super! https://billig.example/angebot"
PRAISE = "Vielen Dank für den Beitrag, ich werde ihn allen meinen Freundinnen und Freunden zeigen!"


@pytest.fixture
def concerned(reading: Store) -> Store:
    """A post of a department, in two channels; another channel hears of comments."""
    reading.do(places)
    reading.do(staffed)
    reading.do(subscribed, "C3")
    reading.do(person, "U0RED", Role.COMMS)
    reading.do(person, "U0RON", Role.ADMIN)
    return reading


def told(session: Session) -> list[tuple[str, str]]:
    rows = delivered(session).values()
    return [(row.kind, row.target) for row in rows if row.kind.startswith("comment_")]


def show(session: Session, by: str) -> None:
    comments.show(session, 1, by=person(session, by), now=LATER)


def discard(session: Session, by: str) -> None:
    comments.discard(session, 1, by=person(session, by), now=LATER)


def only(store: Store) -> Comment:
    (found,) = store.ask(kept)
    return found


HELD = [(comments.HELD, "C0COMMS")]
TOLD = [
    (comments.CARD, "C1"),
    (comments.CARD, "C2"),
    (comments.FOR_DEPARTMENT, "U0LEA"),
    (comments.NEWS, "C3"),
]


def test_a_held_comment_is_shown_to_the_comms_team_alone_and_once(concerned: Store):
    concerned.do(read, entry(teaser=ADVERTISING))
    concerned.do(comments.tell_waiting, now=LATER)

    assert concerned.ask(told) == HELD
    assert only(concerned).held_reason == Sign.LINK_ONLY


def test_what_is_let_through_is_told_as_any_other(concerned: Store):
    concerned.do(read, entry(teaser=ADVERTISING))

    concerned.do(show, "U0RED")

    assert concerned.ask(told) == [*HELD, *TOLD]
    assert (only(concerned).is_spam, only(concerned).decided_at) == (False, LATER)


def test_what_is_thrown_away_is_told_to_nobody(concerned: Store):
    concerned.do(read, entry(teaser=ADVERTISING))

    concerned.do(discard, "U0RON")
    concerned.do(comments.tell_waiting, now=LATER)

    assert concerned.ask(told) == HELD
    assert only(concerned).is_spam


@pytest.mark.parametrize("deed", [show, discard])
def test_only_the_comms_team_and_administrators_decide(
    concerned: Store, deed: Callable[[Session, str], None]
):
    concerned.do(read, entry(teaser=ADVERTISING))

    with pytest.raises(NotAllowedError):
        concerned.do(deed, "U0LEA")

    assert only(concerned).decided_at is None


def test_the_second_is_told_who_decided(concerned: Store):
    concerned.do(read, entry(teaser=ADVERTISING))
    concerned.do(discard, "U0RED")

    with pytest.raises(DecidedError) as refused:
        concerned.do(show, "U0RON")

    assert refused.value.card.decided_by
    assert refused.value.card.decided_by.chat_id == "U0RED"
    assert concerned.ask(told) == HELD


def test_a_held_comment_on_a_post_not_known_yet_waits_for_it(concerned: Store):
    concerned.do(read, entry(below=2, teaser=ADVERTISING))
    assert concerned.ask(told) == []

    concerned.do(read_posts, post_entry(2))
    concerned.do(comments.tell_waiting, now=LATER)

    assert concerned.ask(told) == HELD


def test_the_same_words_of_another_name_below_another_post_are_held(concerned: Store):
    concerned.do(read_posts, post_entry(2))
    concerned.do(send_all, LATER)
    concerned.do(read, entry(1, teaser=PRAISE), entry(2, below=2, author="Mia", teaser=PRAISE))

    assert [found.held_reason for found in concerned.ask(kept)] == [None, Sign.REPEATED]


@pytest.mark.parametrize(
    "values", [{"below": 2}, {"author": "Mia"}], ids=["by the same name", "below the same post"]
)
def test_the_same_words_are_told_again_where_it_is_no_sign(concerned: Store, values: dict[str, Any]):
    concerned.do(read, entry(1, teaser=PRAISE), entry(2, teaser=PRAISE, **values))

    assert [found.held_reason for found in concerned.ask(kept)] == [None, None]


def test_nothing_of_a_sources_backlog_is_held(concerned: Store):
    concerned.do(read, entry(teaser=ADVERTISING), is_read=False)

    assert only(concerned).held_reason is None
    assert concerned.ask(told) == []
