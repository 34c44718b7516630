from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import drafts, ideas, pitches
from bot.ideas import MAX_TITLE, Contact, Idea
from bot.people import Department, NotAllowedError, Person, import_department
from bot.pitches import EndedError, Pitch, PitchState
from storage.store import Store
from tests.made import NOW, delivered, person, places

TODAY = NOW.date()
LATER = NOW + timedelta(hours=2)


def ann(session: Session) -> Person:
    places(session)
    return person(session, "ANN")


def keep(session: Session, idea: Idea, draft_id: int | None = None, by: str = "ANN") -> int | None:
    draft = drafts.keep(session, idea, pitcher=person(session, by), now=NOW, draft_id=draft_id)
    return draft.id if draft else None


def titles(session: Session, by: str = "ANN") -> list[str]:
    return [draft.title for draft in drafts.of_pitcher(session, person(session, by))]


def begin(session: Session, idea: Idea | None = None, draft_id: int | None = None) -> drafts.Begun:
    return drafts.begin(session, idea, pitcher=ann(session), today=TODAY, draft_id=draft_id)


def test_what_was_not_sent_is_what_the_form_begins_with(store: Store):
    written = Idea("Halb", "Eine Geschichte", topics="KI", timely_on=TODAY, has_picture=True, series="#X")
    draft_id = store.do(keep, written)

    begun = store.do(begin)

    assert (begun.idea, begun.draft_id, begun.kept_at) == (written, draft_id, NOW)


def test_an_empty_form_leaves_no_draft_and_takes_its_own_away(sqlite_store: Store):
    assert sqlite_store.do(keep, Idea(title=" ", permalink="https://chat.example/1")) is None
    draft_id = sqlite_store.do(keep, Idea(title="Etwas"))

    assert sqlite_store.do(keep, Idea(), draft_id) is None

    assert sqlite_store.do(titles) == []


def test_a_form_closed_twice_leaves_one_draft_and_another_form_its_own(sqlite_store: Store):
    first = sqlite_store.do(keep, Idea(title="Eins"))

    assert sqlite_store.do(keep, Idea(title="Eins")) == first
    assert sqlite_store.do(keep, Idea(title="Eins und mehr"), first) == first
    sqlite_store.do(keep, Idea(title="Zwei", permalink="https://chat.example/2"))

    assert sqlite_store.do(titles) == ["Zwei", "Eins und mehr"]


def test_another_form_with_the_same_title_is_a_draft_of_its_own_also_after_one_was_sent(
    sqlite_store: Store,
):
    first, second, third = (
        Idea("Bibliothek", topics="KI OpenData", guest="Frau Huber"),
        Idea("Bibliothek", series="#ExplainIT"),
        Idea("Bibliothek", has_picture=True),
    )
    sqlite_store.do(lambda session: pitches.submit(session, third, pitcher=ann(session), now=NOW))

    for idea in (first, second, first, third):
        sqlite_store.do(keep, idea)

    def found(session: Session) -> list[Idea]:
        return [ideas.idea_of(session, draft) for draft in drafts.of_pitcher(session, ann(session))]

    assert sqlite_store.do(found) == [second, first]


def test_a_form_that_names_a_colleague_leaves_one_draft_however_they_are_called(sqlite_store: Store):
    for name in ("Ben", "Ben Beispiel"):
        sqlite_store.do(keep, Idea(title="Mit Ben ", contact=Contact("BEN", name, "de-DE")))

    assert sqlite_store.do(titles) == ["Mit Ben"]


def test_a_number_of_a_draft_that_was_thrown_away_is_never_given_to_another(store: Store):
    old = store.do(keep, Idea(title="Alt"))
    assert old is not None
    store.do(lambda session: drafts.discard(session, old, pitcher=ann(session)))
    store.do(keep, Idea(title="Neu", story="lang"))

    store.do(
        lambda session: pitches.submit(
            session, Idea(title="Alt"), pitcher=ann(session), now=LATER, draft_id=old
        )
    )

    assert store.do(titles) == ["Neu"]


def test_a_form_that_was_sent_and_then_closed_is_no_draft(sqlite_store: Store):
    idea = Idea(title="Schon da", story="Alles")
    sqlite_store.do(lambda session: pitches.submit(session, idea, pitcher=ann(session), now=NOW))

    assert sqlite_store.do(keep, idea) is None


def test_a_draft_that_was_sent_is_no_draft_any_more_and_is_sent_once(store: Store):
    draft_id = store.do(keep, Idea(title="Entwurf"))

    def submit(session: Session) -> Pitch:
        idea = Idea(title="Fertig")
        return pitches.submit(session, idea, pitcher=ann(session), now=LATER, draft_id=draft_id)

    first, second = store.do(submit), store.do(submit)

    assert first.id == draft_id
    assert (first.state, first.created_at) == (PitchState.NEW, LATER)
    assert second.id != draft_id
    assert store.do(titles) == []


def test_nobody_sends_or_throws_away_somebody_elses_draft(sqlite_store: Store):
    draft_id = sqlite_store.do(keep, Idea(title="Von Ben"), None, "BEN")
    assert draft_id is not None

    sqlite_store.do(lambda session: drafts.discard(session, draft_id, pitcher=ann(session)))
    sent = sqlite_store.do(
        lambda session: pitches.submit(
            session, Idea(title="Von Ann"), pitcher=ann(session), now=NOW, draft_id=draft_id
        )
    )

    assert sent.id != draft_id
    assert sqlite_store.do(begin, None, draft_id).idea == Idea()
    assert sqlite_store.do(titles, "BEN") == ["Von Ben"]


def test_a_draft_forgets_what_is_no_longer_there(sqlite_store: Store):
    sqlite_store.do(keep, Idea(title="Alt", department_id=99, measure_id=98, event_id=97))

    assert sqlite_store.do(begin).idea == Idea(title="Alt")


def test_a_department_is_offered_as_long_as_it_is_there(sqlite_store: Store):
    def fill(session: Session) -> None:
        names = {"Morgen": (1, None), "Gestern": (None, -1), "Heute": (0, 0)}
        for name, (begins, ends) in names.items():
            found = import_department(session, name=name, short=None, kind="Referat", source="test")
            found.valid_from = None if begins is None else TODAY + timedelta(days=begins)
            found.valid_to = None if ends is None else TODAY + timedelta(days=ends)

    def offered(session: Session) -> list[Department]:
        return ideas.departments(session, today=TODAY)

    sqlite_store.do(fill)

    assert [one.name for one in sqlite_store.ask(offered)] == ["Heute"]


@pytest.mark.parametrize(
    "words",
    [
        "Ich hätte da was …",
        "Ich habe eine Idee",
        "Themenvorschlag: Radwege",
        "Hallo! Hab einen Vorschlag für den Blog",
        "Wir hätten noch was für euch",
        "Ich haette da was",
        "Idee: Roboter ausleihen",
        "Vielleicht ein Thema? Ich hätte da eine Geschichte.",
        "I have an idea",
        "I've got a story for you",
        "Idea for the blog: robots",
    ],
)
def test_words_that_offer_a_story_are_understood(words: str):
    assert drafts.is_offer(words)


@pytest.mark.parametrize(
    "words",
    ["", "Guten Morgen!", "Danke", "Ich habe keine Idee", "Hast du eine Idee?", "Was gibt es Neues?", "help"],
)
def test_other_words_are_left_alone(words: str):
    assert not drafts.is_offer(words)


def test_an_offer_is_kept_and_answered_each_time_it_is_made(sqlite_store: Store):
    def offer(session: Session, now: datetime) -> None:
        drafts.offer(session, "Idee: Radwege", pitcher=ann(session), now=now)

    sqlite_store.do(offer, NOW)
    sqlite_store.do(offer, LATER)

    assert sqlite_store.do(titles) == ["Radwege"]
    assert [row.kind for row in sqlite_store.ask(delivered).values()] == ["pitch_offer", "pitch_offer"]


@given(st.text())
def test_whatever_is_said_becomes_an_idea_that_loses_no_word(words: str):
    idea = drafts.of_words(words)

    assert len(idea.title) <= MAX_TITLE
    assert "\n" not in idea.title
    said = idea.story or idea.title
    assert " ".join(said.split()) == " ".join(words.split())


@given(st.lists(st.text("abcäöü 🚲", min_size=1).filter(str.strip), max_size=5))
def test_topics_are_read_back_as_they_were_typed(said: list[str]):
    kept = ideas.topics(", ".join(said))

    assert len(kept.split()) == len(said)
    assert ideas.topics(", ".join(kept.split())) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Open Data, KI", "Open-Data KI"),
        ("#KI #OpenData", "KI OpenData"),
        ("a\tb\nc;;d,", "a-b c d"),
        ("", ""),
    ],
)
def test_topics_are_told_apart_by_commas_marks_and_lines(said: str, kept: str):
    assert ideas.topics(said) == kept


def submit(session: Session, title: str) -> int:
    return pitches.submit(session, Idea(title=title), pitcher=ann(session), now=NOW).id or 0


def test_only_its_pitcher_looks_at_a_pitch_or_withdraws_it_and_only_once(store: Store):
    pitch_id = store.do(submit, "Zurück")

    def withdraw(session: Session, by: str) -> None:
        pitches.withdraw(session, pitch_id, by=person(session, by), now=LATER)

    def look(session: Session, by: str) -> None:
        pitches.life(session, pitch_id, by=person(session, by))

    for deed in (withdraw, look):
        with pytest.raises(NotAllowedError):
            store.do(deed, "BEN")
    store.do(withdraw, "ANN")
    with pytest.raises(EndedError) as refused:
        store.do(withdraw, "ANN")

    assert refused.value.pitch.state is PitchState.WITHDRAWN


def test_a_series_is_suggested_as_it_will_be_kept(sqlite_store: Store):
    def like(session: Session) -> list[str]:
        return ideas.series_like(session, "Explain IT", now=NOW, limit=5)

    assert sqlite_store.ask(like) == ["#ExplainIT"]
