"""A workspace with an app of its own, not the assistant, and the cards that this app posts."""

from typing import Any, Final

from sandbox import BOT_USER_ID, Channel, Member, Seed

READER: Final = Member("U0LESERIN", "leserin", "Lea Leserin", "Digitale Kommunikation")
CHANNEL: Final = "C0KARTEN"
BUTTONS: Final = "buttons"
PRESS: Final = "take"
STORY: Final = "Seit dem Frühjahr leiht die Stadtbibliothek Geräte aus, und die Warteliste wird länger. " * 3


def seed() -> Seed:
    """Return what the workspace starts with."""
    return Seed(
        team="Stadt",
        domain="stadt",
        members=(READER,),
        channels=(Channel(CHANNEL, "karten", members=(READER.id, BOT_USER_ID)),),
        manifest={
            "display_information": {"name": "Karten"},
            "features": {"bot_user": {"display_name": "karten"}},
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        },
    )


def card(number: int) -> dict[str, Any]:
    """Return `chat.postMessage` arguments for a card: words, a small line below, three buttons."""
    title = f"Themenvorschlag {number}"
    return {
        "channel": CHANNEL,
        "text": title,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*\n{STORY}"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": f"Idee von <@{READER.id}>"}]},
            {
                "type": "actions",
                "block_id": BUTTONS,
                "elements": [
                    _button("Annehmen", PRESS, number, style="primary"),
                    _button("Ablehnen", "decline", number),
                    _button("Rückfrage stellen", "ask", number),
                ],
            },
        ],
    }


def _button(label: str, action_id: str, number: int, **more: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label, "emoji": True}
    return {"type": "button", "action_id": action_id, "text": text, "value": str(number), **more}
