"""Slack's markup becomes HTML that is safe whatever stands in it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.mrkdwn import html, plain
from sandbox.page.names import Names

NAMES = Names("U1", {"U1": "Ann", "U2": "Ben <b>"}, {"C1": "alle"})
LINK = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
HARMLESS = {
    "p",
    "br",
    "strong",
    "em",
    "s",
    "code",
    "pre",
    "a",
    "span",
    "ul",
    "ol",
    "li",
    "blockquote",
    "time",
}


class Tags(HTMLParser):
    """Collects the tags and addresses of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*fett*", "<strong>fett</strong>"),
        ("_schräg_ und ~weg~", "<em>schräg</em> und <s>weg</s>"),
        ("*fett und _schräg_*", "<strong>fett und <em>schräg</em></strong>"),
        ("`a *b* c`", "<code>a *b* c</code>"),
        ("2*3*4 und ein_langer_name", "2*3*4 und ein_langer_name"),
        ("* kein Fett *", "* kein Fett *"),
        ("a &amp; b &lt; c", "a &amp; b &lt; c"),
        (":tada: um 10:30:15 :gibtsnicht:", "🎉 um 10:30:15 :gibtsnicht:"),
        ("<https://a.de/x_y_z|Zum *Beitrag*>", LINK.format("https://a.de/x_y_z", "Zum *Beitrag*")),
        (
            "<https://a.de/?a=1&amp;b=2>",
            LINK.format("https://a.de/?a=1&amp;b=2", "https://a.de/?a=1&amp;b=2"),
        ),
        ("<mailto:a@b.de|Post>", LINK.format("mailto:a@b.de", "Post")),
        ("<@U1>", '<span class="mention is-own">@Ann</span>'),
        ("<|x> <|>", "x "),
        ("<@U2|ben>", '<span class="mention">@Ben &lt;b&gt;</span>'),
        ("<#C1|alle>", '<a class="mention" href="/?person=U1&amp;channel=C1">#alle</a>'),
        ("<#C9|geheim>", '<span class="mention">#geheim</span>'),
        ("<!here>", '<span class="mention is-own">@hier</span>'),
        ("<!date^1720710212^{date_long} um {time}|damals>", "Donnerstag, 11. Juli 2024 um 17:03"),
        (
            "<!date^1720710212^Am {date_num}^https://a.de/|damals>",
            LINK.format("https://a.de/", "Am 2024-07-11"),
        ),
        ("<!date^nie^{date}|gestern>", "gestern"),
        ("<!date^999999999999^{date}|dereinst>", "dereinst"),
    ],
)
def test_marks_within_a_line_are_shown(text: str, shown: str) -> None:
    assert html(text, NAMES) == f"<p>{shown}</p>"


def test_lists_quotes_and_preformatted_text_stand_apart() -> None:
    text = "Vorab\n• eins\n• *zwei*\n3. drei\n&gt; gesagt\n&gt; getan\n```<https://a.de>\n*roh*```Ende"

    assert html(text, NAMES) == (
        "<p>Vorab</p><ul><li>eins</li><li><strong>zwei</strong></li></ul>"
        '<ol start="3"><li>drei</li></ol><blockquote><p>gesagt<br>getan</p></blockquote>'
        "<pre><code>https://a.de\n*roh*</code></pre><p>Ende</p>"
    )


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/act/post"]
)
def test_an_address_that_is_not_of_the_web_is_no_link(scheme: str) -> None:
    assert html(f"<{scheme}|Klick>", NAMES) == "<p>Klick</p>"


PIECES = [*"*_~`<>|&!@#\"'\n:=/ax", "```", "<script>", "onload=", "https://"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_becomes_anything_but_harmless_tags(text: str) -> None:
    tags = Tags(html(text, NAMES))

    assert tags.names <= HARMLESS
    assert {name for name, _ in tags.attributes} <= {"href", "target", "rel", "class", "start"}
    assert all(
        (value or "").startswith(("https://", "mailto:", "/?"))
        for name, value in tags.attributes
        if name == "href"
    )


def test_plain_text_knows_emoji_and_slacks_three_escapes() -> None:
    assert plain("A &amp; B :tada: *so*") == "A & B 🎉 *so*"
