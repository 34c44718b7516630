"""How the preview of a link looks: the card of what it leads to, without buttons."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import RichTextBlock, RichTextListElement, RichTextSectionElement

from bot.texts import Texts
from handlers.chat.blocks.events import EventCard
from handlers.chat.blocks.kit import Message, section
from handlers.chat.blocks.lines import Line, event_line, post_line
from handlers.chat.blocks.posts import PostCard


def preview(message: Message) -> dict[str, Any]:
    """Return a message as chat.unfurl takes it, without buttons: those belong to where we told of it."""
    said = message.as_slack()
    shown = [block for block in said["blocks"] if block["type"] != "actions"]
    return {"blocks": shown, "fallback": said["text"]}


def newest_posts(cards: Sequence[PostCard], site_url: str, _: Texts) -> Message | None:
    """Name the newest posts; None when there are none."""
    return _listed(_("Newest posts"), [post_line(card, site_url, _) for card in cards])


def next_events(cards: Sequence[EventCard], site_url: str, _: Texts) -> Message | None:
    """Name the next events; None when there are none."""
    return _listed(_("Next events"), [event_line(card, site_url, _) for card in cards])


def _listed(heading: str, lines: Sequence[Line]) -> Message | None:
    if not lines:
        return None
    items = [RichTextSectionElement(elements=list(line.parts)) for line in lines]
    shown = RichTextBlock(elements=[RichTextListElement(style="bullet", elements=items)])
    return Message(heading, [section(f"*{heading}*"), shown])
