"""How posts and events stand in the chat: what a card says, in each layout, and that words stay words."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import curation, delivery, events, people, posts, subscriptions
from bot.curation import SourceKind
from bot.delivery import DeliveryState
from bot.events import CalendarEvent
from bot.people import Department
from bot.posts import Post
from bot.sources import Entry, Occurrence
from bot.subscriptions import EVENTS, POSTS, Choice, Layout, NewsKind
from bot.texts import texts
from bot.workdays import Workdays
from handlers.chat.blocks.events import EventCard, event_card
from handlers.chat.blocks.posts import PostCard, post_card
from sandbox.client import visible_text
from sandbox.protocol.blocks import faults
from sandbox.state.records import Message
from tests.handlers.chat.conftest import ANN, NEWS, RED, Office, an_office

URL = "https://stadt.example/portal"
PICTURE = "https://stadt.example/portal.jpg"
EVENING = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
DEPARTMENT = Department(
    id=1, name="Referat für Bildung und Sport", short="RBS", kind="Referat", source="test"
)


def entry(title: str = "Das neue Portal", **values: Any) -> Entry:
    given: dict[str, Any] = {
        "guid": "1",
        "url": URL,
        "teaser": "Alle Dienste an einem Ort.",
        "published_at": datetime(2026, 11, 18, 9, 0, tzinfo=UTC),
        "updated_at": None,
        "author": None,
        "tags": ("#ExplainIT", "Portal", "RBS"),
        "image_url": PICTURE,
        "image_alt": "Das Portal auf einem Tablet",
        "word_count": 500,
    }
    return Entry(title=title, **given | values)


def occurrence(title: str = "Digitaltag", **values: Any) -> Occurrence:
    day = EVENING.date()
    given = Occurrence(
        "1", None, title, "Kommt vorbei.", "Rathaus", URL, EVENING, None, False, day, day, False, 0, False
    )
    return Occurrence(**vars(given) | {"tags": ("KI", "RBS")} | values)


def fill(session: Session, now: datetime, layout: Layout) -> None:
    people.import_department(
        session, name=DEPARTMENT.name, short=DEPARTMENT.short, kind="Referat", source="test"
    )
    by = people.by_chat_id(session, RED)
    assert by is not None
    workdays = Workdays("DE-BY:public,catholic", ZoneInfo("Europe/Berlin"))
    choice = Choice(POSTS | EVENTS, layout=layout)
    subscriptions.save(session, choice, target=NEWS, by=by, workdays=workdays, now=now)


@pytest.fixture(params=[Layout.CARD])
async def office(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    async with an_office(tmp_path, before=lambda session, now: fill(session, now, request.param)) as opened:
        yield opened


in_lines = pytest.mark.parametrize("office", [Layout.LINE], indirect=True)


async def show(office: Office, shown: Entry | Occurrence, **values: Any) -> None:
    """Let a source show an entry or an event, once more with other words or for the first time."""
    kind = SourceKind.FEED if isinstance(shown, Entry) else SourceKind.CALENDAR

    def take_in(session: Session) -> None:
        url, now = f"https://stadt.example/{kind}", office.clock.now
        source = curation.add(session, kind=kind, name="Quelle", url=url, now=now, origin="test", **values)
        source.succeeded_at = now
        if isinstance(shown, Entry):
            posts.take_in(session, source, [shown], now=now)
        else:
            events.take_in(session, source, [shown], now=now)

    office.clock.forward(minutes=1)
    await office.store.run(take_in)


async def seen(office: Office, words: str) -> Message:
    return await office.person(ANN).sees(words, channel=NEWS)


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


# Posts


async def test_the_card_of_a_post_says_all_there_is_to_know_of_it(office: Office):
    await show(office, entry())

    card = await seen(office, "Neuer Beitrag")
    assert card.text == "Neuer Beitrag: Das neue Portal"
    assert kinds(card) == ["rich_text", "image", "context", "actions"]
    assert visible_text(card).splitlines() == [
        "Das neue Portal",
        "",
        "Alle Dienste an einem Ort.",
        "Das Portal auf einem Tablet",
        "Neuer Beitrag · 18. November 2026 · RBS · #ExplainIT · 3 Min. Lesezeit · #Portal",
        "Warum sehe ich das?",
    ]
    assert (URL in str(card.blocks[0]), card.blocks[1]["image_url"]) == (True, PICTURE)


async def test_a_post_of_which_little_is_known_has_a_short_card(office: Office):
    bare: dict[str, Any] = {"url": None, "teaser": "", "published_at": None, "tags": (), "image_url": None}
    await show(office, entry(**bare, image_alt=None, word_count=None))

    card = await seen(office, "Das neue Portal")
    assert visible_text(card).splitlines() == [
        "Das neue Portal",
        "Neuer Beitrag",
        "Warum sehe ich das?",
    ]


async def test_a_film_and_a_job_are_called_so_and_nobody_reads_a_film(office: Office):
    await show(office, entry("Der Film", url="https://youtu.be/1"))
    film = await seen(office, "Neues Video")
    assert film.text == "Neues Video: Der Film"
    assert "Lesezeit" not in visible_text(film)

    await show(office, entry("Leitung gesucht", guid="2", url=f"{URL}/2"), brings=NewsKind.JOB)
    assert (await seen(office, "Neue Stelle")).text == "Neue Stelle: Leitung gesucht"


@pytest.mark.parametrize(
    ("url", "alt"),
    [
        (PICTURE, None),
        (PICTURE, ""),
        (PICTURE, "\u200b \u202e"),
        ("http://stadt.example/portal.jpg", "Das Portal"),
        ("https://stadt.example/portal.svg", "Das Portal"),
        ("https://stadt.example/portal.WEBP?w=300", "Das Portal"),
        (f"https://stadt.example/{'x' * 3000}", "Das Portal"),
        (None, "Das Portal"),
    ],
)
def test_a_picture_that_slack_can_not_show_or_that_has_no_words_is_left_out(url: str | None, alt: str | None):
    card = post_card(PostCard(a_post("Titel", image_url=url, image_alt=alt)), texts())

    assert [block.type for block in card.blocks] == ["rich_text", "context"]
    assert faults(card.as_slack()["blocks"]) == []


async def test_a_picture_that_slack_can_not_fetch_is_left_out_and_the_card_comes_all_the_same(office: Office):
    office.sandbox.faults.refuse("chat.postMessage", "invalid_blocks")
    await show(office, entry())

    card = await seen(office, "Neuer Beitrag")
    assert kinds(card) == ["rich_text", "context", "actions"]
    assert len(office.texts(NEWS)) == 1
    assert office.sandbox.faults.is_over

    office.sandbox.faults.refuse("chat.update", "invalid_blocks")
    await show(office, entry("Das verbesserte Portal"))
    edited = await seen(office, "Das verbesserte Portal")
    assert (edited.ts, kinds(edited)) == (card.ts, ["rich_text", "context", "actions"])

    await show(office, entry("Das beste Portal"))
    assert kinds(await seen(office, "Das beste Portal")) == ["rich_text", "image", "context", "actions"]


async def test_a_card_without_a_picture_that_slack_refuses_is_given_up_at_once(office: Office):
    office.sandbox.faults.refuse("chat.postMessage", "invalid_blocks")
    await show(office, entry("Abgelehnt", image_url=None))
    await show(office, entry("Angenommen", guid="2", url=f"{URL}/2"))

    await seen(office, "Angenommen")
    rows = office.store.ask(delivery.listed, state=DeliveryState.FAILED, limit=9)
    assert [row.reason for row in rows] == ["invalid_blocks"]
    assert not any("Abgelehnt" in text for text in office.texts(NEWS))


@in_lines
async def test_a_post_in_one_line_is_its_title_and_whose_it_is(office: Office):
    await show(office, entry())

    card = await seen(office, "Das neue Portal")
    assert (card.text, kinds(card)) == ("Neuer Beitrag: Das neue Portal", ["rich_text"])
    assert visible_text(card).splitlines() == ["Das neue Portal", " · 18. November 2026 · RBS"]

    def withdraw(session: Session) -> None:
        post = posts.get(session, 1)
        assert post is not None
        posts.withdraw(session, post, now=office.clock.now)

    await office.store.run(withdraw)
    gone = await seen(office, "zurückgezogen")
    assert gone.ts == card.ts
    assert visible_text(gone).splitlines() == ["Das neue Portal", " – ", "zurückgezogen"]
    assert URL not in str(gone.blocks)


# Events


async def test_the_card_of_an_event_says_when_where_and_whose_it_is(office: Office):
    await show(office, occurrence())

    card = await seen(office, "Digitaltag")
    assert card.text == "Neue Veranstaltung: Digitaltag, 3. Dezember 2026, 18:30 Uhr"
    assert [one for one in visible_text(card).splitlines() if one] == [
        "Digitaltag",
        "3. Dezember 2026, 18:30 Uhr",
        "Rathaus",
        "Kommt vorbei.",
        "Veranstaltung · RBS · #KI",
        "Warum sehe ich das?",
    ]


@in_lines
async def test_an_event_in_one_line_is_moved_and_cancelled_in_its_line(office: Office):
    await show(office, occurrence())
    card = await seen(office, "Digitaltag")
    assert visible_text(card).splitlines() == ["Digitaltag", " · ", "3. Dezember 2026, 18:30 Uhr", " · RBS"]

    later = EVENING + timedelta(hours=1)
    await show(office, occurrence(starts_at=later))
    moved = await seen(office, "19:30")
    assert (moved.ts, kinds(moved)) == (card.ts, ["rich_text"])
    assert moved.text == "Verschoben: Digitaltag, jetzt 3. Dezember 2026, 19:30 Uhr"

    await show(office, occurrence(starts_at=later, cancelled=True))
    off = await seen(office, "abgesagt")
    assert off.ts == card.ts
    assert visible_text(off).splitlines()[-2:] == ["abgesagt", " · RBS"]
    assert "'strike': True" in str(off.blocks)


# Words stay words


def a_post(title: str, **values: Any) -> Post:
    now = EVENING
    return Post(id=1, title=title, first_seen_at=now, changed_at=now, origin="test", **values)


def an_event(title: str, **values: Any) -> CalendarEvent:
    return CalendarEvent(
        title=title,
        uid="1",
        slug="x",
        starts_at=EVENING,
        starts_on=EVENING.date(),
        ends_on=EVENING.date(),
        first_seen_at=EVENING,
        changed_at=EVENING,
        origin="test",
        **values,
    )


NASTY = [
    "@channel @here @everyone",
    "<!channel> <!here> <!subteam^S1>",
    "<@U0ANN> <#C0NEWS>",
    "<https://evil.example|https://stadt.example>",
    "[Stadt](https://evil.example)",
    "`code` ```block``` *fett* _kursiv_ ~weg~",
    ":tada: :bank:",
    "&lt;!channel&gt; &amp;",
    "> Zitat",
    "R&D <neu>",
]


@pytest.mark.parametrize("title", NASTY)
async def test_a_title_is_shown_letter_by_letter_and_nobody_is_called(office: Office, title: str):
    await show(office, entry(title, teaser=title, tags=(title,)))

    card = await seen(office, "Neuer Beitrag")
    name, teaser = card.blocks[0]["elements"][0]["elements"]
    assert (name["text"], name["url"], name["type"]) == (title, URL, "link")
    assert (teaser["text"], teaser["type"]) == (f"\n{title}", "text")
    assert card.blocks[-2]["elements"][0]["type"] == "plain_text"
    # An address that stands in a text is a link to itself, and has no other name.
    assert not re.search(r"<[!@#]|<http[^>]*\|", card.text), card.text


def visible_name(card: Any) -> str:
    first = card.as_slack()["blocks"][0]["elements"][0]["elements"][0]
    return str(first["text"])


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("stadt.example\u202egpj.exe", "stadt.examplegpj.exe"),
        ("\u2067Stadt\u2069 \u200bPor\u00adtal\ufeff", "Stadt Portal"),
        ("Zwei\nZeilen\r\n\tund\u2028mehr", "Zwei Zeilen und mehr"),
        ("Familie 👨\u200d👩\u200d👧", "Familie 👨\u200d👩\u200d👧"),
        ("\x00\x07Klingel", "Klingel"),
        ("", URL),
        ("\u202e\u200b", URL),
        ("\u200d \u200d", URL),
    ],
)
def test_what_can_not_be_seen_turns_no_title_around_and_is_none(title: str, shown: str):
    assert visible_name(post_card(PostCard(a_post(title, url=URL)), texts())) == shown


def test_without_title_and_address_there_is_something_to_read():
    assert visible_name(post_card(PostCard(a_post("")), texts())) == "Ohne Titel"
    assert visible_name(event_card(EventCard(an_event("\u202e")), texts())) == "Ohne Titel"


def test_in_a_thread_a_card_is_a_card():
    post, event = a_post("Titel", url=URL, tags="KI"), an_event("Titel")

    assert str(post_card(PostCard(post, DEPARTMENT, Layout.THREAD), texts()).as_slack()) == str(
        post_card(PostCard(post, DEPARTMENT), texts()).as_slack()
    )
    assert str(event_card(EventCard(event, DEPARTMENT, Layout.THREAD), texts()).as_slack()) == str(
        event_card(EventCard(event, DEPARTMENT), texts()).as_slack()
    )


def test_an_endless_title_is_cut_at_a_word():
    name = visible_name(post_card(PostCard(a_post("Wort " * 600, url=URL)), texts()))

    assert (len(name) <= 300, name.endswith("Wort…")) == (True, True)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def types_in(part: Any) -> set[str]:
    """Every type that is named in blocks."""
    if isinstance(part, list):
        return set().union(*map(types_in, part))
    if not isinstance(part, dict):
        return set()
    own = {part["type"]} if isinstance(part.get("type"), str) else set()
    return own.union(*map(types_in, part.values()))


@given(title=WORDS, teaser=WORDS, tags=WORDS, series=WORDS, layout=st.sampled_from(Layout), name=WORDS)
def test_whatever_is_written_slack_takes_it_and_nothing_in_it_works(
    title: str, teaser: str, tags: str, series: str, layout: Layout, name: str
):
    department = Department(name=name, kind="x", source="test")
    post = a_post(title, teaser=teaser, tags=tags, series=series, url=URL, image_url=PICTURE, image_alt=name)
    event = an_event(title, description=teaser, place=series, tags=tags)
    for card in (
        post_card(PostCard(post, department, layout), texts()),
        event_card(EventCard(event, department, layout), texts()),
    ):
        shown = card.as_slack()
        assert faults(shown["blocks"]) == []
        assert not set(f"{shown}") & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
        assert "<" not in shown["text"]
        assert "mrkdwn" not in types_in(shown["blocks"])
