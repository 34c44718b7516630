"""What looks like advertising is known by a sign with a name; what citizens write is not held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import spam
from bot.spam import Sign

PRAISE = "Great article, I have bookmarked it and will share it with all of my friends at once!"
PAGE = "https://www.stadt.example/beitrag#comment-1"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Siehe https://a.example/1 und https://b.example/2 und www.c.example/3", Sign.MANY_LINKS),
        ("https://billig.example/angebot", Sign.LINK_ONLY),
        ("Super! www.billig.example", Sign.LINK_ONLY),
        ("Das beste Online-Casino wartet auf dich: https://spiel.example", Sign.ADVERTISING),
        ("Buy VIAGRA without prescription at www.pillen.example today", Sign.ADVERTISING),
        ("Mit Krypto-Investment 12.000 Euro im Monat: https://reich.example", Sign.ADVERTISING),
        ("Kredit ohne Schufa in zehn Minuten auf https://geld.example/jetzt", Sign.ADVERTISING),
    ],
)
def test_advertising_is_known_by_a_sign_with_a_name(words: str, expected: Sign):
    assert spam.sign(words, url=PAGE) is expected


@pytest.mark.parametrize(
    "words",
    [
        "Endlich! Darauf warte ich seit zwei Jahren.",
        "Danke",
        "👍",
        "Das stimmt so nicht, siehe https://www.destatis.de/netz und https://stadt.example/b.pdf – bitte ändern.",
        "Mehr dazu steht hier: https://www.muenchen.de/rathaus",
        "WANN KOMMT ENDLICH DAS WLAN IN DIE U-BAHN?",
        "Ich habe dreimal angerufen und NIEMAND HAT ABGEHOBEN. Das kann doch nicht sein!",
        "Teşekkürler, belediyemizin bu hizmeti çok faydalı oldu.",
        "Ευχαριστώ πολύ, η νέα υπηρεσία είναι πολύ χρήσιμη για όλους μας.",
        "Im Casino der Stadtwerke gab es früher besseres WLAN als im Rathaus: https://wlan.example/karte",
        "Warum gibt die Stadt so viel Geld für Sportwetten-Prävention aus? Mir erscheint das zu wenig.",
        "Bitcoin braucht viel Strom, das zeigt diese Studie: https://studie.example/strom",
        "Ich habe an digital@stadt.de geschrieben, aber seit Wochen keine Antwort bekommen.",
        "Siehe https://stadt.example/beitrag",
        "Siehe https://stadt.example/1, https://www.stadt.example/2 und https://stadt.example/3, alles schon da.",
    ],
)
def test_what_citizens_write_is_not_held(words: str):
    assert spam.sign(words, url=PAGE) is None


def test_the_same_words_by_another_below_another_post_are_a_sign_when_they_are_long():
    assert spam.sign(PRAISE, is_repeated=True) is Sign.REPEATED
    assert spam.sign("Danke, sehr hilfreich!", is_repeated=True) is None


@given(st.text(st.characters(codec="utf-8"), max_size=500), st.none() | st.text(max_size=50))
def test_any_words_can_be_judged(words: str, url: str | None):
    assert spam.sign(words, url=url) in {None, *Sign}


@given(st.text(st.characters(codec="utf-8", exclude_characters=":."), max_size=500))
def test_without_a_link_no_first_comment_is_held(words: str):
    assert spam.sign(words) is None
