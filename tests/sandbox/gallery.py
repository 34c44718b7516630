"""Every block and element of Block Kit, as an app could send them: what the page has to show."""

from typing import Any

from tests.sandbox.page_bot import button, field, mrkdwn, options, plain

JSON = dict[str, Any]
PICTURE = {"type": "image", "image_url": "https://stadt.example/bild.jpg", "alt_text": "Ein Rathaus am Abend"}
CONFIRM = {
    "title": plain("Ganz sicher?"),
    "text": mrkdwn("Das hören *alle*."),
    "confirm": plain("Ja, sicher"),
    "deny": plain("Doch nicht"),
}
TOPICS = options(bike="Radwege", school="Schulen", pool="Freibäder", library="Bibliotheken", park="Parks")
GROUPS = [
    {"label": plain("Draußen"), "options": options(bike="Radwege", park="Parks")},
    {"label": plain("Drinnen"), "options": options(school="Schulen", library="Bibliotheken")},
]
MARKED = [
    {
        "text": mrkdwn("*Sofort*"),
        "value": "now",
        "description": mrkdwn("Jeder Beitrag, sobald er _erscheint_"),
    },
    {"text": plain("Wöchentlich"), "value": "week", "description": plain("Montags um neun")},
    {"text": plain("Gar nicht"), "value": "never"},
]


def text(words: str, **style: bool) -> JSON:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def run(*pieces: JSON) -> JSON:
    return {"type": "rich_text_section", "elements": list(pieces)}


def bullets(style: str, *items: JSON, **more: Any) -> JSON:
    return {"type": "rich_text_list", "style": style, "elements": list(items), **more}


def rich(*parts: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(parts)}


def raw(words: str) -> JSON:
    return {"type": "raw_text", "text": words}


def number(value: float, words: str) -> JSON:
    return {"type": "raw_number", "value": value, "text": words}


def select(kind: str, label: str, **more: Any) -> JSON:
    return {"type": kind, "action_id": label.lower().replace(" ", "_"), "placeholder": plain(label), **more}


RICH = rich(
    run(
        text("Fett", bold=True), text(", "), text("schräg", italic=True), text(", "), text("weg", strike=True)
    ),
    run(
        text("unterstrichen", underline=True),
        text(", "),
        text("Code", code=True),
        text(" und alles", bold=True, italic=True),
    ),
    bullets("bullet", run(text("Punkt")), run(text("Punkt mit Unterpunkten"))),
    bullets("ordered", run(text("erstens")), run(text("zweitens")), indent=1),
    bullets("bullet", run(text("noch tiefer")), indent=2),
    bullets("ordered", run(text("weiter gezählt")), offset=4),
    {"type": "rich_text_quote", "elements": [text("Ein Zitat über\nzwei Zeilen")]},
    {"type": "rich_text_preformatted", "elements": [text("def hallo():\n    return 'Welt'")], "border": 1},
    run(
        {"type": "user", "user_id": "U_BEN"},
        text(" "),
        {"type": "channel", "channel_id": "C_ALL"},
        text(" "),
        {"type": "usergroup", "usergroup_id": "S1"},
        text(" "),
        {"type": "broadcast", "range": "here"},
        text(" "),
        {"type": "team", "team_id": "T1"},
        text(" "),
        {"type": "emoji", "name": "tada"},
        text(" "),
        {"type": "emoji", "name": "woman-technologist", "unicode": "1f469-200d-1f4bb"},
        text(" "),
        {"type": "date", "timestamp": 1_720_710_212, "format": "{date_long} um {time}", "fallback": "2024"},
        text(" "),
        {"type": "color", "value": "#F405B3"},
        text(" "),
        {"type": "link", "url": "https://stadt.example/", "text": "Ein Link"},
        text(" "),
        {"type": "message_mention", "channel_id": "C_ALL", "message_ts": "1720710212.123456"},
        text(" "),
        {"type": "attachment_mention", "url": "https://stadt.example", "text": "Anhang"},
        text(" "),
        {"type": "canvas", "file_id": "F1", "label": "Leinwand"},
    ),
)
MARKDOWN = """# Große Überschrift
Ein Absatz mit **fett**, *schräg*, ~~weg~~, `Code` und [einem Link](https://stadt.example/).

## Kleinere Überschrift
1. eins
2. zwei
   - darunter

> Zitat von <@U_BEN> :tada:

```python
print("Hallo")
```

| Stadtteil | Stand | Anteil |
|---|:---:|---:|
| Giesing | läuft | 40 % |
| Laim | fertig | 100 % |

![Ein Bild](https://stadt.example/bild.jpg) und https://stadt.example/ohne-klammern.

---
Ende
"""
TABLE = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "center"}, {"align": "right"}],
    "rows": [
        [raw("Maßnahme"), raw("Stand"), raw("Fortschritt")],
        [
            raw("Bürgerportal mit einem ziemlich langen Namen"),
            rich(run(text("läuft", bold=True))),
            raw("40 %"),
        ],
        [
            rich(run({"type": "link", "url": "https://stadt.example", "text": "WLAN"})),
            raw("fertig"),
            number(100, "100 %"),
        ],
    ],
}
DATA_TABLE = {
    "type": "data_table",
    "caption": "Beiträge je Referat",
    "page_size": 5,
    "row_header_column_index": 0,
    "rows": [
        [raw("Referat"), raw("Beiträge"), raw("Tun")],
        *(
            [
                raw(name),
                number(count, f"{count} Beiträge"),
                {"type": "action", "element": button("Fragen", f"ask_{count}"), "fallback": raw("–")},
            ]
            for name, count in (
                *(("Baureferat", 12), ("IT-Referat", 31), ("Kulturreferat", 4), ("Kommunalreferat", 9)),
                *(("Mobilitätsreferat", 17), ("Sozialreferat", 2), ("Kreisverwaltungsreferat", 23)),
            )
        ),
    ],
}


def chart(kind: str) -> JSON:
    months = ["Januar", "Februar", "März", "April"]
    series: dict[str, list[float]] = {"Kultur": [3, 5.5, -2, 4], "Mobilität": [1, 2, 3, 6]}
    return {
        "type": "data_visualization",
        "title": f"Beiträge im Frühjahr ({kind})",
        "chart": {
            "type": kind,
            "axis_config": {"categories": months, "x_label": "Monat", "y_label": "Anzahl"},
            "series": [
                {
                    "name": name,
                    "data": [{"label": m, "value": v} for m, v in zip(months, values, strict=True)],
                }
                for name, values in series.items()
            ],
        },
    }


PIE = {
    "type": "data_visualization",
    "title": "Anteile",
    "chart": {
        "type": "pie",
        "segments": [
            {"label": "Kultur", "value": 5},
            {"label": "Mobilität", "value": 3},
            {"label": "IT", "value": 2},
        ],
    },
}
CARD = {
    "type": "card",
    "hero_image": PICTURE,
    "slack_icon": {"type": "icon", "name": "rocket"},
    "title": plain("Digitaler Bauantrag"),
    "subtitle": mrkdwn("_Baureferat_"),
    "body": mrkdwn("Von zu Hause *einreichen*, ohne Papier."),
    "actions": [button("Lesen", "read_card", url="https://stadt.example/"), button("Merken", "keep_card")],
}
TASK = {
    "type": "task_card",
    "task_id": "t1",
    "title": "Quellen lesen",
    "status": "complete",
    "details": rich(run(text("Drei Feeds"))),
    "output": rich(run(text("12 neue Beiträge"))),
    "sources": [{"type": "url", "url": "https://stadt.example/feed", "text": "Feed"}],
}
SHOWN: list[JSON] = [
    {"type": "header", "text": plain("Alles, was es gibt :sparkles:")},
    {
        "type": "section",
        "text": mrkdwn("*Ein Abschnitt* mit _Text_ und einem Bild daneben"),
        "accessory": PICTURE,
    },
    {
        "type": "section",
        "fields": [mrkdwn("*Referat*\nIT-Referat"), mrkdwn("*Stand*\nIn Umsetzung"), plain("*nicht fett*")],
    },
    {
        "type": "context",
        "elements": [PICTURE, mrkdwn("Heute · <https://stadt.example|Stadt>"), plain("ohne Marken")],
    },
    {"type": "divider"},
    {"type": "image", "title": plain("Unser Rathaus"), **{k: PICTURE[k] for k in ("image_url", "alt_text")}},
    RICH,
    {"type": "markdown", "text": MARKDOWN},
    {
        "type": "video",
        "title": plain("Ein Rundgang"),
        "title_url": "https://stadt.example/film",
        "description": plain("Zwei Minuten durchs Haus"),
        "video_url": "https://stadt.example/film",
        "thumbnail_url": "https://stadt.example/film.png",
        "alt_text": "Rundgang durch das Rathaus",
        "author_name": "Pressestelle",
        "provider_name": "Stadt-TV",
    },
    {"type": "file", "external_id": "bericht-2025", "source": "remote"},
    {"type": "call", "call_id": "R1"},
]
DATA: list[JSON] = [TABLE, DATA_TABLE, PIE, chart("bar"), chart("line"), chart("area")]
CARDS: list[JSON] = [
    CARD,
    {
        "type": "carousel",
        "elements": [{**CARD, "actions": [button(f"Karte {n}", f"card_{n}")]} for n in range(1, 5)],
    },
    {
        "type": "container",
        "title": plain("Ein Kasten"),
        "subtitle": mrkdwn("zum *Zuklappen*"),
        "is_collapsible": True,
        "child_blocks": [
            {"type": "section", "text": mrkdwn("Darin"), "accessory": button("Im Kasten", "in_box")}
        ],
    },
    {
        "type": "container",
        "rich_text_title": rich(run(text("Ein "), text("fester", bold=True), text(" Kasten"))),
        "has_header_divider": True,
        "child_blocks": [{"type": "section", "text": mrkdwn("Auch darin")}, {"type": "divider"}],
    },
    {
        "type": "plan",
        "title": "Was gerade läuft",
        "tasks": [TASK, {**TASK, "task_id": "t2", "title": "Schreiben", "status": "in_progress"}],
    },
    {**TASK, "task_id": "t3", "title": "Senden", "status": "error"},
    {
        "type": "auth_provider",
        "value": "drive",
        "name": plain("Ablage"),
        "is_connected": False,
        "description": plain("Für Dateien aus der Ablage"),
        "auth_url": "https://stadt.example/anmelden",
    },
]
FEEDBACK: JSON = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Hilfreich"), "value": "good"},
    "negative_button": {"text": plain("Nicht hilfreich"), "value": "bad"},
}
PRESSED: list[JSON] = [
    {
        "type": "actions",
        "block_id": "pressed",
        "elements": [
            button("Einfach", "simple"),
            button("Wichtig", "primary", style="primary"),
            button("Gefährlich", "danger", style="danger", confirm=CONFIRM),
            button("Öffnen", "link", url="https://stadt.example/"),
            {
                "type": "workflow_button",
                "action_id": "flow",
                "text": plain("Ablauf"),
                "workflow": {"trigger": {"url": "https://stadt.example/t"}},
            },
            {"type": "overflow", "action_id": "more", "options": options(later="Später", never="Nie wieder")},
            {**button("Unsichtbar", "hidden"), "visible_to_user_ids": ["U_BEN"]},
        ],
    },
    {
        "type": "context_actions",
        "block_id": "small",
        "elements": [
            FEEDBACK,
            {
                "type": "icon_button",
                "action_id": "trash",
                "icon": "trash",
                "text": plain("Löschen"),
                "value": "weg",
            },
        ],
    },
]
PICKED: list[JSON] = [
    {
        "type": "actions",
        "block_id": "picked",
        "elements": [
            select("static_select", "Thema", options=TOPICS, initial_option=TOPICS[0]),
            select("static_select", "Thema in Gruppen", option_groups=GROUPS, confirm=CONFIRM),
            select("external_select", "Quelle", min_query_length=2),
            select("users_select", "Person"),
            select("conversations_select", "Unterhaltung"),
            select("channels_select", "Kanal"),
            select("multi_static_select", "Themen", options=TOPICS, max_selected_items=2),
            select("multi_external_select", "Quellen", min_query_length=0),
            select("multi_users_select", "Personen", initial_users=["U_BEN"]),
            select("multi_conversations_select", "Unterhaltungen"),
            select("multi_channels_select", "Kanäle"),
        ],
    },
    {
        "type": "actions",
        "block_id": "times",
        "elements": [
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-22"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
            {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1_795_000_200},
        ],
    },
    {
        "type": "section",
        "block_id": "rhythm",
        "text": mrkdwn("*Wie oft* möchtest du davon hören?"),
        "accessory": {
            "type": "radio_buttons",
            "action_id": "rhythm",
            "options": MARKED,
            "initial_option": MARKED[1],
        },
    },
    {
        "type": "actions",
        "block_id": "ticks",
        "elements": [{"type": "checkboxes", "action_id": "ticks", "options": MARKED}],
    },
]
ATTACHMENTS: list[JSON] = [
    {
        "color": "#36a64f",
        "pretext": "Aus dem _Kalender_",
        "author_name": "Volkshochschule",
        "author_link": "https://stadt.example/vhs",
        "title": "Digitalsprechstunde",
        "title_link": "https://stadt.example/termin",
        "text": "Mit *Fragen* kommen, ohne gehen.",
        "fields": [
            {"title": "Ort", "value": "Stadtbibliothek", "short": True},
            {"title": "Zeit", "value": "17 Uhr", "short": True},
            {"title": "Hinweis", "value": "Bitte eigenes Gerät mitbringen"},
        ],
        "thumb_url": "https://stadt.example/klein.png",
        "footer": "Veranstaltungen",
        "ts": 1_720_710_212,
        "actions": [{"type": "button", "name": "old", "text": "Alter Knopf"}],
    },
    {
        "color": "danger",
        "blocks": [
            {
                "type": "section",
                "text": mrkdwn("Ein *Block* im Anhang"),
                "accessory": button("Im Anhang", "attached"),
            }
        ],
    },
    {"fallback": "Nur ein Ersatztext"},
]


def asked(**more: Any) -> JSON:
    return {"placeholder": plain("Bitte ausfüllen"), **more}


FIELDS: list[JSON] = [
    {"type": "alert", "text": mrkdwn("Alles hier ist *freiwillig*."), "level": "info"},
    {"type": "alert", "text": plain("Vorsicht, frisch gestrichen."), "level": "warning"},
    field("Titel", "title", "plain_text_input", min_length=3, max_length=40, hint="In einem Satz", **asked()),
    field("Worum geht es?", "about", "plain_text_input", multiline=True, max_length=500),
    field("Anteil", "share", "number_input", is_decimal_allowed=True, min_value="0", max_value="100"),
    field("E-Mail", "mail", "email_text_input"),
    field("Adresse im Netz", "url", "url_text_input"),
    field(
        "Formatiert",
        "rich",
        "rich_text_input",
        initial_value=rich(run(text("Hallo "), text("Welt", bold=True))),
    ),
    field("Dateien", "files", "file_input", filetypes=["png", "txt"], max_files=2),
    field("Tag", "day", "datepicker"),
    field("Uhrzeit", "hour", "timepicker"),
    field("Zeitpunkt", "moment", "datetimepicker"),
    field("Thema", "topic", "static_select", options=TOPICS, focus_on_load=True),
    field("Gruppe", "group", "static_select", option_groups=GROUPS),
    field("Quelle", "source", "external_select", min_query_length=1),
    field("Ansprechperson", "contact", "users_select"),
    field("Wohin", "where", "conversations_select", default_to_current_conversation=True),
    field("Kanal", "channel", "channels_select"),
    field("Themen", "topics", "multi_static_select", options=TOPICS, max_selected_items=2),
    field("Quellen", "sources", "multi_external_select", min_query_length=0),
    field("Leute", "people", "multi_users_select"),
    field("Rhythmus", "rhythm", "radio_buttons", options=MARKED),
    field("Wege", "ways", "checkboxes", options=MARKED, initial_options=MARKED[:1]),
]
TOLD: list[JSON] = [
    {
        **field(
            "Suche",
            "search",
            "plain_text_input",
            dispatch_action_config={"trigger_actions_on": ["on_character_entered"]},
        ),
        "dispatch_action": True,
    },
    {**field("Ort", "place", "plain_text_input"), "dispatch_action": True},
    {
        **field("Farbe", "colour", "static_select", options=options(red="Rot", blue="Blau")),
        "dispatch_action": True,
    },
]
FORM: JSON = {
    "type": "modal",
    "callback_id": "gallery",
    "title": plain("Alle Felder"),
    "submit": plain("Senden"),
    "close": plain("Lieber nicht"),
    "notify_on_close": True,
    "blocks": [
        *FIELDS,
        *TOLD,
        {"type": "actions", "block_id": "onward", "elements": [button("Weiter", "push")]},
    ],
}
MESSAGES: dict[str, list[JSON]] = {
    "Texte": SHOWN,
    "Daten": DATA,
    "Karten": CARDS,
    "Knöpfe": PRESSED,
    "Auswahl": PICKED,
}
HOME: JSON = {"type": "home", "blocks": [*SHOWN[:5], *PICKED, *FIELDS[2:6]]}
