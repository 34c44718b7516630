"""Comments whose post is told later, or who were said later than they came."""

from datetime import time, timedelta

from sqlmodel import Session

from bot import announcing, comments, subscriptions
from bot.settings import Settings
from bot.subscriptions import POSTS
from bot.workdays import Workdays
from storage.delivery import Delivery
from storage.store import Store
from storage.subscriptions import Rhythm
from tests.bot.test_comments import entry, fill, read
from tests.bot.test_posts import entry as post_entry
from tests.bot.test_posts import read as read_post
from tests.made import NOW, delivered, send_all

MUNICH = Workdays(Settings().holidays, Settings().zone)


def hear_daily(session: Session) -> None:
    found = subscriptions.subscribe(session, POSTS, "C3", now=NOW)
    found.rhythm, found.at, found.next_at = Rhythm.DAILY, time(9), NOW + timedelta(hours=22)


def tick(session: Session, now: object) -> None:
    comments.tell_waiting(session, now=now)  # type: ignore[arg-type]
    announcing.tell_due(session, workdays=MUNICH, now=now)  # type: ignore[arg-type]


def told(store: Store) -> list[Delivery]:
    return [row for row in store.ask(delivered).values() if row.kind.startswith("comment")]


def test_where_a_post_comes_in_an_overview_its_comment_waits_for_that(store: Store):
    store.do(fill)
    store.do(hear_daily)
    store.do(read_post, post_entry())
    store.do(send_all, NOW)
    store.do(read, entry())
    store.do(tick, NOW)
    assert "C3" not in {row.target for row in told(store)}

    morning = NOW + timedelta(hours=23)
    for _ in range(2):
        store.do(tick, morning)
        store.do(send_all, morning)

    (overview,) = [row for row in store.ask(delivered).values() if row.kind == announcing.OVERVIEW]
    assert [row.thread_ts for row in told(store) if row.target == "C3"] == [overview.ts]


def test_the_days_to_answer_begin_when_a_comment_is_said(store: Store):
    store.do(fill)
    store.do(read, entry())
    later = NOW + timedelta(days=8)
    store.do(read_post, post_entry(published_at=later), now=later)
    store.do(send_all, later)
    store.do(tick, later)
    store.do(send_all, later)
    before = len(told(store))
    assert before

    store.do(comments.remind_due, workdays=MUNICH, now=later + timedelta(minutes=1))
    assert len(told(store)) == before

    store.do(comments.remind_due, workdays=MUNICH, now=later + timedelta(days=5))
    assert len(told(store)) > before
