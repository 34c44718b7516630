from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, select

from bot import decisions, people, pitch_life, pitches, posts, publishing
from bot.people import NotAllowedError, Role
from bot.pitch_life import StateError
from bot.pitches import Idea, Pitch, PitchRole, PitchState
from bot.posts import Listed
from bot.publishing import DecidedError, MatchState, PitchMatch
from storage.people import Person
from storage.pitches import PitchRemark
from storage.store import Store
from tests.made import NOW, delivered, person, places, send_all

LATER = NOW + timedelta(days=1)
# Titles of muenchen.digital: a post and how it was called elsewhere (ru.muenchen.de 2022/166).
TITLE = "Neue IT-Referentin Laura Dornheim"
SAME = "Laura Dornheim wird neue IT-Referentin"
# github.com/it-at-m/ki.muenchen.de blog/2025-03-31, and as someone would call it in a hurry.
POST = "Dienstleistungsfinder der Stadt sucht künftig per KI"
NEAR = "KI im Dienstleistungsfinder"
URL = "https://muenchen.digital/blog/neue-it-referentin-laura-dornheim/"


def fill(session: Session) -> None:
    places(session)
    person(session, "ANN")
    person(session, "AVA")
    person(session, "RED", Role.COMMS)
    person(session, "RON", Role.COMMS)


def known(session: Session, name: str) -> Person:
    found = people.by_chat_id(session, name)
    assert found is not None
    return found


def accepted(session: Session, /, title: str, **values: Any) -> int:
    """A pitch that was taken on, and whose messages all stand."""
    author = values.pop("author", None)
    pitch = pitches.submit(session, Idea(title=title), pitcher=known(session, "ANN"), now=NOW)
    for name, value in values.items():
        setattr(pitch, name, value)
    pitch.author_id = known(session, author).id if author else None
    decisions.accept(session, pitch.id or 0, by=known(session, "RED"), now=NOW)
    send_all(session, NOW)
    return pitch.id or 0


def appears(
    session: Session, /, title: str, *, url: str | None = None, at: datetime = LATER, now: datetime = LATER
) -> int:
    """A post that is new."""
    return (
        posts.import_post(session, title=title, url=url, published_at=at, tags=(), origin="test", now=now).id
        or 0
    )


def standing(session: Session, pitch_id: int) -> tuple[str, int | None]:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    return pitch.state.value, pitch.post_id


def matches(session: Session) -> list[tuple[int, int, str]]:
    rows = session.exec(select(PitchMatch).order_by(PitchMatch.id))  # type: ignore[arg-type]
    return [(row.pitch_id, row.post_id, row.state.value) for row in rows]


def asked(session: Session) -> list[int]:
    """The matches that the comms team was asked about, in order."""
    return [row.subject_id for row in delivered(session).values() if row.kind == publishing.MATCH]


def confirm(session: Session, match_id: int, name: str = "RED") -> None:
    publishing.confirm(session, match_id, by=known(session, name), now=LATER)


def reject(session: Session, match_id: int, name: str = "RED") -> None:
    publishing.reject(session, match_id, by=known(session, name), now=LATER)


def test_a_post_at_the_address_that_its_pitch_names_is_surely_its_own(store: Store):
    store.do(fill)
    pitch_id = store.do(accepted, "Wer kommt da?", story=f"Entwurf: {URL}?utm_source=chat.")

    post_id = store.do(appears, POST, url=URL.replace("https://", "http://www."))

    assert store.ask(standing, pitch_id) == ("published", post_id)
    assert store.ask(matches) == [(pitch_id, post_id, "confirmed")]
    assert store.ask(asked) == []


@pytest.mark.parametrize(
    "words",
    [
        f"({URL})",
        f"„{URL}“, sagt Ann.",
        "siehe www.muenchen.digital/blog/neue-it-referentin-laura-dornheim",
        "<HTTPS://MUENCHEN.DIGITAL/blog/neue-it-referentin-laura-dornheim|Blog>",
        f"{URL}?pk_campaign=x!",
    ],
)
def test_an_address_is_found_however_it_stands_in_words(sqlite_store: Store, words: str):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, "Wer kommt da?", story=words)

    post_id = sqlite_store.do(appears, POST, url=URL)

    assert sqlite_store.ask(standing, pitch_id) == ("published", post_id)


def test_the_start_page_of_a_site_is_no_post(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, "Wer kommt da?", story="https://muenchen.digital/")

    sqlite_store.do(appears, POST, url="https://muenchen.digital")

    assert sqlite_store.ask(standing, pitch_id) == ("accepted", None)


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(story=st.text(max_size=200), title=st.text(min_size=1, max_size=100))
def test_whatever_stands_in_a_pitch_a_new_post_is_taken_in(sqlite_store: Store, story: str, title: str):
    def all_of_it(session: Session) -> None:
        fill(session)
        words = f"https://{story} stadt.example/{story} {URL}".replace("\0", "")
        accepted(session, "Wer kommt da?", story=words)
        appears(session, title.replace("\0", "x"), url=URL)
        (found,) = matches(session)
        assert found[2] == "confirmed"
        session.rollback()

    sqlite_store.do(all_of_it)


def test_a_remark_with_the_address_is_as_good_as_the_pitch_itself(store: Store):
    store.do(fill)
    pitch_id = store.do(accepted, "Wer kommt da?")
    other = store.do(accepted, "Etwas anderes")

    def remark(session: Session) -> None:
        session.add(
            PitchRemark(
                pitch_id=pitch_id,
                person_id=known(session, "ANN").id or 0,
                role=PitchRole.PITCHER,
                words=f"Hier: <{URL}|Blog>",
                channel_id="C0COMMS",
                ts="1.0",
                said_at=NOW,
            )
        )

    store.do(remark)
    post_id = store.do(appears, POST, url=URL)

    assert store.ask(standing, pitch_id) == ("published", post_id)
    assert store.ask(standing, other) == ("accepted", None)


def test_a_pitch_about_a_post_that_was_there_before_does_not_mean_that_post(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, "Wie ging es weiter?", story=f"Fortsetzung von {URL}")

    sqlite_store.do(appears, POST, url=URL, at=NOW - timedelta(days=1))

    assert sqlite_store.ask(standing, pitch_id) == ("accepted", None)
    assert len(sqlite_store.ask(asked)) == 1


@pytest.mark.parametrize(("days", "state"), [(7, "published"), (8, "accepted")])
def test_the_same_title_near_the_planned_day_is_sure_and_else_it_is_asked(
    store: Store, days: int, state: str
):
    store.do(fill)
    pitch_id = store.do(accepted, SAME, planned_on=LATER.date() + timedelta(days=days))

    store.do(appears, TITLE)

    assert store.ask(standing, pitch_id)[0] == state
    assert len(store.ask(asked)) == (state == "accepted")


def test_where_two_pitches_could_be_it_an_editor_is_asked(sqlite_store: Store):
    sqlite_store.do(fill)
    for _ in range(2):
        sqlite_store.do(accepted, SAME, planned_on=LATER.date())

    sqlite_store.do(appears, TITLE)

    assert [state for _, _, state in sqlite_store.ask(matches)] == ["proposed", "proposed"]
    assert len(sqlite_store.ask(asked)) == 1


def test_what_is_hardly_alike_is_not_asked(sqlite_store: Store):
    sqlite_store.do(fill)
    sqlite_store.do(accepted, "WLAN an Tramhaltestellen", planned_on=LATER.date())

    sqlite_store.do(appears, "Freies WLAN für alle städtischen Einrichtungen mit Publikumsverkehr")

    assert sqlite_store.ask(matches) == []


@pytest.mark.parametrize(
    "state", [PitchState.NEW, PitchState.SHELF, PitchState.DECLINED, PitchState.WITHDRAWN]
)
def test_only_pitches_that_were_taken_on_wait_for_their_post(sqlite_store: Store, state: PitchState):
    sqlite_store.do(fill)
    sqlite_store.do(accepted, TITLE, planned_on=LATER.date())

    def put_aside(session: Session) -> None:
        for pitch in session.exec(select(Pitch)):
            pitch.state = state

    sqlite_store.do(put_aside)
    sqlite_store.do(appears, TITLE)

    assert sqlite_store.ask(matches) == []


def test_an_old_post_that_is_seen_late_is_nobodys_news(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, TITLE, planned_on=LATER.date(), story=URL)

    sqlite_store.do(appears, TITLE, url=URL, at=NOW - timedelta(days=15))

    assert sqlite_store.ask(standing, pitch_id) == ("accepted", None)
    assert sqlite_store.ask(matches) == []


def test_the_question_stands_in_the_thread_of_the_pitchs_card(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, NEAR)

    sqlite_store.do(appears, POST)

    rows = sqlite_store.ask(delivered)
    (question,) = [row for row in rows.values() if row.kind == publishing.MATCH]
    card = rows[f"pitch_card:{pitch_id}:comms"]
    assert (question.target, question.thread_ts) == (card.target, card.ts)


def test_yes_publishes_the_pitch_and_tells_pitcher_and_author(store: Store):
    store.do(fill)
    pitch_id = store.do(accepted, NEAR, author="AVA")
    post_id = store.do(appears, POST)
    (match_id,) = store.ask(asked)

    store.do(confirm, match_id)

    assert store.ask(standing, pitch_id) == ("published", post_id)
    told = {(row.kind, row.target) for row in store.ask(delivered).values() if row.created_at == LATER}
    assert (pitch_life.NEWS, "ANN") in told
    assert (publishing.AUTHOR, "AVA") in told
    card = store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.post is not None
    assert [step.role for step in card.steps][-1] is PitchRole.COMMS


def test_whoever_had_the_idea_and_wrote_it_is_told_once(sqlite_store: Store):
    sqlite_store.do(fill)
    sqlite_store.do(accepted, NEAR, author="ANN")
    sqlite_store.do(appears, POST)

    sqlite_store.do(confirm, sqlite_store.ask(asked)[0])

    assert publishing.AUTHOR not in {row.kind for row in sqlite_store.ask(delivered).values()}


def test_no_is_remembered_and_the_next_most_alike_is_asked(store: Store):
    store.do(fill)
    second = store.do(accepted, NEAR)
    first = store.do(accepted, POST)
    post_id = store.do(appears, POST)
    (match_id,) = store.ask(asked)

    store.do(reject, match_id)

    assert store.ask(matches) == [(first, post_id, "rejected"), (second, post_id, "proposed")]
    assert len(store.ask(asked)) == 2
    assert store.ask(standing, first) == ("accepted", None)


def test_what_is_settled_before_it_was_asked_is_not_asked_any_more(sqlite_store: Store):
    sqlite_store.do(fill)
    sqlite_store.do(accepted, NEAR)
    sqlite_store.do(appears, POST)
    (match_id,) = sqlite_store.ask(asked)
    assert sqlite_store.ask(publishing.question, match_id, is_told=False)

    sqlite_store.do(reject, match_id)

    assert sqlite_store.ask(publishing.question, match_id, is_told=False) is None
    assert sqlite_store.ask(publishing.question, match_id, is_told=True)


def test_yes_closes_what_else_was_asked_about_the_pitch_and_the_post(store: Store):
    store.do(fill)
    first, second = store.do(accepted, POST), store.do(accepted, NEAR)
    one = store.do(appears, POST)
    other = store.do(appears, f"{POST} – ein Rückblick")
    best = store.ask(asked)[0]

    store.do(confirm, best)

    found = store.ask(matches)
    assert (first, one, "confirmed") in found
    assert (second, one, "rejected") in found
    assert (first, other, "rejected") in found
    # What remains of the other post is asked now.
    assert (second, other, "proposed") in found
    assert store.ask(asked)[-1] == found.index((second, other, "proposed")) + 1


def test_of_two_editors_at_once_one_wins_and_the_other_is_told(store: Store):
    store.do(fill)
    store.do(accepted, NEAR)
    store.do(appears, POST)
    (match_id,) = store.ask(asked)
    barrier = Barrier(2)

    def press(deed: Any, name: str) -> str:
        barrier.wait()
        try:
            store.do(deed, match_id, name)
        except DecidedError as error:
            winner = error.card.decided_by
            return f"told of {winner.chat_id}" if winner else "told of nobody"
        return "won"

    with ThreadPoolExecutor() as pool:
        came = {
            name: pool.submit(press, deed, name) for name, deed in {"RED": confirm, "RON": reject}.items()
        }
        results = {name: future.result() for name, future in came.items()}

    winner = next(name for name, result in results.items() if result == "won")
    loser = next(name for name in results if name != winner)
    assert results[loser] == f"told of {winner}"


def test_a_pitch_that_ended_meanwhile_stays_as_it_is(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, NEAR)
    sqlite_store.do(appears, POST)

    def withdraw(session: Session) -> None:
        pitch = session.get(Pitch, pitch_id)
        assert pitch is not None
        pitch_life.step(session, pitch, PitchState.WITHDRAWN, role=PitchRole.PITCHER, by=None, now=LATER)

    sqlite_store.do(withdraw)
    sqlite_store.do(confirm, sqlite_store.ask(asked)[0])

    assert sqlite_store.ask(standing, pitch_id) == ("withdrawn", None)
    assert [state for *_, state in sqlite_store.ask(matches)] == ["rejected"]


def test_a_post_can_be_chosen_by_hand_even_one_that_was_said_not_to_be_it(store: Store):
    store.do(fill)
    pitch_id = store.do(accepted, NEAR)
    post_id = store.do(appears, POST)
    store.do(reject, store.ask(asked)[0])

    def by_hand(session: Session) -> None:
        publishing.publish(session, pitch_id, post_id, by=known(session, "RED"), now=LATER)

    store.do(by_hand)

    assert store.ask(standing, pitch_id) == ("published", post_id)
    assert store.ask(matches) == [(pitch_id, post_id, "confirmed")]
    with pytest.raises(StateError):
        store.do(by_hand)


def test_only_the_newsroom_says_what_a_pitch_became(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, NEAR)
    post_id = sqlite_store.do(appears, POST)
    (match_id,) = sqlite_store.ask(asked)

    for deed in (confirm, reject):
        with pytest.raises(NotAllowedError):
            sqlite_store.do(deed, match_id, "ANN")
    with pytest.raises(NotAllowedError):
        sqlite_store.do(
            lambda session: publishing.publish(
                session, pitch_id, post_id, by=known(session, "ANN"), now=LATER
            )
        )


def test_posts_to_choose_are_found_by_any_of_their_words_newest_first(store: Store):
    store.do(fill)
    store.do(appears, TITLE, at=NOW - timedelta(days=9))
    store.do(appears, "Öffentliches WLAN_100%", at=NOW)

    def titles(session: Session, words: str) -> list[str]:
        return [post.title for post in publishing.to_choose(session, words)]

    assert store.ask(titles, "") == ["Öffentliches WLAN_100%", TITLE]
    assert store.ask(titles, "laura NEUE") == [TITLE]
    assert store.ask(titles, "öffentliches 100%") == ["Öffentliches WLAN_100%"]
    assert store.ask(titles, "%") == ["Öffentliches WLAN_100%"]


def test_a_post_that_is_withdrawn_later_changes_nothing_about_its_pitch(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, SAME, planned_on=LATER.date())
    post_id = sqlite_store.do(appears, TITLE)

    def withdraw(session: Session) -> None:
        post = posts.get(session, post_id)
        assert post is not None
        posts.withdraw(session, post, now=LATER)

    sqlite_store.do(withdraw)

    assert sqlite_store.ask(standing, pitch_id) == ("published", post_id)


def test_without_a_pitch_that_waits_new_posts_cost_one_question(sqlite_store: Store):
    sqlite_store.do(fill)
    asked_of_pitches: list[str] = []

    def take_in(session: Session) -> None:
        event.listen(
            session.connection(),
            "before_cursor_execute",
            lambda *call: asked_of_pitches.append(call[2]) if "FROM pitch" in call[2] else None,
        )
        listed = [Listed(f"Beitrag {n}", None, LATER) for n in range(5)]
        posts.import_all(session, listed, origin="test", now=LATER)

    sqlite_store.do(take_in)

    assert len(asked_of_pitches) == 1


def test_dates_near_the_end_of_the_calendar_do_no_harm(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(accepted, TITLE, planned_on=date.max)

    sqlite_store.do(appears, TITLE)

    assert sqlite_store.ask(standing, pitch_id)[0] == "accepted"
    assert MatchState.PROPOSED in {state for *_, state in sqlite_store.ask(matches)}
