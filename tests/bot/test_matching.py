"""Which news fits which subscription."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import Miss, News, Rule, series_in, word
from bot.subscriptions import Facet, NewsKind, Part, Term

TERMS = st.frozensets(st.builds(Term, st.sampled_from(Facet), st.sampled_from(["1", "2", "ki"])), max_size=5)
RULES = st.builds(
    Rule,
    kinds=st.frozensets(st.sampled_from(NewsKind), min_size=1),
    any_of=TERMS,
    all_of=TERMS,
    none_of=TERMS,
)
NEWS = st.builds(News, st.sampled_from(NewsKind), TERMS)


@given(rule=RULES, news=NEWS)
def test_what_does_not_fit_has_a_reason_and_what_fits_has_none(rule: Rule, news: News):
    fits = (
        news.kind in rule.kinds
        and (not rule.any_of or any(term in news.terms for term in rule.any_of))
        and all(term in news.terms for term in rule.all_of)
        and not any(term in news.terms for term in rule.none_of)
    )

    assert rule.fits(news) is fits
    assert (rule.miss(news) is None) is fits


def test_the_reason_names_what_decided():
    ki, it = Term(Facet.TOPIC, "ki"), Term(Facet.TOPIC, "it")
    rule = Rule(frozenset({NewsKind.POST}), any_of=frozenset({ki}), none_of=frozenset({it}))

    assert rule.miss(News(NewsKind.JOB, frozenset({ki}))) == Miss(None)
    assert rule.miss(News(NewsKind.POST, frozenset({ki, it}))) == Miss(Part.EXCEPT, frozenset({it}))
    assert rule.miss(News(NewsKind.POST, frozenset())) == Miss(Part.ANY, frozenset({ki}))


@pytest.mark.parametrize(
    ("title", "tags", "series"),
    [
        ("#ExplainIT: Was ist eine API?", [], "#ExplainIT"),
        ("Ideen vom BarCamp #MucGov18", ["Open-Data"], "#MucGov18"),
        ("Was ist eine API?", ["KI", "#ExplainIT"], "#ExplainIT"),
        ("Platz 1 für München", ["#"], ""),
        ("C# und F#", [], ""),
    ],
)
def test_a_hashtag_in_title_or_tags_is_a_series(title: str, tags: list[str], series: str):
    assert series_in(title, tags) == series


@pytest.mark.parametrize(
    "said", ["Künstliche Intelligenz", "#künstliche-intelligenz", " künstliche_Intelligenz "]
)
def test_a_topic_is_the_same_however_it_is_written(said: str):
    assert word(said) == "künstliche-intelligenz"
