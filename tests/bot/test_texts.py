import ast
import string
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from bot.texts import LANGUAGES, LOCALES, Texts, language_of, texts

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "plural": (1, 2)}

Key = tuple[str, ...]


def keys_in_code() -> dict[Key, str]:
    """Every sentence in the code and the templates, and the file it stands in."""
    found: dict[Key, str] = {}
    for floor in FLOORS:
        for file, _, message, _, _ in extract_from_dir(ROOT / floor, METHODS, keywords=KEYWORDS):
            key = (message,) if isinstance(message, str) else tuple(message)
            found[key] = f"{floor}/{file}"
    return found


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "stadtfunk.po").open("rb") as lines:
        return read_po(lines, locale=language)


def entries(language: str) -> dict[Key, Message]:
    return {as_tuple(message.id): message for message in catalogue(language) if message.id}


def as_tuple(words: object) -> Key:
    return tuple(words) if isinstance(words, (tuple, list)) else (str(words),)


def placeholders(*sentences: str) -> set[str]:
    return {
        name
        for sentence in sentences
        for _, name, _, _ in string.Formatter().parse(sentence)
        if name is not None
    }


CODE = keys_in_code()


def test_every_sentence_is_in_both_catalogues_and_no_old_one_is_left():
    assert len(CODE) > 200
    for language in LANGUAGES:
        kept = entries(language)
        assert {key: CODE[key] for key in CODE.keys() - kept.keys()} == {}
        assert kept.keys() - CODE.keys() == set()


def test_every_sentence_is_said_in_german():
    missing = [
        key
        for key, message in entries("de").items()
        if message.fuzzy or not all(word.strip() for word in as_tuple(message.string))
    ]

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_says_all_that_its_sentence_says(language: str):
    wrong = []
    for key, message in entries(language).items():
        translated = as_tuple(message.string)
        if not any(translated):
            continue
        # "One measure" need not show its number.
        is_all_there = placeholders(key[-1]) == placeholders(translated[-1])
        is_known = placeholders(*translated) <= placeholders(*key)
        if not (is_all_there and is_known):
            wrong.append((key, translated))

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_with_a_number_has_all_forms_of_its_language(language: str):
    number = catalogue(language).num_plurals
    counted = {key: as_tuple(message.string) for key, message in entries(language).items() if len(key) > 1}

    assert counted
    assert {
        key: forms
        for key, forms in counted.items()
        if any(forms) and len(list(filter(None, forms))) != number
    } == {}


def calls_in_code() -> Iterator[tuple[str, Sequence[object], set[str]]]:
    """Every place where a sentence is said: where, its plain arguments (None: no literal), names of its values."""
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and is_said(node.func):
                    literals = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
                    yield f"{file}:{node.lineno}", literals, {word.arg or "**" for word in node.keywords}
        for file in sorted((ROOT / floor).rglob("templates/**/*.html")):
            for call in Environment(autoescape=True).parse(file.read_text()).find_all(nodes.Call):
                name = call.node.name if isinstance(call.node, nodes.Name) else getattr(call.node, "attr", "")
                if name in KEYWORDS:
                    literals = [arg.value if isinstance(arg, nodes.Const) else None for arg in call.args]
                    yield f"{file}:{call.lineno}", literals, {word.key for word in call.kwargs}


def is_said(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "_") or (
        isinstance(function, ast.Attribute) and function.attr == "plural"
    )


def test_every_sentence_stands_in_the_code_as_it_is_and_gets_the_values_it_names():
    wrong = []
    for where, literals, values in calls_in_code():
        sentences = [words for words in literals if isinstance(words, str)]
        is_counted = len(literals) == 3
        named = placeholders(*sentences) - ({"n"} if is_counted else set())
        is_complete = named == values or ("**" in values and named > values - {"**"})
        if len(sentences) != (2 if is_counted else 1) or not is_complete:
            wrong.append((where, literals, values))

    assert wrong == []


def test_a_sentence_is_said_in_the_readers_language_with_its_values():
    assert texts("de")("{first} to {last}", first="a", last="b") == "a bis b"
    assert texts("en")("{first} to {last}", first="a", last="b") == "a to b"
    assert texts("de")("No sentence {of} ours") == "No sentence {of} ours"


def test_a_number_chooses_the_form():
    key = next(key for key in entries("de") if len(key) > 1 and placeholders(*key) == {"n"})
    one, many = (texts("de").plural(key[0], key[1], n) for n in (1, 5))

    assert one != many
    assert "5" in many


def test_what_a_value_says_is_not_read_as_a_placeholder():
    assert texts("en")("{first} to {last}", first="{last}", last="{0}") == "{last} to {0}"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de-DE", "de"), ("en_US", "en"), ("EN", "en"), ("fr-FR", "de"), ("", "de"), (None, "de"), ("-", "de")],
)
def test_a_language_we_do_not_speak_is_answered_in_german(locale: str | None, language: str):
    assert language_of(locale) == language
    assert texts(language_of(locale)).language == language


def test_texts_in_a_language_nobody_keeps_are_german_words_too():
    assert texts("fr")("{first} to {last}", first="a", last="b") == "a bis b"


def test_days_and_times_are_the_citys():
    german, english = texts("de"), texts("en")
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert german.day(late) == "23. November 2026"
    assert english.day(date(2026, 11, 23)) == "23 November 2026"
    assert german.time(late) == "00:30"
    assert german.local(late).date() == date(2026, 11, 23)
    assert texts("de", "Europe/London").time(late) == "23:30"


def test_the_texts_of_a_language_are_made_once():
    assert texts("de") is texts("de")
    assert isinstance(texts("de"), Texts)
