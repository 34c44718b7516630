"""A workspace and a plain Bolt app that shows all that the page can show."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Channel, Member, Seed

MANIFEST = {
    "display_information": {"name": "Stadtfunk"},
    "features": {
        "bot_user": {"display_name": "Stadtfunk"},
        "slash_commands": [
            {"command": "/funk", "description": "Alles auf Zuruf", "usage_hint": "[hilfe | idee | radar]"}
        ],
        "shortcuts": [
            {
                "name": "Idee vorschlagen",
                "type": "global",
                "callback_id": "pitch_new",
                "description": "Erzähl der Redaktion von deinem Thema",
            },
            {
                "name": "Daraus eine Geschichte machen",
                "type": "message",
                "callback_id": "pitch_from_message",
                "description": "Schlägt die Nachricht der Redaktion vor",
            },
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels", "message.im", "app_home_opened"]}
    },
}
SEED = Seed(
    team="Stadt am Fluss",
    domain="stadt",
    members=(
        Member("U_ANN", "redaktion", "Redaktion", title="Presse- und Informationsamt"),
        Member("U_BEN", "dima-rit", "Digitalisierungsmanager*in RIT", title="IT-Referat"),
        Member("U_CEM", "leitung-bau", "Leitung Baureferat", title="Baureferat"),
    ),
    channels=(
        Channel("C_ALL", "digitales", "Neues von muenchen.digital", ("U_ANN", "U_BEN", "U_CEM", BOT_USER_ID)),
        Channel("C_NEWS", "redaktion", "Themen & Termine", ("U_ANN", BOT_USER_ID), is_private=True),
        Channel("C_LUNCH", "mittagspause", "", ("U_ANN", "U_BEN")),
    ),
    manifest=MANIFEST,
)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def options(**words: str) -> list[dict[str, Any]]:
    return [{"text": plain(text), "value": value} for value, text in words.items()]


def button(label: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": label, **more}


def field(
    label: str, action_id: str, kind: str, *, hint: str = "", optional: bool = True, **more: Any
) -> dict[str, Any]:
    block = {
        "type": "input",
        "block_id": action_id,
        "label": plain(label),
        "optional": optional,
        "element": {"type": kind, "action_id": action_id, **more},
    }
    return block | ({"hint": plain(hint)} if hint else {})


PICTURE = {"type": "image", "image_url": "https://stadt.example/bild.jpg", "alt_text": "Ein Rathaus"}
STATUSES = options(planned="Geplant", in_progress="In Umsetzung", completed="Abgeschlossen")
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Neues Bürgerportal gestartet :tada:")},
    {
        "type": "section",
        "text": mrkdwn(
            "*Ein Antrag, ein Klick:* Das Portal bündelt _120 Leistungen_.\n• Parkausweis\n• Meldebescheinigung\n"
            "<https://stadt.example/portal|Zum Beitrag>"
        ),
        "accessory": PICTURE,
    },
    {"type": "section", "fields": [mrkdwn("*Referat*\nIT-Referat"), mrkdwn("*Stand*\nIn Umsetzung")]},
    {"type": "context", "elements": [mrkdwn("Heute · muenchen.digital · <#C_ALL>")]},
    {"type": "divider"},
    {
        "type": "actions",
        "elements": [
            button("Annehmen", "accept", style="primary"),
            button(
                "Ablehnen",
                "decline",
                style="danger",
                confirm={
                    "title": plain("Wirklich?"),
                    "text": plain("Das hört die Person."),
                    "confirm": plain("Ja, ablehnen"),
                    "deny": plain("Doch nicht"),
                },
            ),
            button("Auf der Website ansehen", "open", url="https://stadt.example/"),
            {
                "type": "static_select",
                "action_id": "status",
                "placeholder": plain("Status wählen"),
                "options": STATUSES,
            },
            {"type": "datepicker", "action_id": "day", "placeholder": plain("Tag")},
            {"type": "overflow", "action_id": "more", "options": options(later="Später", never="Nie wieder")},
        ],
    },
]
PITCH: dict[str, Any] = {
    "type": "modal",
    "callback_id": "pitch",
    "title": plain("Deine Idee"),
    "submit": plain("Abschicken"),
    "close": plain("Abbrechen"),
    "notify_on_close": True,
    "blocks": [
        {"type": "section", "text": mrkdwn("Ein Titel genügt. *Danke!*")},
        field("Titel", "title", "plain_text_input", optional=False, max_length=60, hint="In einem Satz"),
        field("Worum geht es?", "about", "plain_text_input", multiline=True, max_length=2000),
        field(
            "Fortschritt in Prozent",
            "progress",
            "number_input",
            is_decimal_allowed=False,
            min_value="0",
            max_value="100",
        ),
        field("Status", "status", "static_select", options=STATUSES, placeholder=plain("Status wählen")),
        field(
            "Art", "kind", "radio_buttons", options=options(report="Bericht", talk="Gespräch"), optional=False
        ),
        field("Kanäle", "outlets", "checkboxes", options=options(blog="IT-Blog", letter="Newsletter")),
        field(
            "Handlungsfelder",
            "fields",
            "multi_static_select",
            options=options(a="Bildung", b="Mobilität", c="Service"),
        ),
        field("Ansprechperson", "contact", "users_select", placeholder=plain("Person wählen")),
        field("Tag", "day", "datepicker"),
        field("Uhrzeit", "time", "timepicker"),
        field("Adresse im Netz", "url", "url_text_input"),
        field("E-Mail", "mail", "email_text_input"),
    ],
}
HOME: dict[str, Any] = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Guten Morgen!")},
        {
            "type": "section",
            "text": mrkdwn("Hier siehst du, was *gerade* ansteht."),
            "accessory": button("Idee vorschlagen", "pitch"),
        },
        {"type": "divider"},
        {
            "type": "section",
            "text": mrkdwn("Wie oft möchtest du hören, was es Neues gibt?"),
            "accessory": {
                "type": "static_select",
                "action_id": "rhythm",
                "options": options(now="Sofort", week="Wöchentlich"),
            },
        },
        {"type": "context", "elements": [mrkdwn("Zuletzt geändert: heute")]},
    ],
}


def listen(app: AsyncApp) -> None:  # noqa: C901 - an app of eight small listeners
    """Let an app answer to everything the page can do; a click is answered in place."""

    @app.command("/funk")
    async def funk(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        if command["text"] == "idee":
            await client.views_open(trigger_id=command["trigger_id"], view=PITCH)
            await ack()
        else:
            await ack(f"Du hast *{command['text'] or 'nichts'}* gefunkt.")

    @app.shortcut("pitch_new")
    @app.action("pitch")
    async def pitch(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=PITCH)
        await ack()

    @app.shortcut("pitch_from_message")
    async def from_message(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        about = field(
            "Titel", "title", "plain_text_input", optional=False, initial_value=body["message"]["text"]
        )
        await client.views_open(trigger_id=body["trigger_id"], view=PITCH | {"blocks": [about]})
        await ack()

    @app.view("pitch")
    async def take(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        title = view["state"]["values"]["title"]["title"]["value"]
        if "!" in title:
            await ack(response_action="errors", errors={"title": "Bitte ohne Ausrufezeichen."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Danke für „{title}“.")

    @app.view_closed("pitch")
    async def leave(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Vielleicht ein andermal.")

    @app.action("accept")
    @app.action("decline")
    @app.action("more")
    @app.action("status")
    async def decide(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await ack()
        said = action.get("value") or action["selected_option"]["text"]["text"]
        text = f"Entschieden: {said}"
        blocks = [*CARD[:2], {"type": "context", "elements": [mrkdwn(text)]}]
        where = body["container"]
        await client.chat_update(
            channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=blocks
        )

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=HOME)

    @app.event("message")
    async def heard() -> None:
        """Say nothing."""
