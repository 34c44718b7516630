"""What nobody answers is brought up once more, and then stands in the newsroom's overview."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot import comments, digest, replies
from bot.settings import Settings
from bot.workdays import Workdays
from storage.comments import Comment
from storage.posts import Post
from storage.store import Store
from tests.bot.test_comments import LATER, cards, entry, read, reading
from tests.bot.test_comments_told import staffed, told
from tests.bot.test_posts import entry as post_entry
from tests.bot.test_posts import read as read_posts
from tests.made import NOW, person, send_all

__all__ = ["reading"]

MUNICH = Workdays(Settings().holidays, ZoneInfo("Europe/Berlin"))
# The comment came on a Wednesday: Thursday, Friday and Monday are three working days.
DUE = LATER + timedelta(days=5)


@pytest.fixture
def silent(reading: Store) -> Store:
    """A comment on a post of a department; nobody has answered yet."""
    reading.do(staffed)
    reading.do(read, entry())
    reading.do(send_all, LATER)
    return reading


def remind(store: Store, now: datetime = DUE) -> list[tuple[str, str | None]]:
    store.do(comments.remind_due, workdays=MUNICH, now=now)
    return [(target, thread_ts) for _, target, thread_ts in store.ask(told, comments.REMINDER)]


def listed(store: Store) -> list[str]:
    return [found.comment.words for found in store.ask(digest.current, Settings(), now=DUE).unanswered.cards]


def change(session: Session, /, table: type[Comment | Post], **values: object) -> None:
    for row in session.exec(select(table)):
        for name, value in values.items():
            setattr(row, name, value)


def answer(session: Session) -> None:
    replies.mark_answered(session, 1, by=person(session, "U0ANN"), now=DUE)


def test_after_three_working_days_it_is_brought_up_once_in_its_threads_and_to_the_department(silent: Store):
    places = silent.ask(cards)
    assert remind(silent, DUE - timedelta(seconds=1)) == []

    expected = [("C1", places["C1"]), ("C2", places["C2"]), ("U0LEA", None)]
    assert remind(silent) == expected
    assert remind(silent, DUE + timedelta(days=7)) == expected


@pytest.mark.parametrize("hours", [12, 5 * 24])
def test_nobody_is_reminded_at_night_or_at_the_weekend(silent: Store, hours: int):
    assert remind(silent, DUE + timedelta(hours=hours)) == []


def test_what_was_answered_is_not_brought_up(silent: Store):
    silent.do(answer)

    assert remind(silent) == []
    assert listed(silent) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Post, {"withdrawn_at": NOW}),
        (Comment, {"held_reason": "many_links"}),
        (Comment, {"is_spam": True, "decided_at": LATER}),
        (Comment, {"first_seen_at": LATER - timedelta(days=60)}),
    ],
    ids=["the post was withdrawn", "it is held", "it is advertising", "it is weeks old"],
)
def test_some_comments_are_left_in_peace(
    silent: Store, table: type[Comment | Post], values: dict[str, object]
):
    silent.do(change, table, **values)

    assert remind(silent) == []
    assert listed(silent) == []


def test_what_nobody_was_told_of_is_not_brought_up(reading: Store):
    reading.do(read_posts, post_entry(7, published_at=NOW - timedelta(days=400)))
    reading.do(read, entry(1, below=7))
    reading.do(read, entry(2), is_read=False, name="backlog")

    assert remind(reading) == []
    assert listed(reading) == []


def test_one_answered_before_the_reminder_leaves_is_not_brought_up(silent: Store):
    remind(silent)
    assert silent.ask(comments.reminder, 1, is_told=False)

    silent.do(answer)

    assert silent.ask(comments.reminder, 1, is_told=False) is None
    assert silent.ask(comments.reminder, 1, is_told=True)


def test_the_overview_lists_it_until_it_is_answered(silent: Store):
    assert listed(silent) == []

    remind(silent)
    assert listed(silent) == ["Gut so, 1!"]

    silent.do(answer)
    assert listed(silent) == []


def test_the_overview_names_the_oldest_ten_and_counts_the_rest(reading: Store):
    for number in range(1, 14):
        reading.do(read, entry(number))
        # A pace is kept: not all of it leaves at once.
        reading.do(send_all, LATER + timedelta(minutes=number))

    remind(reading, DUE + timedelta(hours=1))

    found = reading.ask(digest.current, Settings(), now=DUE).unanswered

    assert [one.comment.words for one in found.cards] == [f"Gut so, {number}!" for number in range(1, 11)]
    assert found.more == 3
