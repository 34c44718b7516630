"""The demo's chat workspace: role accounts (never real people) and channels."""

from dataclasses import dataclass
from typing import Any, Final

from bot.people import Role
from sandbox import BOT_USER_ID, Channel, Member, Seed

NEWS: Final = "C0NEUES"
COMMS: Final = "C0REDAKTION"
REVIEW: Final = "C0RADAR"
ADMIN: Final = "C0BETRIEB"
GENERAL: Final = "C0ALLGEMEIN"


@dataclass(frozen=True)
class Account:
    """A role account: what the chat knows, its department and what it may do."""

    member: Member
    department: str | None = None
    roles: tuple[Role, ...] = ()


def _account(
    id_: str,
    handle: str,
    name: str,
    title: str,
    department: str | None = None,
    *roles: Role,
    locale: str = "de-DE",
) -> Account:
    return Account(Member(id_, handle, name, title, locale=locale), department, roles)


ACCOUNTS: Final = (
    _account("U0KOLLEGIN", "kollegin", "Kollegin Stadtbibliothek", "Städtische Mitarbeiterin", "KULT"),
    _account(
        "U0DIGIRIT", "digi.rit", "Digitalisierungsmanager*in RIT", "IT-Referat", "RIT", Role.LEAD, Role.OWNER
    ),
    _account(
        "U0DIGIKULT",
        "digi.kult",
        "Digitalisierungsmanager*in KULT",
        "Kulturreferat",
        "KULT",
        Role.LEAD,
        Role.OWNER,
    ),
    _account(
        "U0DIGIMOR",
        "digi.mor",
        "Digitalisierungsmanager*in MOR",
        "Mobilitätsreferat",
        "MOR",
        Role.LEAD,
        Role.OWNER,
    ),
    _account(
        "U0DIGIKVR",
        "digi.kvr",
        "Digitalisierungsmanager*in KVR",
        "Kreisverwaltungsreferat",
        "KVR",
        Role.LEAD,
        Role.OWNER,
    ),
    _account(
        "U0DIGIRBS",
        "digi.rbs",
        "Digitalisierungsmanager*in RBS",
        "Referat für Bildung und Sport",
        "RBS",
        Role.LEAD,
        Role.OWNER,
    ),
    _account(
        "U0DIGIRAW",
        "digi.raw",
        "Digitalisierungsmanager*in RAW",
        "Referat für Arbeit und Wirtschaft",
        "RAW",
        Role.LEAD,
        Role.OWNER,
    ),
    _account("U0EAKTE", "projekt.eakte", "Projektleitung E-Akte", "IT-Referat", "RIT", Role.OWNER),
    _account("U0REDAKTION", "redaktion", "Redaktion", "Digitale Kommunikation", "RIT", Role.COMMS),
    _account("U0RADAR", "radar.redaktion", "Radar-Redaktion", "Gibt Rückmeldungen frei", "RIT", Role.EDITOR),
    _account("U0BETRIEB", "betrieb", "Betrieb", "Administrator*in", "ITM", Role.ADMIN),
    _account("U0NEWCOLL", "new.colleague", "New Colleague", "Speaks English", "RIT", locale="en-GB"),
)


def seed(manifest: dict[str, Any]) -> Seed:
    """Return what the demo's workspace starts with."""
    everyone = tuple(account.member.id for account in ACCOUNTS)

    def team(*roles: Role) -> tuple[str, ...]:
        chosen = {Role.ADMIN, *roles}
        return (*(account.member.id for account in ACCOUNTS if chosen & {*account.roles}), BOT_USER_ID)

    return Seed(
        team="München (Demo)",
        domain="stadt-demo",
        members=tuple(account.member for account in ACCOUNTS),
        channels=(
            Channel(NEWS, "digital-neues", "Neue Beiträge und Veranstaltungen", (*everyone, BOT_USER_ID)),
            Channel(GENERAL, "allgemein", "Was alle angeht", (*everyone, BOT_USER_ID)),
            Channel(COMMS, "redaktion", "Themenvorschläge der Kolleg*innen", team(Role.COMMS)),
            Channel(REVIEW, "radar-redaktion", "Rückmeldungen prüfen und freigeben", team(Role.EDITOR)),
            Channel(ADMIN, "stadtfunk-betrieb", "Wie es dem Assistenten geht", team()),
        ),
        manifest=manifest,
    )
