"""Each kind of block and element has its HTML; what people and apps wrote never becomes markup."""

from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Control, Sandbox
from sandbox.page import rich_text
from sandbox.page.names import Names
from sandbox.page.render import environment
from sandbox.page.surface import Surface
from sandbox.page.texts import texts
from sandbox.protocol.blocks import filled
from tests.sandbox import kit, page_bot
from tests.sandbox.page_bot import CARD, HOME, PITCH, SEED, button, mrkdwn, options
from tests.sandbox.page_bot import plain as plain_text
from tests.sandbox.strategies import BLOCKS, INPUTS
from tests.sandbox.wire import wired

NAMES = Names("U_ANN", {"U_ANN": "Redaktion", "U_BEN": "Ben"}, {"C_ALL": "digitales"})
ANY_BLOCK: dict[str, st.SearchStrategy[Any]] = {
    **BLOCKS,
    "input": st.one_of(*INPUTS.values()).map(lambda element: kit.field(element.to_dict())),
    "data_table": st.just(kit.DATA_TABLE),
    "data_visualization": st.just(kit.PIE),
    "alert": st.just({"type": "alert", "text": kit.plain("Halt"), "level": "error"}),
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Elements(HTMLParser):
    """All start tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [have for name, have in self.found if name == tag and wanted.items() <= have.items()]


def blocks_html(*blocks: dict[str, Any], states: dict[str, Any] | None = None) -> str:
    module: Any = environment(texts()).get_template("blocks.html").module
    return str(module.all_blocks(Surface("v", filled(list(blocks)), states or {}, NAMES)))


def element_html(element: dict[str, Any]) -> Elements:
    return Elements(
        blocks_html({"type": "actions", "block_id": "b", "elements": [{"action_id": "a", **element}]})
    )


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async def run() -> str:
        return "Getan."

    running = await Sandbox.start(
        SEED,
        pace=False,
        controls=[Control("go", "Beitrag veröffentlichen", "Im Feed der Demo", run)],
        links=[("Öffentliche Seite", "http://127.0.0.1:1/")],
    )
    yield running
    await running.stop()


@pytest.fixture
async def web(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.page_url) as session:
        yield session


async def look(web: aiohttp.ClientSession, **query: str) -> str:
    async with web.get("/", params=query) as response:
        assert response.status == 200
        return await response.text()


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"type": "header", "text": plain_text("Hallo & los")}, "Hallo &amp; los</h3>"),
        ({"type": "section", "text": mrkdwn("*Satz*")}, "<p><strong>Satz</strong></p>"),
        ({"type": "section", "fields": [mrkdwn("eins"), plain_text("*zwei*")]}, "*zwei*"),
        ({"type": "context", "elements": [plain_text("nebenbei")]}, "nebenbei"),
        ({"type": "divider"}, "<hr"),
        (
            {"type": "image", "image_url": "http://127.0.0.1:1/a.png", "alt_text": "Ein Rathaus"},
            'alt="Ein Rathaus"',
        ),
        (
            {"type": "image", "image_url": "https://weit.example/a.png", "alt_text": "Ein Rathaus"},
            "Bild: Ein Rathaus",
        ),
        ({"type": "markdown", "text": "**so geschrieben**"}, "<strong>so geschrieben</strong>"),
        ({"type": "actions", "elements": [button("Los", "go", style="primary")]}, 'class="button primary"'),
    ],
)
def test_each_kind_of_block_is_shown(block: dict[str, Any], shown: str) -> None:
    assert shown in blocks_html(block)


def test_a_picture_of_another_machine_is_named_but_not_loaded() -> None:
    assert "<img" not in blocks_html(
        {"type": "image", "image_url": "https://weit.example/a.png", "alt_text": "x"}
    )


def test_rich_text_has_sections_lists_within_lists_quotes_and_styles() -> None:
    def run(text: str, **style: bool) -> dict[str, Any]:
        element = {"type": "text", "text": text, "style": style}
        return {"type": "rich_text_section", "elements": [element]}

    lists = [
        {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": [run("a"), run("b")]},
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [run("b1")]},
        {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": [run("c")]},
    ]
    link = {"type": "link", "url": "https://a.de", "text": "dort"}
    others = [{"type": "user", "user_id": "U_BEN"}, {"type": "emoji", "name": "tada"}, link]
    quote = {"type": "rich_text_quote", "elements": others}
    block = {"elements": [run("<i>", bold=True, italic=True), *lists, quote]}

    assert rich_text.html(block, NAMES) == (
        "<p><strong><em>&lt;i&gt;</em></strong></p><ul><li>a</li><li>b<ol><li>b1</li></ol></li></ul>"
        '<ul><li>c</li></ul><blockquote><span class="mention">@Ben</span>🎉'
        '<a href="https://a.de" target="_blank" rel="noopener noreferrer">dort</a></blockquote>'
    )


def test_a_button_is_a_button_and_one_with_an_address_opens_a_new_tab() -> None:
    assert element_html(button("Los", "a")).of("button", data_action="a", data_block="b")
    link = element_html(button("Dort", "a", url="https://a.de"))
    assert link.of("a", href="https://a.de", target="_blank", rel="noopener noreferrer")
    assert not element_html(button("Dort", "a", url="javascript:alert(1)")).of("a")


@pytest.mark.parametrize(
    "kind", ["static_select", "external_select", "users_select", "multi_channels_select"]
)
def test_what_is_chosen_from_is_a_field_to_type_in_with_a_name_and_a_list(kind: str) -> None:
    page = element_html({"type": kind, "placeholder": plain_text("Wahl"), "options": options(a="A")})
    [field] = page.of("input", role="combobox", aria_label="Wahl", aria_expanded="false")

    assert page.of("div", role="listbox", id=str(field["aria-controls"]))


@pytest.mark.parametrize("kind", ["datepicker", "timepicker", "datetimepicker"])
def test_dates_and_times_have_names_of_their_own(kind: str) -> None:
    [field] = element_html({"type": kind}).of("input")

    assert field["aria-label"] in {"Datum", "Uhrzeit", "Datum und Uhrzeit"}


def test_inputs_have_labels_hints_and_what_they_begin_with() -> None:
    page = Elements(
        blocks_html(
            page_bot.field("Titel", "t", "plain_text_input", hint="Kurz", max_length=9, initial_value="Da"),
            states={"t": {"t": {"type": "plain_text_input", "value": "Da"}}},
        )
    )
    [title] = page.of("input", type="text", value="Da", data_most="9")

    assert page.of("label", **{"for": str(title["id"])})
    described = str(title["aria-describedby"]).split()
    assert {name["id"] for _, name in page.found if name.get("id") in described} == set(described)
    assert "maxlength" not in title  # too much is said, not cut off


def test_an_id_stays_when_blocks_are_put_before_it() -> None:
    title = page_bot.field("Titel", "t", "plain_text_input")
    alone, after = Elements(blocks_html(title)), Elements(blocks_html({"type": "divider"}, title))

    assert alone.of("input")[0]["id"] == after.of("input")[0]["id"]


async def test_hostile_names_texts_and_labels_stay_text(sandbox: Sandbox, web: aiohttp.ClientSession) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    accessory = {"type": "static_select", "action_id": "s", "options": options(**{HOSTILE: HOSTILE[:70]})}
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain_text(HOSTILE)},
        {"type": "section", "text": mrkdwn(HOSTILE), "accessory": accessory},
        {
            "type": "actions",
            "elements": [
                button(
                    HOSTILE[:70], HOSTILE, confirm={"title": plain_text(HOSTILE), "text": plain_text(HOSTILE)}
                )
            ],
        },
    ]
    await client.chat_postMessage(channel="C_ALL", text=HOSTILE, blocks=blocks)
    sandbox.workspace.post("U_BEN", "C_ALL", HOSTILE)

    page = Elements(await look(web, person="U_ANN", channel="C_ALL"))

    [script] = page.of("script")
    assert str(script["src"]).startswith("/static/")
    assert not page.of("img")
    assert not any(name.startswith("on") for _, attributes in page.found for name in attributes)


@pytest.mark.parametrize(
    "query", [{}, {"person": "U_NOBODY", "channel": "C_NOWHERE", "thread": "1.1", "limit": "x"}]
)
async def test_an_address_of_nothing_shows_the_first_person_and_channel(
    web: aiohttp.ClientSession, query: dict[str, str]
) -> None:
    assert '<h1 id="title">#digitales</h1>' in await look(web, **query)


async def test_a_channel_one_is_not_in_is_not_shown(sandbox: Sandbox, web: aiohttp.ClientSession) -> None:
    sandbox.workspace.post("U_ANN", "C_NEWS", "Vertraulich")

    assert "Vertraulich" not in await look(web, person="U_CEM", channel="C_NEWS")
    assert "Vertraulich" in await look(web, person="U_ANN", channel="C_NEWS")


async def test_an_ephemeral_message_is_seen_by_its_reader_alone(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Psst")

    ann = await look(web, person="U_ANN", channel="C_ALL")
    assert "Psst" in ann
    assert "Nur für dich sichtbar" in ann
    assert "Psst" not in await look(web, person="U_BEN", channel="C_ALL")


async def test_a_message_that_was_changed_says_so(sandbox: Sandbox, web: aiohttp.ClientSession) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    first = await client.chat_postMessage(channel="C_ALL", text="Erst")
    await client.chat_update(channel="C_ALL", ts=first["ts"], text="Dann")

    page = await look(web, person="U_ANN", channel="C_ALL")

    assert "Dann" in page
    assert "(bearbeitet)" in page


async def test_the_sidebar_says_what_is_new_and_what_concerns_one(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    sandbox.workspace.post("U_BEN", "C_LUNCH", "Hunger @redaktion")

    page = await look(web, person="U_ANN", channel="C_ALL")

    assert '<span class="count">1<span class="hidden"> für dich</span></span>' in page
    assert "Beitrag veröffentlichen" in page
    assert "Öffentliche Seite" in page


async def test_what_was_drawn_before_is_drawn_anew_when_something_about_it_changes(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    workspace = sandbox.workspace
    said = workspace.post("U_BEN", "C_ALL", "Hallo @leitung-bau")
    before = await look(web, person="U_ANN", channel="C_ALL")

    workspace.change_member(replace(workspace.member("U_CEM"), real_name="Neue Leitung"))
    workspace.react("U_CEM", "C_ALL", said.ts, "tada")
    workspace.post("U_CEM", "C_ALL", "Ja?", said.ts)
    after = await look(web, person="U_ANN", channel="C_ALL")

    assert "@Leitung Baureferat" in before
    assert "@Neue Leitung" in after
    assert 'aria-label="tada: Neue Leitung"' in after
    assert "1 Antwort" in after
    workspace.edit("U_BEN", "C_ALL", said.ts, "Hallo alle")
    assert "Hallo alle" in await look(web, person="U_ANN", channel="C_ALL")


async def test_the_page_loads_nothing_from_elsewhere_and_runs_no_inline_script(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    sandbox.workspace.views.open("U_ANN", PITCH | {"blocks": filled(PITCH["blocks"])})
    sandbox.workspace.views.publish("U_ANN", HOME | {"blocks": filled(HOME["blocks"])})
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=CARD)
    async with web.get("/", params={"person": "U_ANN"}) as response:
        policy = response.headers["Content-Security-Policy"]
        page = Elements(await response.text())

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.of("style")
    assert not any("style" in attributes for _, attributes in page.found)
    loaded = [a.get("src") or a.get("href") for tag, a in page.found if tag in {"script", "link", "img"}]
    assert all(str(address).startswith("/static/") for address in loaded)
    for address in loaded:
        async with web.get(str(address)) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({}, 403),
    ],
)
async def test_another_site_cannot_act_for_a_person(
    sandbox: Sandbox, web: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    given = {"person": "U_ANN", "channel": "C_ALL", "text": "Hallo"}
    async with web.post("/act/post", json=given, headers=headers) as response:
        assert response.status == status

    assert len(sandbox.workspace.messages("C_ALL", "U_ANN")) == (status == 200)


@pytest.mark.parametrize(
    ("deed", "given", "status"),
    [
        ("gibtsnicht", {}, 404),
        ("post", {}, 400),
        ("click", {"person": "U_ANN", "view": "V0", "block": "b", "action": "a", "values": {}}, 200),
    ],
)
async def test_what_the_page_does_not_know_is_refused(
    web: aiohttp.ClientSession, deed: str, given: dict[str, Any], status: int
) -> None:
    async with web.post(f"/act/{deed}", json=given, headers={"Sec-Fetch-Site": "same-origin"}) as response:
        assert response.status == status
        if status == 200:
            assert (await response.json())["failure"] == "Das gibt es hier nicht mehr."


async def test_an_option_that_the_app_suggested_can_be_sent_from_the_page(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    select = {"type": "external_select", "action_id": "a", "min_query_length": 0}
    block = {"type": "input", "block_id": "b", "label": plain_text("Thema"), "element": select}
    async with wired(sandbox) as wire:
        view = sandbox.workspace.views.open("U_ANN", PITCH | {"blocks": [block]})
        wire.answer = {"options": [{"text": plain_text("Rad"), "value": "rad"}]}
        await sandbox.interactions.suggest("U_ANN", view.id, "b", "a", "")
        wire.answer = None
        given = {"person": "U_ANN", "view": view.id, "values": {"b": {"a": "rad"}}}
        async with web.post("/act/submit", json=given, headers={"Sec-Fetch-Site": "same-origin"}) as response:
            answer = await response.json()

        sent = (await wire.payload("view_submission"))["view"]["state"]["values"]["b"]["a"]
    assert answer == {"errors": {}, "failure": None}
    assert sent["selected_option"]["value"] == "rad"


@pytest.mark.parametrize("kind", [*BLOCKS, "input", "data_table", "data_visualization", "alert"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_the_sandbox_takes_is_shown_and_harmless(kind: str, data: st.DataObject) -> None:
    block = data.draw(ANY_BLOCK[kind])
    html = blocks_html(block if isinstance(block, dict) else block.to_dict())

    page = Elements(html)
    assert html.strip()
    assert not page.of("script")
    assert not any("style" in attributes for _, attributes in page.found)
    hrefs = [attributes["href"] or "" for _, attributes in page.found if "href" in attributes]
    assert all(href.startswith(("https://", "http://", "mailto:", "/?")) for href in hrefs)


@pytest.mark.parametrize("value", [1e308, -1e308, 5e-324, 0.0, 123456789.123])
@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_a_chart_of_any_numbers_is_drawn(kind: str, value: float) -> None:
    block = {"type": "data_visualization", "title": "Zahlen", "chart": chart_of(kind, value, -value)}

    assert "nan" not in blocks_html(block)
    assert "inf" not in blocks_html(block).replace("info", "")


def chart_of(kind: str, *values: float) -> dict[str, Any]:
    series = [{"name": f"s{at}", "data": [{"label": "a", "value": value}]} for at, value in enumerate(values)]
    return {"type": kind, "series": series, "axis_config": {"categories": ["a"]}}


async def test_a_file_is_given_to_those_who_see_it_and_can_do_nothing(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    sandbox.workspace.share_file("U_ANN", "C_NEWS", "seite.html", b"<script>alert(1)</script>")
    file_id = sandbox.workspace.files.all()[-1].id

    async with web.get(f"/file/{file_id}", params={"person": "U_ANN"}) as response:
        assert await response.read() == b"<script>alert(1)</script>"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]
    for query in ({"person": "U_CEM"}, {}):
        async with web.get(f"/file/{file_id}", params=query) as response:
            assert response.status == 404


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({}, 1, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 1, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 6_000_000, 200),
    ],
)
async def test_a_file_for_a_form_is_taken_from_the_page_alone_and_not_without_end(
    web: aiohttp.ClientSession, headers: dict[str, str], size: int, status: int
) -> None:
    query = {"person": "U_ANN", "name": "a.txt"}
    async with web.post("/file", params=query, data=BytesIO(b"x" * size), headers=headers) as response:
        assert response.status == status
        if status == 200:
            answer = await response.json()
            assert answer.get("failure", "") == (
                "" if size == 1 else "Dateien dürfen höchstens 5 MB groß sein."
            )


async def test_a_file_of_someone_else_cannot_be_put_into_a_form(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    view = sandbox.workspace.views.open(
        "U_ANN", PITCH | {"blocks": filled([page_bot.field("Datei", "f", "file_input")])}
    )
    sandbox.workspace.share_file("U_BEN", "C_LUNCH", "geheim.txt", b"x")
    file_id = sandbox.workspace.files.all()[-1].id

    given = {"person": "U_ANN", "view": view.id, "values": {"f": {"f": [file_id]}}}
    async with web.post("/act/submit", json=given, headers={"Sec-Fetch-Site": "same-origin"}) as response:
        assert (await response.json())["failure"] == "Diese Datei gibt es nicht mehr."


async def test_an_emoji_below_a_message_is_put_and_taken_back(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    message = sandbox.workspace.post("U_BEN", "C_ALL", "Da!")
    given = {"person": "U_ANN", "channel": "C_ALL", "ts": message.ts, "name": "tada"}
    for people in (["U_ANN"], []):
        async with web.post("/act/react", json=given, headers={"Sec-Fetch-Site": "same-origin"}) as response:
            assert response.status == 200
        now = sandbox.workspace.said("C_ALL", message.ts)
        assert [one["users"] for one in now.reactions] == ([people] if people else [])


async def test_a_preview_of_a_link_shows_its_blocks_and_who_added_it(
    sandbox: Sandbox, web: aiohttp.ClientSession
) -> None:
    message = sandbox.workspace.post("U_BEN", "C_ALL", "Seht: https://stadt.example/portal")
    preview = {
        "id": 1,
        "fallback": "[no preview available]",
        "blocks": filled([{"type": "section", "text": mrkdwn("*Das Portal*")}]),
        "color": "#36a64f",
        "from_url": "https://stadt.example/portal",
        "is_app_unfurl": True,
    }
    sandbox.workspace.change(replace(message, attachments=[preview]))

    page = await look(web, person="U_ANN", channel="C_ALL")

    assert "<strong>Das Portal</strong>" in page
    assert 'fill="#36a64f"' in page
    assert "Hinzugefügt von Stadtfunk" in page
    assert "no preview available" not in page
