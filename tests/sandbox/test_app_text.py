"""An app's text is kept in the form Slack keeps it."""

import pytest

from sandbox.protocol.app_text import kept

KEPT = [
    ("Fisch & Chips", "Fisch &amp; Chips"),
    ("3 < 4 > 2", "3 &lt; 4 &gt; 2"),
    ("Schon &lt;b&gt; &amp; fertig", "Schon &lt;b&gt; &amp; fertig"),
    ("Hallo <@U_ANN> in <#C_ALL|alle>", "Hallo <@U_ANN> in <#C_ALL|alle>"),
    ("<!here> und <!subteam^S1|@rat>", "<!here> und <!subteam^S1|@rat>"),
    ("<!date^1392734382^{date}|18. Februar>", "<!date^1392734382^{date}|18. Februar>"),
    (
        "<https://stadt.example/a?b=1&c=2|Mehr & mehr>",
        "<https://stadt.example/a?b=1&amp;c=2|Mehr &amp; mehr>",
    ),
    ("<mailto:rat@stadt.example|Rat>", "<mailto:rat@stadt.example|Rat>"),
    ("<b>fett</b>", "&lt;b&gt;fett&lt;/b&gt;"),
    ("<javascript:alert(1)|hier>", "&lt;javascript:alert(1)|hier&gt;"),
    ("Siehe https://stadt.example/a?b=1&c=2.", "Siehe <https://stadt.example/a?b=1&amp;c=2>."),
    ("(*https://stadt.example*)", "(*<https://stadt.example>*)"),
    ("&lt;https://stadt.example&gt;", "&lt;<https://stadt.example>&gt;"),
]


@pytest.mark.parametrize(("written", "expected"), KEPT)
def test_signs_that_mean_nothing_are_escaped_and_addresses_become_links(written: str, expected: str) -> None:
    assert kept(written) == expected


@pytest.mark.parametrize(("written", "expected"), KEPT)
def test_what_is_kept_is_kept_again_as_it_is(written: str, expected: str) -> None:
    assert kept(kept(written)) == expected


def test_without_parsing_addresses_stay_as_they_are() -> None:
    assert (
        kept("<@U_ANN>: https://stadt.example & mehr", "none") == "<@U_ANN>: https://stadt.example &amp; mehr"
    )


def test_with_full_parsing_angle_brackets_mean_nothing() -> None:
    assert kept("<@U_ANN>: https://stadt.example", "full") == "&lt;@U_ANN&gt;: <https://stadt.example>"
