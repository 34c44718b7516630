import pytest
from sqlmodel import Session

from bot import people
from bot.people import NotAllowedError, Role
from storage.people import department_by_short
from storage.store import Store
from tests.made import NOW, person


def greet(session: Session, name: str = "Ann", locale: str | None = "de-DE") -> tuple[int, str, str]:
    found = people.greet(session, chat_id="U1", name=name, locale=locale, now=NOW)
    return found.id or 0, found.name, found.language


def test_a_colleague_is_kept_at_first_contact_and_brought_up_to_date_later(sqlite_store: Store):
    assert sqlite_store.do(greet) == (1, "Ann", "de")
    assert sqlite_store.do(greet, "Ann B.", "en-GB") == (1, "Ann B.", "en")

    assert sqlite_store.ask(people.language, 1) == "en"


@pytest.mark.parametrize("locale", [None, "", "fr-FR", "de-AT"])
def test_who_speaks_no_language_of_ours_is_spoken_to_in_german(sqlite_store: Store, locale: str | None):
    assert sqlite_store.do(greet, locale=locale)[2] == "de"


def test_nobody_speaks_no_language(sqlite_store: Store):
    assert sqlite_store.ask(people.language, None) is None
    assert sqlite_store.ask(people.language, 99) is None


def roles(session: Session, *given: Role) -> set[Role]:
    return people.roles(session, person(session, "U1", *given).id or 0)


def test_a_role_is_given_and_taken_away(sqlite_store: Store):
    assert sqlite_store.do(roles) == set()
    assert sqlite_store.do(roles, Role.COMMS, Role.EDITOR, Role.COMMS) == {Role.COMMS, Role.EDITOR}

    for _ in range(2):
        sqlite_store.do(
            lambda session: people.set_role(session, person(session, "U1"), Role.COMMS, given=False)
        )

    assert sqlite_store.do(roles) == {Role.EDITOR}


def test_a_role_counts_from_the_moment_it_is_given_and_no_longer(sqlite_store: Store):
    def may(session: Session) -> bool:
        return people.is_allowed(session, person(session, "U1"), Role.COMMS)

    assert not sqlite_store.do(may)
    sqlite_store.do(roles, Role.COMMS)
    assert sqlite_store.do(may)
    sqlite_store.do(lambda session: people.set_role(session, person(session, "U1"), Role.COMMS, given=False))
    assert not sqlite_store.do(may)


def test_a_refusal_names_the_roles_that_may(sqlite_store: Store):
    with pytest.raises(NotAllowedError) as refused:
        sqlite_store.do(
            lambda session: people.require(session, person(session, "U1", Role.LEAD), Role.COMMS, Role.EDITOR)
        )

    assert refused.value.roles == (Role.COMMS, Role.EDITOR)


def test_administrators_may_everything(sqlite_store: Store):
    sqlite_store.do(lambda session: people.require(session, person(session, "U1", Role.ADMIN), Role.COMMS))


def test_everyone_is_listed_with_their_roles_by_name(sqlite_store: Store):
    sqlite_store.do(lambda session: person(session, "U1", name="Zoe"))
    sqlite_store.do(lambda session: person(session, "U2", Role.COMMS, Role.ADMIN, name="Ann"))

    found = [(who.name, given) for who, given in sqlite_store.ask(people.with_roles)]

    assert found == [("Ann", [Role.ADMIN, Role.COMMS]), ("Zoe", [])]


def test_a_department_is_known_by_its_name(sqlite_store: Store):
    def keep(session: Session, short: str | None) -> int:
        found = people.import_department(
            session, name="IT-Referat", short=short, kind="Referat", source="test"
        )
        return found.id or 0

    first = sqlite_store.do(keep, None)
    assert sqlite_store.do(keep, "RIT") == first

    assert [found.short for found in sqlite_store.ask(people.departments)] == ["RIT"]
    assert set(sqlite_store.ask(department_by_short, ["RIT", "XYZ"])) == {"RIT"}
