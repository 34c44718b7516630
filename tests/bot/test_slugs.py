import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slugs import LONGEST, slug, unused_slug


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Digitale Bürger*innen-Beteiligung", "digitale-buerger-innen-beteiligung"),
        ("Straße & ÖPNV", "strasse-oepnv"),
        # The same letters, written as a and dots.
        ("Bu\u0308rger", "buerger"),
        ("Café à la carte", "cafe-a-la-carte"),
        ("  100 % digital!  ", "100-digital"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本", "eintrag"),
        ("", "eintrag"),
    ],
)
def test_a_title_becomes_an_address_that_can_be_read_aloud(title: str, expected: str):
    assert slug(title) == expected


def test_a_long_title_is_cut_between_words():
    found = slug("Eine sehr lange Überschrift über die Digitalisierung der Verwaltung der Stadt")

    assert found == "eine-sehr-lange-ueberschrift-ueber-die-digitalisierung-der"
    assert slug("x" * 100) == "x" * LONGEST


@given(st.text())
def test_any_title_becomes_a_safe_address(title: str):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title))
    assert len(slug(title)) <= LONGEST


def test_a_title_used_before_gets_a_number():
    assert unused_slug("E-Akte", set()) == "e-akte"
    assert unused_slug("E-Akte", {"e-akte", "e-akte-2"}) == "e-akte-3"
