"""How alike titles are, tried on real ones; each pair names the source of its titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import duplicates, likeness, publishing

# Titles of muenchen.digital and of the city's other pages, each with its source.
SAME = [
    (
        "Laura Dornheim wird neue IT-Referentin",  # ru.muenchen.de 2022/166, Meldung 102907
        "Neue IT-Referentin Laura Dornheim",  # stored page
    ),
    (
        "Dienstleistungsfinder der Stadt sucht künftig per KI",  # github.com/it-at-m/ki.muenchen.de blog/2025-03-31
        "Dienstleistungsfinder der Stadt sucht künftig per KI (Rathaus Umschau)",  # ru.muenchen.de 2025/62
    ),
    (
        "Stadtrat beschließt Digitalisierungsstrategie",  # stored page, ru.muenchen.de 2019/135
        "Digitalisierungsstrategie für München im Stadtrat verabschiedet",  # stored page, muenchen.digital
    ),
    (
        "Erstes Open Source Sabbatical geht an den Start",  # stored page, muenchen.digital
        "Erstes Open Source Sabbatical startet mit innovativem Projekt",  # stored page, ru.muenchen.de 2025/20
    ),
    (
        "Nachbericht zu den Open Government Tagen München 2015",  # stored page, it-muenchen-blog.de
        "Rückblick auf die Open Government Tage 2015",  # ru.muenchen.de 2015/176, Meldung 68295
    ),
    (
        "Erster Digitalisierungsbericht der Stadt München vorgestellt",  # stored page, ru.muenchen.de 2020/128
        "Digitalisierungsbericht München – eine Standortbestimmung",  # stored page, muenchen.digital
    ),
]
OTHER = [
    (
        "Event-Rückblick: Digitaltag 2025 im IT-Referat",  # stored page
        "Rückblick auf den Digitaltag 2023 im IT-Referat",  # stored page
    ),
    (
        "HackaTUM 2019",  # stored page
        "Hacken im Dienst der Stadt – HackaTUM 2018",  # stored page
    ),
    (
        "Wie digital ist München? (VI) Welche Rolle spielt KI dabei?",  # stored page, ru.muenchen.de 2024/81
        "Wie digital ist München (VIII) Welche Erfolge verzeichnet die Open-Source Strategie der LHM?",  # 2024/82
    ),
    (
        "WLAN an Tramhaltestellen",  # stored page
        "Freies WLAN für alle städtischen Einrichtungen mit Publikumsverkehr",  # stored page, ru.muenchen.de 2023/77
    ),
    (
        "Der kita finder+",  # stored page
        "Kita-App für München",  # stored page, ru.muenchen.de 2024/68
    ),
    (
        "Eine Million Online-Formulare",  # referenced by csu-stadtrat-muenchen.de
        "Bürger wünschen Online-Services",  # referenced by barcamps.eu/mucgov17
    ),
]
# As an idea is called in a hurry, and as the post was called in the end (stored pages).
SURE = [
    ("München belegt Platz 2 beim DIGITAL-Award", "Die Stadt München belegt Platz 2 beim DIGITAL-Award"),
    ("DER KITA-FINDER+", "Der kita finder+"),
    ("Einfuehrung der E-Akte beschlossen!", "Einführung der E-Akte beschlossen"),
    (
        "Interview: SoftwareentwicklerInnen bei der Stadt München",
        "Interview: Softwareentwickler*innen bei der Stadt München",
    ),
    ("#explainIT – Blockchain erklärt", "#explainIT: Blockchain erklärt"),
]
# The same words but for a number: nobody can be sure that it is the same year's.
UNSURE = [
    ("Event-Rückblick: Digitaltag im IT-Referat", "Event-Rückblick: Digitaltag 2025 im IT-Referat"),
    ("KI-Hackathon", "KI-Hackathon 2025: 11 Challenges in vier Tagen"),
]


@pytest.mark.parametrize(("title", "other"), SAME)
def test_two_titles_of_one_story_are_found(title: str, other: str):
    assert likeness.likeness(title, other) >= duplicates.ALIKE
    assert likeness.likeness(title, other) >= publishing.UNSURE


@pytest.mark.parametrize(("title", "other"), OTHER)
def test_two_stories_are_told_apart(title: str, other: str):
    assert likeness.likeness(title, other) < duplicates.ALIKE


@pytest.mark.parametrize(("title", "other"), SURE)
def test_spelling_punctuation_and_marks_make_no_difference(title: str, other: str):
    assert likeness.likeness(title, other) >= publishing.SURE


@pytest.mark.parametrize(("title", "other"), UNSURE)
def test_a_year_that_only_one_title_names_is_worth_a_question(title: str, other: str):
    assert publishing.UNSURE <= likeness.likeness(title, other) < publishing.SURE


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_a_share_and_the_same_both_ways(title: str, other: str):
    found = likeness.likeness(title, other)

    assert 0 <= found <= 1
    assert found == pytest.approx(likeness.likeness(other, title))


@given(
    st.text(max_size=60),
    st.lists(st.text(max_size=60), max_size=8),
    st.sampled_from([duplicates.ALIKE, publishing.UNSURE]),
)
def test_the_quick_way_through_many_titles_finds_what_one_by_one_finds(
    title: str, titles: list[str], at_least: float
):
    found = likeness.most_like(title, dict(enumerate(titles)), at_least=at_least)

    one_by_one = [(likeness.likeness(title, other), number) for number, other in enumerate(titles)]
    assert sorted(found) == sorted(one for one in one_by_one if one[0] >= at_least)


def test_titles_without_a_word_are_like_nothing():
    assert likeness.most_like("🎈", {1: "🎈", 2: "Der kita finder+"}, at_least=0.5) == []
