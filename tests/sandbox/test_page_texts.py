"""Everything the page says, it says in its reader's language."""

import ast
import re
import string
from datetime import UTC, date, datetime
from pathlib import Path

import aiohttp
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import nodes

from sandbox import Channel, Member, Sandbox, Seed
from sandbox.page.render import environment
from sandbox.page.texts import LOCALES, texts
from tests.sandbox.page_bot import MANIFEST

PAGE = LOCALES.parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/static/**.js", "javascript")]
TEMPLATES = sorted((PAGE / "templates").glob("*.html"))
# Signs and keys that are the same in every language.
SAME = {"APP", "ms", "chat.postMessage"}
GERMAN = re.compile(
    r"[äöüßÄÖÜ]|\b(ist|nicht|der|die|das|und|oder|kannst|nur|gerade|für|dich|hier|noch|Nachricht|wählen)\b"
)

Key = tuple[str, ...]


def in_code() -> dict[Key, str]:
    found = extract_from_dir(PAGE.parent, METHODS, keywords={"_": None, "plural": (1, 2)})
    return {
        (said,) if isinstance(said, str) else tuple(said): str(file) for file, _, said, _, _ in found if said
    }


def in_german() -> dict[Key, Key]:
    with (LOCALES / "de" / "LC_MESSAGES" / "page.po").open("rb") as lines:
        messages = [message for message in read_po(lines, locale="de") if message.id]
    return {_as_tuple(message.id): _as_tuple(message.string) for message in messages if not message.fuzzy}


def _as_tuple(words: object) -> Key:
    return tuple(words) if isinstance(words, tuple | list) else (str(words),)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_is_said_in_german_and_no_old_one_is_kept():
    code, german = in_code(), in_german()

    assert {key: file for key, file in code.items() if not all(german.get(key, ("",)))} == {}
    assert german.keys() - code.keys() == set()


def test_no_translation_loses_a_value():
    wrong = [
        (key, said) for key, said in in_german().items() if placeholders(key[-1]) != placeholders(said[-1])
    ]

    assert wrong == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_no_template_says_a_word_that_is_not_translated(file: Path):
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", file.read_text(), flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|aria-roledescription|title|placeholder|alt)="([^"]*)"', source)
    # Attributes and the ends of ids also stand alone, in macros that make some.
    words = re.sub(r'<[^>]*>|[\w-]+="[^"]*"|\bdata-\w+|(?<!\w)-\w+', " ", source).split() + labels

    assert [word for word in words if re.search(r"[A-Za-zÄÖÜäöü]", word) and word not in SAME] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_every_sentence_in_a_template_goes_through_the_catalogue(file: Path):
    tree = environment(texts()).parse(file.read_text())
    said = {
        arg.value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "plural"}
        for arg in call.args
        if isinstance(arg, nodes.Const)
    }
    words = {const.value for const in tree.find_all(nodes.Const) if isinstance(const.value, str)}

    assert [
        word for word in words - said if re.match(r"[A-ZÄÖÜ][a-zäöüß]+|[a-zäöüß]{2,} \w+ \w+", word)
    ] == []


def test_no_german_sentence_is_left_in_the_code():
    scripts = {
        (file.name, word)
        for file in (PAGE / "static").glob("*.js")
        for word in re.findall(r'"[^"\n]*"|`[^`]*`', file.read_text())
    }
    code = {
        (file.name, node.value)
        for file in [*PAGE.glob("*.py"), *(PAGE.parent / "alone").glob("*.py")]
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and '"""' not in node.value
    }

    assert [(file, word) for file, word in scripts | code if GERMAN.search(word)] == []


async def test_each_person_reads_the_page_in_their_own_language():
    seed = Seed(
        "Stadt",
        "stadt",
        (Member("U_ANN", "ann", "Ann"), Member("U_BEN", "ben", "Ben", locale="en-GB")),
        (Channel("C_ALL", "alle", members=("U_ANN", "U_BEN")),),
        MANIFEST,
    )
    running = await Sandbox.start(seed)
    try:
        root = running.workspace.post("U_ANN", "C_ALL", "Hallo")
        running.workspace.post("U_BEN", "C_ALL", "Hi", root.ts)
        async with aiohttp.ClientSession(running.page_url) as web:
            german, english = [
                await (await web.get("/", params={"person": person})).text() for person in ("U_ANN", "U_BEN")
            ]
            refused = {"person": "U_BEN", "channel": "C_ALL", "ts": "1.1", "block": "b", "action": "a"}
            answer = await web.post(
                "/act/click", json={**refused, "values": {}}, headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert (await answer.json())["failure"] == "This message is gone."
    finally:
        await running.stop()

    assert '<html lang="de"' in german
    assert "Nachricht an #alle" in german
    assert "1 Antwort" in german
    assert '<html lang="en"' in english
    assert "Message to #alle" in english
    assert "1 reply" in english
    assert "Direktnachrichten" not in english


@pytest.mark.parametrize(
    ("locale", "at", "day", "another_year"),
    [
        ("de-DE", "14:05", "Donnerstag, 26. November", "26. November 2025"),
        ("en-GB", "14:05", "Thursday, 26 November", "26 November 2025"),
        ("en-US", "2:05\u202fPM", "Thursday, November 26", "November 26, 2025"),
        ("fr-FR", "14:05", "Thursday, 26 November", "26 November 2025"),
        ("klingon", "14:05", "Thursday, 26 November", "26 November 2025"),
    ],
)
def test_days_and_times_are_written_as_the_reader_writes_them(
    locale: str, at: str, day: str, another_year: str
):
    said, today = texts(locale), date(2026, 11, 28)

    assert said.time(datetime(2026, 11, 26, 14, 5, tzinfo=UTC)) == at
    assert said.day(date(2026, 11, 26), today) == day
    assert said.day(date(2025, 11, 26), today) == another_year


def test_the_day_before_has_a_name():
    assert texts("de").day(date(2026, 11, 27), date(2026, 11, 28)) == "Gestern"
    assert texts("en").day(date(2026, 11, 28), date(2026, 11, 28)) == "Today"
