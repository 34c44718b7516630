from datetime import timedelta

from sqlmodel import Session

from bot import measures
from bot.radar import AnswerKind, Status
from storage import public
from storage import radar as stored
from storage.people import Person
from storage.store import Store
from tests.made import NOW, delivered, measure, person, state


def field(session: Session, edition: int = 2022, description: str = "") -> int:
    found = measures.import_field(
        session, name="Bildung", edition=edition, core_area=None, description=description, source="test"
    )
    return found.id or 0


def test_a_field_of_action_is_known_by_its_edition_and_name(sqlite_store: Store):
    first = sqlite_store.do(field)

    assert sqlite_store.do(field, description="Neu") == first
    assert sqlite_store.do(field, 2025) != first
    assert sqlite_store.ask(public.fields, edition=2022) == ["Bildung"]
    found = sqlite_store.ask(stored.field, name="Bildung", edition=2022)
    assert found is not None
    assert found.description == "Neu"


def test_a_measure_is_kept_under_its_title_in_the_field_of_its_edition(sqlite_store: Store):
    sqlite_store.do(field)
    sqlite_store.do(measure, "Digitale Bücher", field_name="Bildung", ends_in=2027)

    (found,) = sqlite_store.ask(public.measures)
    assert (found.title, found.slug, found.field, found.field_edition) == (
        "Digitale Bücher",
        "digitale-buecher",
        "Bildung",
        2022,
    )
    assert (found.status, found.progress_percent, found.starts_in, found.ends_in) == (
        Status.IN_PROGRESS,
        20,
        2022,
        2027,
    )


def test_a_measure_without_field_or_status_is_kept_all_the_same(sqlite_store: Store):
    sqlite_store.do(measure, "Irgendwas", field_name="Gibt es nicht", status=None, progress_percent=None)

    (found,) = sqlite_store.ask(public.measures)
    assert (found.field, found.status, found.progress_percent, found.is_demo) == (None, None, None, False)


def test_a_measure_that_is_known_keeps_what_its_owners_said(sqlite_store: Store):
    first = sqlite_store.do(measure, "E-Akte", progress_percent=80)
    again = sqlite_store.do(measure, "E-Akte", progress_percent=10)

    assert again.id == first.id
    assert sqlite_store.ask(public.measures)[0].progress_percent == 80


def test_measures_whose_titles_look_alike_have_pages_of_their_own(sqlite_store: Store):
    for title in ("E-Akte", "E Akte", "e-akte!"):
        sqlite_store.do(measure, title)

    assert {found.slug for found in sqlite_store.ask(public.measures)} == {"e-akte", "e-akte-2", "e-akte-3"}


def test_a_state_from_a_list_is_public_with_its_date_and_its_origin(sqlite_store: Store):
    at = NOW - timedelta(days=400)

    def fill(session: Session) -> None:
        found = measure(session, "E-Akte")
        measures.import_state(
            session, found, state(progress_percent=55, outlook="Mehr"), at=at, origin="demo"
        )

    sqlite_store.do(fill)

    found = sqlite_store.ask(public.measure, "e-akte")
    assert found is not None
    shown, history = found
    assert (shown.progress_percent, shown.outlook, shown.confirmed_at, shown.is_demo) == (
        55,
        "Mehr",
        at,
        True,
    )
    assert [(entry.at, entry.kind, entry.progress_percent, entry.is_demo) for entry in history] == [
        (at, AnswerKind.UPDATE, 55, True)
    ]


def test_who_answers_for_a_measure_is_noted_once_and_nobody_is_told(sqlite_store: Store):
    def fill(session: Session) -> list[Person]:
        owner = person(session, "OLE")
        found = measure(session, "E-Akte", owner)
        measures.set_owner(session, found, owner, origin="import")
        return stored.owners(session, found.id or 0)

    assert [owner.chat_id for owner in sqlite_store.do(fill)] == ["OLE"]
    assert sqlite_store.ask(delivered) == {}
