"""Why someone sees a message, or why something was not posted, in words."""

from typing import Final

from slack_sdk.models.blocks import ButtonElement

from bot.texts import Texts
from handlers.chat.blocks.kit import button

WHY: Final = "why"


def why_button(kind: str, subject_id: int, _: Texts) -> ButtonElement:
    """Return the button that tells why a message about something is here."""
    return button(_("Why do I see this?"), WHY, f"{kind}:{subject_id}")
