from dataclasses import fields
from datetime import timedelta

from sqlmodel import Session

from bot import pitches, radar, rounds
from bot.people import Role
from bot.settings import Settings
from bot.workdays import Workdays
from storage import public
from storage.store import Store
from tests.made import NOW, measure, person, places, state

LATER = NOW + timedelta(hours=1)


def everything(session: Session) -> str:
    """All that the web can read."""
    found = public.measures(session)
    today = NOW.date()
    return repr(
        [
            found,
            [public.measure(session, one.slug) for one in found],
            public.posts(session, limit=1000),
            public.events_to_come(session, today=today, limit=1000),
            public.events_past(session, today=today, limit=1000),
            public.fields(session, edition=2022),
        ]
    )


def test_nothing_is_public_of_a_person_an_internal_note_or_an_answer_before_its_release(store: Store):
    def deeds(session: Session) -> tuple[int, int]:
        places(session)
        owner = person(session, "U0SECRETID", Role.OWNER, name="GeheimOlga")
        editor = person(session, "U0EDITORID", Role.EDITOR, name="GeheimEdi")
        for title in ("E-Akte", "Zwilling"):
            measure(session, title, owner)
        workdays = Workdays(Settings().holidays, Settings().zone)
        rounds.open_now(session, name="GeheimRunde", days=14, workdays=workdays, now=NOW)
        first, second = (asked.request.id or 0 for asked in radar.open_requests(session, owner))
        words = state(
            progress_percent=87,
            achievements="GeheimErfolg",
            outlook="GeheimAusblick",
            highlight="GeheimStück",
        )
        answer = radar.update(session, first, by=owner, state=words, internal_note="GeheimNotiz", now=NOW)
        other = radar.update(session, second, by=owner, state=words, internal_note="GeheimNotiz", now=NOW)
        radar.send_back(session, other.id or 0, by=editor, words="GeheimFrage", now=NOW)
        pitches.submit(session, pitches.Idea(title="GeheimIdee", story="GeheimText"), pitcher=owner, now=NOW)
        return answer.id or 0, editor.id or 0

    answer_id, _ = store.do(deeds)

    before = store.ask(everything)
    assert "E-Akte" in before
    assert not any(word in before for word in ("Geheim", "87", "SECRETID", "EDITORID"))

    def release(session: Session) -> None:
        editor = person(session, "U0EDITORID", name="GeheimEdi")
        radar.release(session, answer_id, by=editor, now=LATER)

    store.do(release)

    after = store.ask(everything)
    for word in ("GeheimErfolg", "GeheimAusblick", "GeheimStück", "87"):
        # Once in the measure of the list, once in its page and once in its history.
        assert after.count(word) == 3
        after = after.replace(word, "")
    assert "Geheim" not in after
    assert "ID" not in after


def test_what_the_web_gets_has_no_room_for_people_or_ids():
    names = {
        field.name
        for kind in (public.PublicMeasure, public.PublicEntry, public.PublicPost, public.PublicEvent)
        for field in fields(kind)
    }

    assert not {
        name for name in names if name == "id" or name.endswith("_id") or "person" in name or "note" in name
    }


def test_pages_learn_of_a_change_in_the_same_transaction(store: Store):
    before = store.ask(public.revision)

    store.do(lambda session: measure(session, "E-Akte"))

    assert store.ask(public.revision) == before + 1
