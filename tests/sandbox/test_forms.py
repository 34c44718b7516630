"""Forms are checked as Slack's own client checks them, and views are pushed and changed by their ids."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.protocol.elements import state_of
from sandbox.protocol.forms import mistakes
from tests.sandbox.wire import wired

MISSING = "Bitte fülle dieses Pflichtfeld aus."
NUMBER = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "100"}
MODAL: dict[str, Any] = {"type": "modal", "title": {"type": "plain_text", "text": "Formular"}, "blocks": []}


@pytest.mark.parametrize(
    ("element", "answer", "sentence"),
    [
        ({"type": "plain_text_input"}, "", MISSING),
        ({"type": "plain_text_input", "min_length": 5}, "kurz", "Bitte gib mindestens 5 Zeichen ein."),
        ({"type": "plain_text_input", "max_length": 3}, "lang", "Bitte gib höchstens 3 Zeichen ein."),
        (NUMBER, "viel", "Bitte gib eine Zahl ein."),
        (NUMBER, "1.5", "Bitte gib eine ganze Zahl ein."),
        (NUMBER, "-1", "Bitte gib eine Zahl ab 0 ein."),
        (NUMBER, "101", "Bitte gib eine Zahl bis 100 ein."),
        (NUMBER, "40", None),
        ({**NUMBER, "is_decimal_allowed": True}, "1.5", None),
        ({"type": "email_text_input"}, "ann", "Bitte gib eine gültige E-Mail-Adresse ein."),
        ({"type": "email_text_input"}, "ann@stadt.example", None),
        ({"type": "url_text_input"}, "stadt", "Bitte gib eine gültige URL ein."),
        ({"type": "url_text_input"}, "https://stadt.example", None),
        ({"type": "datepicker"}, None, MISSING),
        ({"type": "datepicker"}, "2026-02-30", "Bitte gib ein gültiges Datum ein."),
        ({"type": "datepicker"}, "20260228", "Bitte gib ein gültiges Datum ein."),
        ({"type": "datepicker"}, "2026-02-28", None),
        ({"type": "timepicker"}, "24:00", "Bitte gib eine gültige Uhrzeit ein."),
        ({"type": "timepicker"}, "23:59", None),
        ({"type": "datetimepicker"}, 1795337400, None),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["A", "B"], "Bitte wähle höchstens 1 aus."),
        ({"type": "multi_users_select"}, ["A", "B"], None),
        ({"type": "rich_text_input"}, "", MISSING),
        ({"type": "rich_text_input"}, "Hallo", None),
        ({"type": "file_input"}, [], MISSING),
        ({"type": "file_input", "max_files": 1}, [{}, {}], "Bitte lade höchstens 1 Dateien hoch."),
        (
            {"type": "file_input", "filetypes": ["pdf"]},
            [{"name": "bild.PNG"}],
            "Bitte lade nur Dateien dieser Art hoch: pdf.",
        ),
        ({"type": "file_input", "filetypes": ["pdf"]}, [{"name": "plan.PDF"}], None),
        ({"type": "checkboxes", "options": []}, [], MISSING),
    ],
)
def test_an_answer_is_checked_before_it_is_sent(
    element: dict[str, Any], answer: Any, sentence: str | None
) -> None:
    element = {**element, "action_id": "a"}
    blocks = [{"type": "input", "block_id": "b", "element": element}]
    values = {"b": {"a": state_of(element, answer)}}

    assert mistakes(blocks, values) == ({"b": sentence} if sentence else {})
    if not answer:
        assert mistakes([{**blocks[0], "optional": True}], values) == {}


def test_a_form_speaks_english_to_those_who_are_not_german() -> None:
    element = {"type": "plain_text_input", "action_id": "a"}
    blocks = [{"type": "input", "block_id": "b", "element": element}]

    assert mistakes(blocks, {}, "en-GB") == {"b": "Please complete this required field."}
    assert mistakes(blocks, {}, "de-AT") == {"b": MISSING}


def test_formatted_text_of_line_breaks_alone_is_no_answer() -> None:
    element = {"type": "rich_text_input", "action_id": "a"}
    blocks = [{"type": "input", "block_id": "b", "element": element}]

    assert mistakes(blocks, {"b": {"a": state_of(element, "\n")}}) == {"b": MISSING}


async def test_three_forms_lie_on_one_another_and_no_more(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async def trigger() -> str:
        wire.frames.clear()
        await sandbox.person("U_ANN").shortcut("pitch_new")
        return str((await wire.payload("shortcut"))["trigger_id"])

    async with wired(sandbox) as wire:
        with pytest.raises(SlackApiError, match="not_found"):
            await client.views_push(trigger_id=await trigger(), view=MODAL)
        first = (await client.views_open(trigger_id=await trigger(), view=MODAL))["view"]
        for _ in range(2):
            last = (await client.views_push(trigger_id=await trigger(), view=MODAL))["view"]
        with pytest.raises(SlackApiError, match="push_limit_reached"):
            await client.views_push(trigger_id=await trigger(), view=MODAL)

        assert last["root_view_id"] == first["id"]
        assert len(sandbox.workspace.modals("U_ANN")) == 3
        await client.views_open(trigger_id=await trigger(), view={**MODAL, "external_id": "mine"})
        assert len(sandbox.workspace.modals("U_ANN")) == 1


async def test_a_form_is_changed_by_the_id_its_app_gave_it(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        await ann.shortcut("pitch_new")
        trigger_id = (await wire.payload("shortcut"))["trigger_id"]
        await client.views_open(trigger_id=trigger_id, view={**MODAL, "external_id": "mine"})
    form = await ann.form()
    title = {"type": "plain_text", "text": "Neu"}

    await client.views_update(external_id="mine", view={**MODAL, "title": title, "external_id": "mine"})

    assert form.title == "Neu"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=form.view.id, view=MODAL, hash="1.stale")
