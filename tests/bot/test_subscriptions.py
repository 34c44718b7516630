from sqlmodel import Session

from bot import curation, subscriptions
from bot.subscriptions import Topic
from storage import subscriptions as stored
from storage.sources import SourceKind
from storage.store import Store
from storage.subscriptions import Subscription
from tests.made import NOW, delivered


def sources(session: Session) -> list[int]:
    made = []
    for name in ("blog", "portal"):
        url = f"https://{name}.example/"
        kind = SourceKind.FEED
        found = curation.add(session, kind=kind, name=name, url=url, every_s=60, now=NOW, origin="test")
        made.append(found.id or 0)
    return made


def test_a_channel_hears_of_a_source_or_of_all_and_of_each_thing_once(store: Store):
    blog, portal = store.do(sources)
    for _ in range(2):
        store.do(subscriptions.subscribe, Topic.POSTS, "C1", now=NOW)
        store.do(subscriptions.subscribe, Topic.POSTS, "C1", now=NOW, source_id=blog)
        store.do(subscriptions.subscribe, Topic.POSTS, "C2", now=NOW, source_id=blog)
        store.do(subscriptions.subscribe, Topic.EVENTS, "C3", now=NOW)

    assert store.ask(stored.targets, Topic.POSTS, source_id=blog) == ["C1", "C2"]
    assert store.ask(stored.targets, Topic.POSTS, source_id=portal) == ["C1"]

    store.do(subscriptions.tell, Topic.POSTS, "post_card", 1, source_id=blog, now=NOW)
    assert list(store.ask(delivered)) == ["post_card:1:C1", "post_card:1:C2"]


def test_a_paused_subscription_hears_nothing(store: Store):
    blog, _ = store.do(sources)

    def pause(session: Session) -> None:
        subscriptions.subscribe(session, Topic.POSTS, "C1", now=NOW)
        row = session.get(Subscription, 1)
        assert row is not None
        row.paused_at = NOW

    store.do(pause)

    assert store.ask(stored.targets, Topic.POSTS, source_id=blog) == []


def test_a_source_brings_posts_or_events_and_comments_go_where_their_post_is():
    events = {SourceKind.CALENDAR, SourceKind.EVENT_PAGE}
    brings = {kind: subscriptions.topic_of(kind) for kind in SourceKind}

    assert brings.pop(SourceKind.COMMENTS) is None
    assert brings == {kind: Topic.EVENTS if kind in events else Topic.POSTS for kind in brings}
