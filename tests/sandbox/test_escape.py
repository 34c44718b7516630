"""What people type is stored as Slack stores it."""

import pytest

from sandbox.state.escape import typed

MEMBERS = {"ann": "U_ANN", "ben.berg": "U_BEN"}
CHANNELS = {"alle": "C_ALL"}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("A & B < C > D", "A &amp; B &lt; C &gt; D"),
        ("<@U_ANN> <script>", "&lt;@U_ANN&gt; &lt;script&gt;"),
        ("Hallo @ann, @ben.berg.", "Hallo <@U_ANN>, <@U_BEN>."),
        ("@niemand und a@ann.de", "@niemand und a@ann.de"),
        ("Siehe #alle und #nichts", "Siehe <#C_ALL|alle> und #nichts"),
        ("@here alle mal", "<!here> alle mal"),
        ("Auf https://stadt.example/a?b=1&c=2.", "Auf <https://stadt.example/a?b=1&amp;c=2>."),
        ("*fett* und _schräg_ & 2*3*4", "*fett* und _schräg_ &amp; 2*3*4"),
        ("", ""),
    ],
)
def test_typed_text_is_escaped_and_linked(text: str, stored: str) -> None:
    assert typed(text, MEMBERS, CHANNELS)[0] == stored


def test_typed_text_is_a_rich_text_block_too() -> None:
    _, block = typed("*Hallo* @ann", MEMBERS, CHANNELS)

    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "Hallo", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "user", "user_id": "U_ANN"},
    ]
