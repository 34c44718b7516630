"""What people type is stored as Slack stores it."""

import pytest

from sandbox.protocol.blocks import faults
from sandbox.state.escape import typed
from sandbox.state.typist import Typist

MEMBERS = {"ann": "U_ANN", "ben.berg": "U_BEN"}
CHANNELS = {"alle": "C_ALL"}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("A & B < C > D", "A &amp; B &lt; C &gt; D"),
        ("<@U_ANN> <script>", "&lt;@U_ANN&gt; &lt;script&gt;"),
        ("Hallo @ann, @ben.berg.", "Hallo <@U_ANN>, <@U_BEN>."),
        ("@niemand und a@b", "@niemand und a@b"),
        ("An rad.weg@stadt.example!", "An <mailto:rad.weg@stadt.example|rad.weg@stadt.example>!"),
        ("(https://stadt.example/Ort_(Welt))", "(<https://stadt.example/Ort_(Welt)>)"),
        ("„https://stadt.example/a“ …", "„<https://stadt.example/a>“ …"),
        ("Der Befehl `curl https://stadt.example`", "Der Befehl `curl https://stadt.example`"),
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


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("- eins\n- zwei & drei", "• eins\n• zwei &amp; drei"),
        ("1. eins\n2. @ann", "1. eins\n2. <@U_ANN>"),
        ("22. November\n23. November", "22. November\n23. November"),
        ("> gesagt\n> getan\nDanach", "&gt; gesagt\n&gt; getan\nDanach"),
        ("So:\n```\na < b\n- c\n```\nFertig", "So:\n```a &lt; b\n- c```\nFertig"),
        ("*Hallo*\n\nWelt", "*Hallo*\n\nWelt"),
    ],
)
def test_lists_quotes_and_code_are_stored_as_the_composer_makes_them(text: str, stored: str) -> None:
    assert Typist(MEMBERS, CHANNELS).message(text)[0] == stored


def test_each_list_quote_and_block_of_code_is_an_element_of_its_own() -> None:
    _, block = Typist(MEMBERS, CHANNELS).message("Heute:\n- eins\n- zwei\n> Zitat\n```Code```")

    assert [(part["type"], len(part["elements"])) for part in block["elements"]] == [
        ("rich_text_section", 1),
        ("rich_text_list", 2),
        ("rich_text_quote", 1),
        ("rich_text_preformatted", 1),
    ]
    assert faults([block]) == []
