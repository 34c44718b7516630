"""Posts that are not what a pitch became after all: the post is gone, the pitch ended, or nobody agreed."""

from datetime import timedelta

from sqlmodel import Session

from bot import pitches, posts, publishing
from bot.pitches import Pitch, PitchRole, PitchState
from bot.posts import Post
from storage import publishing as stored
from storage.pitches import PitchRemark
from storage.store import Store
from tests.bot.test_publishing import (
    LATER,
    POST,
    URL,
    accepted,
    appears,
    asked,
    confirm,
    fill,
    known,
    reject,
    standing,
)
from tests.made import NOW, delivered


def withdraw(session: Session, pitch_id: int) -> None:
    pitches.withdraw(session, pitch_id, by=known(session, "ANN"), now=LATER)


def test_who_names_a_post_that_is_there_already_does_not_mean_that_the_pitch_became_it(store: Store):
    store.do(fill)
    pitch_id = store.do(accepted, "Neue Lesegeräte")

    def remark(session: Session) -> None:
        session.add(
            PitchRemark(
                pitch_id=pitch_id,
                person_id=known(session, "RED").id or 0,
                role=PitchRole.COMMS,
                words=f"Bitte nicht noch einmal dasselbe wie {URL}",
                channel_id="C0COMMS",
                ts="1.0",
                said_at=NOW + timedelta(hours=2),
            )
        )

    store.do(remark)
    store.do(appears, POST, url=URL, at=NOW + timedelta(hours=1))

    assert store.ask(standing, pitch_id) == ("accepted", None)


def test_a_question_about_a_pitch_that_ended_is_closed_and_the_next_is_asked(store: Store):
    store.do(fill)
    first, second, third = (store.do(accepted, POST) for _ in range(3))
    post_id = store.do(appears, POST)
    assert len(store.ask(asked)) == 1

    store.do(withdraw, first)
    store.do(publishing.close_ended, now=LATER)
    assert len(store.ask(asked)) == 2

    store.do(withdraw, third)
    store.do(reject, store.ask(asked)[-1])
    assert len(store.ask(asked)) == 2
    assert store.ask(stored.proposed, post_id=post_id) == []
    assert store.ask(standing, second) == ("accepted", None)


def test_a_post_that_is_gone_is_not_what_a_pitch_became(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, POST)

    def vanish(session: Session) -> None:
        post = session.get(Post, appears(session, POST))
        assert post is not None
        posts.withdraw(session, post, now=LATER)

    sqlite_store.do(vanish)
    sqlite_store.do(confirm, sqlite_store.ask(asked)[0])

    assert sqlite_store.ask(standing, pitch_id) == ("accepted", None)


def test_whoever_was_asked_to_write_and_never_agreed_is_not_thanked_for_it(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, POST, author="AVA")

    def ask_and_publish(session: Session) -> None:
        pitch = session.get(Pitch, pitch_id)
        assert pitch is not None
        pitch.state = PitchState.ASKED
        session.flush()
        post_id = appears(session, "Etwas ganz anderes")
        publishing.publish(session, pitch_id, post_id, by=known(session, "RED"), now=LATER)

    sqlite_store.do(ask_and_publish)

    assert sqlite_store.ask(standing, pitch_id)[0] == "published"
    assert publishing.AUTHOR not in {row.kind for row in sqlite_store.ask(delivered).values()}
