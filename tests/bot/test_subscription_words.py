"""What someone types after `/funk abo`."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.subscription_words import Said, SaidTerm, read
from bot.subscriptions import Facet, Layout, NewsKind, Part, Rhythm


def terms(said: Said) -> list[tuple[Part, str]]:
    return [(term.part, term.words) for term in said.terms]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ki", [(Part.ANY, "ki")]),
        ("ki -jobboerse +rbs", [(Part.ANY, "ki"), (Part.EXCEPT, "jobboerse"), (Part.ALL, "rbs")]),
        (
            "künstliche intelligenz, open data",
            [(Part.ANY, "künstliche intelligenz"), (Part.ANY, "open data")],
        ),
        (
            '"open data" -„künstliche Intelligenz“',
            [(Part.ANY, "open data"), (Part.EXCEPT, "künstliche Intelligenz")],
        ),
        ("#ExplainIT", [(Part.ANY, "#ExplainIT")]),
        ("ki und 5g", [(Part.ANY, "ki"), (Part.ANY, "5g")]),
        ("", []),
        (" , ,, - + # ", []),
    ],
)
def test_words_are_terms_with_a_sign_for_must_and_must_not(typed: str, expected: list[tuple[Part, str]]):
    assert terms(read(typed)) == expected


def test_a_term_may_say_what_it_is():
    assert read("thema:KI referat:RBS reihe:explainit quelle:Stadtblog").terms == [
        SaidTerm(Part.ANY, "KI", Facet.TOPIC),
        SaidTerm(Part.ANY, "RBS", Facet.DEPARTMENT),
        SaidTerm(Part.ANY, "explainit", Facet.SERIES),
        SaidTerm(Part.ANY, "Stadtblog", Facet.SOURCE),
    ]
    assert terms(read("https://stadt.example/1")) == [(Part.ANY, "https://stadt.example/1")]


def test_kinds_are_named_in_both_languages():
    assert read("Beiträge und Termine").kinds == {NewsKind.POST, NewsKind.EVENT}
    assert read("videos jobs radar comments").kinds == {
        NewsKind.VIDEO,
        NewsKind.JOB,
        NewsKind.RADAR,
        NewsKind.COMMENT,
    }


@pytest.mark.parametrize(
    ("typed", "rhythm", "weekday", "at"),
    [
        ("ki", Rhythm.AT_ONCE, None, None),
        ("ki sofort", Rhythm.AT_ONCE, None, None),
        ("ki täglich", Rhythm.DAILY, None, time(9)),
        ("ki, täglich 8:30", Rhythm.DAILY, None, time(8, 30)),
        ("täglich um 16 Uhr", Rhythm.DAILY, None, time(16)),
        ("daily at 7.15", Rhythm.DAILY, None, time(7, 15)),
        ("freitags 14 uhr", Rhythm.WEEKLY, 4, time(14)),
        ("wöchentlich", Rhythm.WEEKLY, 0, time(9)),
        ("mondays ki", Rhythm.WEEKLY, 0, time(9)),
        ("täglich 25:99", Rhythm.DAILY, None, time(9)),
    ],
)
def test_a_rhythm_and_a_time_are_understood(typed: str, rhythm: Rhythm, weekday: int | None, at: time | None):
    said = read(typed)

    assert (said.rhythm, said.weekday, said.time) == (rhythm, weekday, at)


def test_a_layout_is_understood():
    assert read("ki zeile").layout is Layout.LINE
    assert read("thread").layout is Layout.THREAD


@given(typed=st.text(max_size=300) | st.text('+-#:,."„“ a9täglich', max_size=60))
def test_whatever_is_typed_says_something_that_can_be_kept(typed: str):
    said = read(typed)

    assert len(said.terms) <= 50
    assert all(0 < len(term.words) <= 75 and "\0" not in term.words for term in said.terms)
    assert (said.time is None) is (said.rhythm is Rhythm.AT_ONCE)
