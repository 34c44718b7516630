"""Who hears of a comment: below its post, its department, and those who subscribed to comments."""

from datetime import timedelta

from sqlmodel import Session, select

from bot import comments, people, subscriptions
from bot.people import Person, Role
from bot.subscriptions import NewsKind
from storage.posts import Post
from storage.store import Store
from tests.bot.test_comments import LATER, cards, entry, read, reading
from tests.bot.test_posts import entry as post_entry
from tests.bot.test_posts import read as read_posts
from tests.made import NOW, delivered, person, send_all

__all__ = ["reading"]

COMMENTS = frozenset({NewsKind.COMMENT})


def department(session: Session, name: str = "IT-Referat") -> int:
    return people.import_department(session, name=name, short=None, kind="x", source="test").id or 0


def colleague(session: Session, chat_id: str, *roles: Role, of: str = "IT-Referat") -> Person:
    found = person(session, chat_id, *roles)
    found.department_id = department(session, of)
    return found


def staffed(session: Session) -> None:
    """The one post is of a department with two leads, one of whom left, and others."""
    for post in session.exec(select(Post)):
        post.department_id = department(session)
    colleague(session, "U0LEA", Role.LEAD)
    colleague(session, "U0GUS", Role.LEAD).inactive_at = NOW
    colleague(session, "U0ANN")
    colleague(session, "U0KAI", Role.LEAD, of="Kulturreferat")


def told(session: Session, kind: str) -> list[tuple[int, str, str | None]]:
    rows = delivered(session).values()
    return [(row.subject_id, row.target, row.thread_ts) for row in rows if row.kind == kind]


def subscribed(session: Session, *targets: str) -> None:
    for target in targets:
        subscriptions.subscribe(session, COMMENTS, target, now=NOW)


def test_the_lead_of_the_posts_department_gets_it_once(reading: Store):
    reading.do(staffed)

    reading.do(read, entry())
    reading.do(comments.tell_waiting, now=LATER)

    assert reading.ask(told, comments.FOR_DEPARTMENT) == [(1, "U0LEA", None)]
    (row,) = (one for one in reading.ask(delivered).values() if one.kind == comments.FOR_DEPARTMENT)
    assert row.person_id is not None


def test_a_post_of_no_department_concerns_nobody_more(reading: Store):
    reading.do(colleague, "U0LEA", Role.LEAD)

    reading.do(read, entry())

    assert reading.ask(told, comments.FOR_DEPARTMENT) == []


def test_subscribers_hear_of_it_outside_a_thread(reading: Store):
    reading.do(subscribed, "C3", "U0ANN")

    reading.do(read, entry())

    assert reading.ask(told, comments.NEWS) == [(1, "C3", None), (1, "U0ANN", None)]


def test_a_channel_in_whose_thread_it_is_said_is_not_told_again(reading: Store):
    reading.do(subscribed, "C1", "C3")

    reading.do(read, entry())

    places = reading.ask(cards)
    assert reading.ask(told, comments.CARD) == [(1, "C1", places["C1"]), (1, "C2", places["C2"])]
    assert reading.ask(told, comments.NEWS) == [(1, "C3", None)]


def test_a_lead_who_subscribed_hears_of_it_once(reading: Store):
    reading.do(staffed)
    reading.do(subscribed, "U0LEA")

    reading.do(read, entry())

    assert [target for kind in comments.TELLING for _, target, _ in reading.ask(told, kind)] == [
        "C1",
        "C2",
        "U0LEA",
    ]


def test_a_lead_who_got_the_post_hears_of_it_in_the_thread_alone(reading: Store):
    reading.do(staffed)
    reading.do(subscriptions.subscribe, subscriptions.POSTS, "U0LEA", now=NOW)
    reading.do(read_posts, post_entry(2))
    reading.do(staffed)
    reading.do(send_all, NOW)

    reading.do(read, entry(below=2))

    assert "U0LEA" in [target for _, target, _ in reading.ask(told, comments.CARD)]
    assert reading.ask(told, comments.FOR_DEPARTMENT) == []


def test_nobody_is_told_while_the_announcements_are_on_their_way(reading: Store):
    reading.do(read_posts, post_entry(2))
    reading.do(staffed)
    reading.do(subscribed, "C3")
    reading.do(read, entry(below=2))
    assert reading.ask(told, comments.FOR_DEPARTMENT) == reading.ask(told, comments.NEWS) == []

    reading.do(send_all, LATER)
    reading.do(comments.tell_waiting, now=LATER)

    assert reading.ask(told, comments.FOR_DEPARTMENT) == [(1, "U0LEA", None)]
    assert reading.ask(told, comments.NEWS) == [(1, "C3", None)]


def test_a_comment_on_a_post_of_old_reaches_its_department_and_subscribers(reading: Store):
    reading.do(read_posts, post_entry(7, published_at=NOW - timedelta(days=400)))
    reading.do(staffed)
    reading.do(subscribed, "C1")

    reading.do(read, entry(below=7))

    assert reading.ask(told, comments.CARD) == []
    assert reading.ask(told, comments.FOR_DEPARTMENT) == [(1, "U0LEA", None)]
    assert reading.ask(told, comments.NEWS) == [(1, "C1", None)]


def test_the_backlog_of_a_source_reaches_nobody(reading: Store):
    reading.do(staffed)
    reading.do(subscribed, "C3")

    reading.do(read, entry(), is_read=False)

    assert [kind for kind in comments.TELLING if reading.ask(told, kind)] == []
