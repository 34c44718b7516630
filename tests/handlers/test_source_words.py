"""What is said of sources, in both languages."""

from datetime import timedelta

import pytest

from bot.sources import Reason
from bot.texts import LANGUAGES, texts
from handlers.source_words import TROUBLES, ago, every, source_trouble, until
from tests.made import NOW

OTHERS = ("gone", "not_a_sitemap", "not_a_page", "not_a_catalogue", "not_opml")
DETAILS = [
    ("http_status", detail) for detail in ("404", "410", "401", "403", "429", "500", "503", "418", None)
]
DETAILS += [
    ("unreachable", detail)
    for detail in ("dns", "certificate", "connection", "incomplete", "broken_answer", None)
]
DETAILS += [("not_a_calendar", "truncated")]


def test_every_reason_has_a_sentence_of_its_own():
    assert {reason.value for reason in Reason} | set(OTHERS) <= set(TROUBLES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_reasons_are_told_in_the_same_words(language: str):
    _ = texts(language)
    asked = [(reason, None) for reason in TROUBLES if reason not in {"http_status", "unreachable"}]
    said = {source_trouble(reason, detail, _) for reason, detail in [*asked, *DETAILS]}

    # 401 and 403, like 500 and 503, differ in their number only.
    assert len(said) == len(asked) + len(DETAILS)
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize(("reason", "detail"), [("from_tomorrow", "x"), (None, None), ("", "")])
def test_a_reason_nobody_knows_is_a_plain_sentence_too(reason: str | None, detail: str | None):
    assert source_trouble(reason, detail, texts("de")).startswith("Das lässt sich gerade nicht lesen.")


def test_times_are_said_as_people_say_them():
    _ = texts("de")
    assert ago(NOW - timedelta(seconds=20), NOW, _) == "gerade eben"
    assert ago(NOW - timedelta(minutes=1), NOW, _) == "vor 1 Minute"
    assert ago(NOW - timedelta(hours=5), NOW, _) == "vor 5 Stunden"
    assert ago(NOW - timedelta(days=2), NOW, _) == "16. November 2026, 11:00 Uhr"
    assert until(NOW - timedelta(hours=1), NOW, _) == "gleich"
    assert until(NOW + timedelta(minutes=15), NOW, _) == "in 15 Minuten"
    assert until(NOW + timedelta(hours=1), NOW, _) == "in 1 Stunde"
    assert until(NOW + timedelta(days=2), NOW, _) == "20. November 2026, 11:00 Uhr"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "alle 2 Sekunden"),
        (60, "jede Minute"),
        (900, "alle 15 Minuten"),
        (3600, "jede Stunde"),
        (5400, "alle 90 Minuten"),
        (7200, "alle 2 Stunden"),
        (10_680, "alle 3 Stunden"),
        (86_400, "jeden Tag"),
    ],
)
def test_an_interval_is_said_in_its_largest_whole_unit(seconds: int, words: str):
    assert every(timedelta(seconds=seconds), texts("de")) == words
