"""`people`: who the assistant knows, and what they may do."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot import people
from bot.people import Role
from handlers.commands import departments
from handlers.commands.context import AsJson, fail, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Kolleg*innen und ihre Rollen.")

ChatId = Annotated[str, typer.Argument(help="Die Nutzer-ID aus dem Chat, zum Beispiel U012AB3CD.")]


@app.command("list")
def list_people(*, as_json: AsJson = False) -> None:
    """Alle bekannten Kolleg*innen mit ihren Rollen zeigen."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        rows = [
            {"chat_id": person.chat_id, "name": person.name, "roles": [role.value for role in given]}
            for person, given in store.ask(people.with_roles)
        ]
    show(rows, as_json=as_json, empty=_("Nobody is known yet."))


@app.command("add")
def add(
    chat_id: ChatId,
    name: Annotated[str, typer.Argument(help="Anzeigename.")],
    *,
    department: Annotated[
        str | None,
        typer.Option(metavar="REFERAT", help="Kürzel oder Name des Referats, zu dem die Person gehört."),
    ] = None,
) -> None:
    """Jemanden eintragen, noch bevor die Person den Bot zum ersten Mal nutzt, oder ihr Referat ändern."""
    found = settings()
    _ = words(found)

    def keep(session: Session) -> None:
        person = people.greet(
            session, chat_id=chat_id, name=name, locale=None, now=datetime.now(UTC), source="command"
        )
        if department:
            person.department_id = departments.named(session, department).id

    with opened(found) as store:
        try:
            store.do(keep)
        except departments.NoDepartmentError as error:
            known = ", ".join(error.known) or "–"
            fail(_("No department is called {name}. There are: {known}", name=department, known=known))


@app.command("role")
def role(
    chat_id: ChatId,
    role: Annotated[Role, typer.Argument(help="Die Rolle.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Die Rolle wegnehmen.")] = False,
) -> None:
    """Jemandem eine Rolle geben oder nehmen."""
    found = settings()
    _ = words(found)

    def change(session: Session) -> bool:
        person = people.by_chat_id(session, chat_id)
        if person:
            people.set_role(session, person, role, given=not remove)
        return person is not None

    with opened(found) as store:
        if not store.do(change):
            fail(_("Nobody with the id {id} is known. Add them first: people add {id} NAME", id=chat_id))
