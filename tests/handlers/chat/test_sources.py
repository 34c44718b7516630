"""The App Home's pages about sources, the form for a new one, and the news of trouble: for administrators."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlmodel import Session

from bot import curation, delivery, people, polling, posts, trouble
from bot.curation import Source, SourceKind
from bot.people import Role
from bot.sources import Entry, Offer
from bot.texts import texts
from handlers.chat import sources
from handlers.chat.blocks.source_form import Choice, offer_form
from sandbox.client import Form, Person, visible_text
from tests.handlers.chat.conftest import ANN, JOE, NEWS, RED, REVIEW, RON, START, Office, an_office
from tests.handlers.outside import until

ADDRESS, NAME, BRINGS, DEPARTMENT = "Adresse", "Name", "Was sie bringt", "Referat oder Eigenbetrieb"
# What stands beside the buttons of the one that fails.
LATER = "in 2 Stunden"
LOOKING = "Ich sehe nach, was es unter"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Stadtblog</title></channel></rss>'
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Stadt//DE\r\nX-WR-CALNAME:Termine\r\nEND:VCALENDAR\r\n"


@dataclass
class Portal:
    """A portal of this machine; what it `holds` up comes only when it is let go."""

    url: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.Response:
        await self.goes_on.wait()
        if request.path not in self.pages:
            raise web.HTTPNotFound
        body, content_type = self.pages[request.path]
        return web.Response(text=body, content_type=content_type)


@pytest.fixture
async def portal() -> AsyncIterator[Portal]:
    opened = Portal()
    opened.goes_on.set()
    opened.pages = {"/feed": (RSS, "text/xml"), "/termine.ics": (ICS, "text/calendar")}
    app = web.Application()
    app.router.add_get("/{path:.*}", opened.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    opened.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield opened
    opened.goes_on.set()
    await runner.cleanup()


@pytest.fixture(autouse=True)
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources stay as a test makes them: the assistant reads none."""
    monkeypatch.setattr(polling, "take", lambda *_args, **_values: [])


def a_source(session: Session, name: str, now: datetime, **changes: object) -> Source:
    """A source that is well and was read five minutes ago."""
    source = curation.add(
        session, kind=SourceKind.FEED, name=name, url=f"https://stadt.example/{name}", now=now, origin="test"
    )
    source.succeeded_at, source.next_poll_at = now - timedelta(minutes=5), now + timedelta(hours=3)
    for attribute, value in changes.items():
        setattr(source, attribute, value)
    return source


def failing(session: Session, name: str, now: datetime) -> Source:
    since = now - timedelta(days=2)
    return a_source(
        session, name, now, failures=3, error_reason="http_status", error_detail="404", failing_since=since
    )


def admins(session: Session, now: datetime) -> None:
    for chat_id in (RED, RON):
        found = people.greet(session, chat_id=chat_id, name=chat_id, locale="de-DE", now=now)
        people.set_role(session, found, Role.ADMIN)


def two(session: Session, now: datetime) -> None:
    admins(session, now)
    a_source(session, "Anzeiger", now)
    failing(session, "Zeitung", now)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, before=two) as opened:
        yield opened


async def at_sources(office: Office, chat_id: str = RED) -> Person:
    """Return an administrator who looks at the sources."""
    person = office.person(chat_id)
    await person.open_home()
    await person.click("Quellen ansehen", on="home")
    await person.sees_at_home("Zurück zur Startseite")
    return person


async def address_form(office: Office, chat_id: str = RED) -> Form:
    person = await at_sources(office, chat_id)
    await person.click("Quelle hinzufügen", on="home")
    return await person.form("Quelle hinzufügen")


async def looked(form: Form, address: str) -> str:
    """Give an address, wait until it is known what is there, and return why it can't be read, or the form."""
    errors = await form.submit({ADDRESS: address})
    await until(lambda: LOOKING not in form.text)
    return errors.get(ADDRESS) or form.text


def home(office: Office, chat_id: str = RED) -> list[str]:
    view = office.sandbox.workspace.home_view(chat_id)
    assert view is not None
    return [text for block in view.blocks for text in visible(block)]


def visible(part: object) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in visible(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else []
    return own + [text for value in part.values() for text in visible(value)]


def named(office: Office) -> list[str]:
    return [source.name for source in office.store.ask(curation.listed)]


def of(office: Office, name: str) -> Source:
    (found,) = office.store.ask(curation.named, name)
    return found


# What is seen


async def test_the_start_page_says_to_administrators_how_the_sources_are(office: Office):
    red = office.person(RED)
    await red.open_home()

    await red.sees_at_home("2 Quellen, 1 mit Fehler.")


async def test_nobody_else_sees_anything_of_sources(office: Office):
    ann = office.person(ANN)
    await ann.open_home()
    await ann.sees_at_home("`/funk ")

    assert "Quelle" not in "\n".join(home(office, ANN))


async def test_the_page_shows_each_source_those_in_trouble_first(office: Office):
    await at_sources(office)

    shown = "\n".join(home(office))
    assert shown.index("Zeitung") < shown.index("Anzeiger")
    assert "Unter dieser Adresse gibt es nichts (404)." in shown
    assert "Seit 16. November 2026, 11:00" in shown
    assert "zuletzt gelesen: vor 5 Minuten · nächstes Mal: in 2 Stunden" in shown
    assert "zuletzt gelesen: vor 5 Minuten · nächstes Mal: gleich" in shown
    assert "in den letzten 30 Tagen: nichts Neues" in shown


async def test_the_page_counts_what_a_source_has_brought(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        admins(session, now)
        source = a_source(session, "Blog", now)
        entries = [
            Entry(str(number), None, f"Beitrag {number}", "", None, None, None, (), None, None)
            for number in range(3)
        ]
        posts.take_in(session, source, entries, now=now)

    async with an_office(tmp_path, before=before) as office:
        await at_sources(office)

        assert "in den letzten 30 Tagen: 3 Beiträge" in "\n".join(home(office))


async def test_many_sources_are_turned_over_page_by_page(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        admins(session, now)
        for number in range(40):
            failing(session, f"Quelle {number:02}" + "x" * 80, now)

    async with an_office(tmp_path, before=before) as office:
        red = await at_sources(office)
        await red.click("Weitere", on="home")
        await red.sees_at_home("16 bis 30 von 40")
        await red.click("Weitere", on="home")
        view = await red.sees_at_home("31 bis 40 von 40")

        assert "Quelle 39" in "\n".join(home(office))
        assert "Weitere" not in "\n".join(home(office))
        assert len(view.blocks) <= 100
        await red.click("Zurück", on="home")
        await red.sees_at_home("16 bis 30 von 40")


async def test_there_is_a_way_back_to_the_start_page(office: Office):
    red = await at_sources(office)

    await red.click("Zurück zur Startseite", on="home")

    await red.sees_at_home("Quellen ansehen")


# What can be done


async def test_a_source_is_read_at_once(office: Office):
    red = await at_sources(office)

    await red.click("Jetzt lesen", on="home", beside=LATER)

    assert of(office, "Zeitung").next_poll_at <= office.clock.now


async def test_a_source_is_paused_and_goes_on(office: Office):
    red = await at_sources(office)

    await red.click("Pausieren", on="home", beside=LATER)
    await red.sees_at_home("angehalten")
    assert of(office, "Zeitung").paused_at is not None

    await red.click("Weiter lesen", on="home")
    await until(lambda: "angehalten" not in "\n".join(home(office)))
    found = of(office, "Zeitung")
    assert (found.paused_at, found.error_reason, found.failures) == (None, None, 0)


async def test_a_removed_source_is_gone_and_the_question_before_it_says_what_stays(office: Office):
    red = await at_sources(office)
    question = [element["confirm"] for element in removing(office)]
    assert "Beiträge, Termine und Kommentare bleiben" in question[0]["text"]["text"]

    await red.click("Entfernen", on="home", beside=LATER)

    await red.sees_at_home("1 Quelle, ohne Fehler.")
    assert named(office) == ["Anzeiger"]


def removing(office: Office) -> list[dict[str, dict[str, dict[str, str]]]]:
    view = office.sandbox.workspace.home_view(RED)
    assert view is not None
    buttons = [element for block in view.blocks for element in block.get("elements", ())]
    return [element for element in buttons if element.get("action_id") == "source_remove"]


async def test_of_two_administrators_the_second_hears_that_the_source_is_gone(office: Office):
    red, ron = await at_sources(office, RED), await at_sources(office, RON)
    await red.click("Entfernen", on="home", beside=LATER)
    await red.sees_at_home("1 Quelle, ohne Fehler.")

    await ron.click("Pausieren", on="home", beside=LATER)

    assert "wurde schon entfernt" in (await ron.form()).text
    await ron.sees_at_home("1 Quelle, ohne Fehler.")
    assert of(office, "Anzeiger").paused_at is None


async def test_an_old_button_never_means_a_later_source_with_the_same_number(office: Office):
    red, ron = await at_sources(office, RED), await at_sources(office, RON)
    number = of(office, "Zeitung").id
    await red.click("Entfernen", on="home", beside=LATER)
    await red.sees_at_home("1 Quelle, ohne Fehler.")
    office.store.do(lambda session: a_source(session, "Nachfolger", office.clock.now).id)
    assert of(office, "Nachfolger").id == number

    await ron.click("Entfernen", on="home", beside=LATER)

    assert "wurde schon entfernt" in (await ron.form()).text
    assert named(office) == ["Anzeiger", "Nachfolger"]


@pytest.mark.parametrize(
    "label", ["Quelle hinzufügen", "Zurück zur Startseite", "Jetzt lesen", "Pausieren", "Entfernen"]
)
async def test_whoever_is_no_administrator_any_more_can_do_nothing(office: Office, label: str):
    red = await at_sources(office)
    before = office.store.ask(curation.overview, now=START, limit=10)
    dismiss(office, RED)

    near = LATER if label in {"Jetzt lesen", "Pausieren", "Entfernen"} else None
    await red.click(label, on="home", beside=near)

    if label == "Zurück zur Startseite":
        await red.sees_at_home("`/funk ")
        assert "Quelle" not in "\n".join(home(office))
    else:
        assert "Administrator*innen" in (await red.form()).text
    assert office.store.ask(curation.overview, now=START, limit=10) == before


def dismiss(office: Office, chat_id: str) -> None:
    def take_away(session: Session) -> None:
        found = people.by_chat_id(session, chat_id)
        assert found is not None
        people.set_role(session, found, Role.ADMIN, given=False)

    office.store.do(take_away)


async def test_a_form_that_was_open_when_the_role_went_adds_nothing(office: Office, portal: Portal):
    form = await address_form(office)
    await looked(form, f"{portal.url}/feed")
    dismiss(office, RED)

    errors = await form.submit()

    assert "Administrator*innen" in str(errors)
    assert named(office) == ["Anzeiger", "Zeitung"]


# A new source


async def test_a_feed_is_added_by_its_address_and_announced_in_a_channel(office: Office, portal: Portal):
    form = await address_form(office)

    assert "Feed: Stadtblog" in await looked(form, f" {portal.url}/feed ")
    assert form.values[NAME] == "Stadtblog"
    assert await form.submit({"Melden in": "neues"}) == {}

    assert not form.is_open
    await office.person(RED).sees_at_home("Stadtblog")
    source = of(office, "Stadtblog")
    assert (source.url, source.origin) == (f"{portal.url}/feed", "chat")
    assert office.store.ask(curation.told, source) == [NEWS]


async def test_a_calendar_is_found_as_one(office: Office, portal: Portal):
    form = await address_form(office)
    await looked(form, f"{portal.url}/termine.ics")
    await form.submit({NAME: "Stadtkalender"})

    assert of(office, "Stadtkalender").kind is SourceKind.CALENDAR


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("stadt.example", "Einen Server mit diesem Namen gibt es nicht."),
        ("kein Server", "Einen Server mit diesem Namen gibt es nicht."),
        ("ftp://stadt.example/feed", "die mit http:// oder https:// beginnt"),
        ("https://", "die mit http:// oder https:// beginnt"),
        ("https://stadt:geheim@stadt.example/", "kein Passwort"),
        ("javascript:alert(1)", "die mit http:// oder https:// beginnt"),
        ("http://192.168.0.1/feed", "ins eigene Netz der Stadt"),
        ("http://127.0.0.1:1/feed", "nimmt keine Verbindung an"),
    ],
)
async def test_an_address_that_can_not_be_read_is_said_at_its_field(
    office: Office, address: str, sentence: str
):
    form = await address_form(office)

    assert sentence in await looked(form, address)
    assert form.values[ADDRESS] == address


async def test_an_address_is_mended_and_sent_again(office: Office, portal: Portal):
    form = await address_form(office)
    assert "(404)" in await looked(form, f"{portal.url}/weg")

    assert "Stadtblog" in await looked(form, f"{portal.url}/feed")


async def test_a_page_with_nothing_to_read_says_so(office: Office, portal: Portal):
    portal.pages["/"] = ("Hallo", "text/plain")
    form = await address_form(office)

    assert "nichts gefunden, was ich lesen kann" in await looked(form, portal.url)


async def test_a_slow_portal_is_waited_for_in_sight(
    office: Office, portal: Portal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sources, "AT_ONCE_S", 0.01)
    portal.goes_on.clear()
    form = await address_form(office)

    assert await form.submit({ADDRESS: f"{portal.url}/feed"}) == {}

    assert LOOKING in form.text
    portal.goes_on.set()
    await until(lambda: "Stadtblog" in form.text)
    assert await form.submit() == {}
    assert "Stadtblog" in named(office)


async def test_a_portal_that_is_too_slow_can_be_tried_again(
    office: Office, portal: Portal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sources, "AT_ONCE_S", 0.01)
    monkeypatch.setattr(sources, "LOOK_FOR_S", 0.05)
    portal.goes_on.clear()
    form = await address_form(office)
    await form.submit({ADDRESS: f"{portal.url}/feed"})

    await until(lambda: "braucht zu lange" in form.text)
    portal.goes_on.set()
    monkeypatch.setattr(sources, "LOOK_FOR_S", 10)
    assert form.values[ADDRESS] == f"{portal.url}/feed"
    assert "Stadtblog" in await looked(form, f"{portal.url}/feed")


async def test_whoever_closes_the_form_while_the_assistant_looks_is_left_in_peace(
    office: Office, portal: Portal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sources, "AT_ONCE_S", 0.01)
    portal.goes_on.clear()
    form = await address_form(office)
    await form.submit({ADDRESS: f"{portal.url}/feed"})

    await form.close()
    portal.goes_on.set()
    await asyncio.sleep(sources.TAKEN_S + 0.3)

    assert not form.is_open
    assert named(office) == ["Anzeiger", "Zeitung"]


OFFERS = (
    Offer("feed", "https://portal.example/feed", "Neuigkeiten"),
    Offer("comments", "https://portal.example/comments/feed", "Kommentare"),
    Offer("sitemap", "https://portal.example/sitemap.xml", ""),
    Offer("hologram", "https://portal.example/hologram", "Das gibt es noch nicht"),
)


async def found_by(monkeypatch: pytest.MonkeyPatch, *offers: Offer) -> None:
    async def discover(*_args: object, **_values: object) -> tuple[Offer, ...]:
        return offers

    monkeypatch.setattr("handlers.run.discover", discover)


async def test_of_several_things_one_is_chosen_and_its_fields_are_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    await found_by(monkeypatch, *OFFERS)
    form = await address_form(office)
    red = office.person(RED)
    await form.submit({ADDRESS: "https://portal.example/"})
    assert form.fields == ["Das habe ich gefunden", NAME, "Melden in", BRINGS]
    assert "hologram" not in form.text

    await red.choose("Das habe ich gefunden", "Kommentar-Feed: Kommentare", on="modal")
    await until(lambda: form.values[NAME] == "Kommentare")
    assert form.fields == ["Das habe ich gefunden", NAME]

    await red.choose("Das habe ich gefunden", "Sitemap: portal.example", on="modal")
    await until(lambda: "Nur Pfade, die so beginnen" in form.fields)
    assert form.values[NAME] == "portal.example"
    assert await form.submit({NAME: "Portal", "Nur Pfade, die so beginnen": "blog/"}) == {}

    source = of(office, "Portal")
    assert (source.kind, source.path_prefix, source.url) == (
        SourceKind.SITEMAP,
        "/blog/",
        "https://portal.example/sitemap.xml",
    )


async def test_whoever_chooses_and_sends_at_once_gets_what_was_chosen(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    await found_by(monkeypatch, *OFFERS)
    form = await address_form(office)
    await form.submit({ADDRESS: "https://portal.example/"})

    assert await form.submit({"Das habe ich gefunden": "Kommentar-Feed: Kommentare"}) == {}

    assert of(office, "Kommentare").kind is SourceKind.COMMENTS


async def test_whoever_chooses_a_known_sitemap_and_sends_at_once_keeps_its_path(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    def known(session: Session) -> None:
        url, kind, now = "https://portal.example/sitemap.xml", SourceKind.SITEMAP, office.clock.now
        curation.add(session, kind=kind, name="Portal", url=url, path_prefix="/blog/", now=now, origin="test")

    office.store.do(known)
    await found_by(monkeypatch, *OFFERS)
    form = await address_form(office)
    await form.submit({ADDRESS: "https://portal.example/"})

    assert await form.submit({"Das habe ich gefunden": "Sitemap: portal.example"}) == {}

    assert of(office, "Portal").path_prefix == "/blog/"


async def test_what_is_read_already_says_so_and_keeps_how_often(office: Office, portal: Portal):
    def known(session: Session) -> None:
        url = f"{portal.url}/feed/"
        kind, now = SourceKind.FEED, office.clock.now
        curation.add(session, kind=kind, name="Schon da", url=url, every_s=120, now=now, origin="test")

    office.store.do(known)
    form = await address_form(office)
    await looked(form, f"{portal.url}/feed")

    assert "Das lese ich schon, als „Schon da“." in form.text
    assert form.values[NAME] == "Schon da"
    assert await form.submit({NAME: "Umbenannt"}) == {}
    assert of(office, "Umbenannt").every_s == 120
    assert "Schon da" not in named(office)


async def test_what_a_source_brings_and_whose_it_is_may_be_chosen_and_changed(tmp_path: Path, portal: Portal):
    def before(session: Session, now: datetime) -> None:
        admins(session, now)
        for name, short in (("Bildung und Sport", "RBS"), ("Ein Betrieb", None)):
            people.import_department(session, name=name, short=short, kind="x", source="test")

    async with an_office(tmp_path, before=before) as office:
        form = await address_form(office)
        await looked(form, f"{portal.url}/feed")
        assert (form.values[BRINGS], form.values[DEPARTMENT]) == (
            "Das zeigt jeder Beitrag selbst",
            "Kein bestimmtes Referat",
        )
        assert await form.submit({BRINGS: "Stellen", DEPARTMENT: "RBS"}) == {}
        await office.person(RED).sees_at_home("Stellen · RBS")

        form = await address_form(office)
        await looked(form, f"{portal.url}/feed")
        assert (form.values[BRINGS], form.values[DEPARTMENT]) == ("Stellen", "RBS")
        assert await form.submit({BRINGS: "Das zeigt jeder Beitrag selbst", DEPARTMENT: "Ein Betrieb"}) == {}
        await office.person(RED).sees_at_home("Ein Betrieb")
        assert "Stellen" not in "\n".join(home(office))

        form = await address_form(office)
        await looked(form, f"{portal.url}/termine.ics")
        assert BRINGS not in form.fields
        assert await form.submit({NAME: "Kalender", DEPARTMENT: "RBS"}) == {}
        assert of(office, "Kalender").department_id is not None


async def test_a_name_has_to_be_there(office: Office, portal: Portal):
    form = await address_form(office)
    await looked(form, f"{portal.url}/feed")

    assert "einen Namen mit höchstens 100 Zeichen" in (await form.submit({NAME: "   "}))[NAME]


async def test_two_administrators_who_add_the_same_at_once_add_it_once(office: Office, portal: Portal):
    forms = [await address_form(office, RED), await address_form(office, RON)]
    for form in forms:
        await looked(form, f"{portal.url}/feed")

    await asyncio.gather(*(form.submit({NAME: "Stadtblog"}) for form in forms))

    assert named(office) == ["Anzeiger", "Stadtblog", "Zeitung"]


def test_what_does_not_fit_into_a_form_is_counted():
    many = [Offer("feed", f"https://portal.example/{'x' * 500}/{number}", "T" * 300) for number in range(30)]

    choice = Choice.of(many, [None] * len(many))
    view = offer_form(choice, [], texts("de"))

    assert len(view["private_metadata"]) <= 3000
    assert 1 <= len(choice.offers) <= 10
    assert f"Es gibt noch {30 - len(choice.offers)} weitere Angebote" in str(view["blocks"])
    assert Choice.unpacked(view["private_metadata"]) == choice


# News of trouble


def told(session: Session, kind: str, name: str, now: datetime) -> None:
    (source,) = curation.named(session, name)
    trouble.to_admins(session, kind, source.id or 0, key=f"{kind}:{name}", now=now)


async def test_administrators_read_what_is_wrong_with_a_source(office: Office):
    await office.store.run(told, polling.DOWN, "Zeitung", office.clock.now)

    shown = visible_text(await office.person(RED).sees("Ich kann die Quelle „Zeitung“ nicht", channel=REVIEW))

    assert "Unter dieser Adresse gibt es nichts (404)." in shown
    assert "https://stadt.example/Zeitung" in shown
    assert "Seit 16. November 2026, 11:00" in shown
    assert "nächster Versuch am 18. November 2026, 14:00" in shown
    assert "sources show" in shown


async def test_administrators_read_that_a_source_is_back(office: Office):
    await office.store.run(told, polling.BACK, "Anzeiger", office.clock.now)

    await office.person(RED).sees("Die Quelle „Anzeiger“ wird wieder gelesen.", channel=REVIEW)


async def test_administrators_read_that_a_source_is_gone_for_good(office: Office):
    def gone(session: Session) -> None:
        (source,) = curation.named(session, "Zeitung")
        source.paused_at, source.paused_reason = office.clock.now, "gone"
        told(session, polling.DOWN, "Zeitung", office.clock.now)

    await office.store.run(gone)

    shown = visible_text(await office.person(RED).sees("„Zeitung“ gibt es nicht mehr", channel=REVIEW))
    assert "(410)" in shown
    assert "nächster Versuch" not in shown


@pytest.mark.parametrize(
    ("kind", "name"), [(polling.DOWN, "Anzeiger"), (polling.BACK, "Zeitung")], ids=["well", "failing"]
)
async def test_what_is_not_true_any_more_is_not_said(office: Office, kind: str, name: str):
    await office.store.run(told, kind, name, office.clock.now)
    await office.store.run(told, polling.DOWN, "Zeitung", office.clock.now)
    await office.person(RED).sees("Ich kann die Quelle „Zeitung“ nicht", channel=REVIEW)

    assert not any("Anzeiger" in text or "wieder gelesen" in text for text in office.texts(REVIEW))


async def test_a_removed_source_is_not_spoken_of(office: Office):
    def remove(session: Session) -> None:
        (source,) = curation.named(session, "Zeitung")
        told(session, polling.DOWN, "Zeitung", office.clock.now + timedelta(days=1))
        curation.remove(session, source)

    await office.store.run(remove)

    rows = office.store.ask(delivery.listed, state=None, limit=10)
    assert [(row.kind, row.state.value) for row in rows if row.kind == polling.DOWN] == [
        (polling.DOWN, "cancelled")
    ]


async def test_a_foreign_name_stays_words(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        admins(session, now)
        failing(session, "a", now).name = name

    name = "<!channel> <https://boese.example|Stadt>"
    async with an_office(tmp_path, before=before) as office:
        await office.store.run(told, polling.DOWN, name, office.clock.now)
        message = await office.person(RED).sees("Ich kann die Quelle", channel=REVIEW)

        assert "<!channel>" not in message.text
        assert "&lt;!channel&gt;" in message.text


async def test_english_administrators_read_english(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        two(session, now)
        found = people.greet(session, chat_id=JOE, name="Joe", locale="en-GB", now=now)
        people.set_role(session, found, Role.ADMIN)

    async with an_office(tmp_path, before=before) as office:
        joe = office.person(JOE)
        await joe.open_home()
        await joe.click("Show the sources", on="home")

        await joe.sees_at_home("There is nothing at this address (404).")
