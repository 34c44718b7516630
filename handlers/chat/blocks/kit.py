"""The pieces messages and forms are made of. Words of other people stay words: no mention, no forged link."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
    SectionBlock,
    StaticSelectElement,
)

Text = RichTextElementParts.Text
Link = RichTextElementParts.Link
TextStyle = RichTextElementParts.TextStyle

# Slack's limits: https://docs.slack.dev/reference/block-kit
MAX_BUTTON: Final = 75
MAX_HEADER: Final = 150
MAX_SECTION: Final = 3000
MAX_FALLBACK: Final = 3000
MAX_MESSAGE: Final = 12_000
MAX_VIEW_TITLE: Final = 24
MAX_CONFIRM_TITLE: Final = 100
MAX_CONFIRM: Final = 300
MAX_CONFIRM_BUTTON: Final = 30
MAX_IMAGE_URL: Final = 3000
# Ours: a title or a picture's description is longer only by mistake.
MAX_LINE: Final = 300
# Slack shows PNG, JPEG and GIF: docs.slack.dev/reference/block-kit/blocks/image-block
NO_PICTURES: Final = (".svg", ".webp", ".avif", ".pdf", ".mp4")
# What can't be seen and turns the direction of reading around, so that a link's words look like others, or
# stands unseen between letters. Joiners stay: they hold emoji and some scripts together.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


@dataclass(frozen=True)
class Message:
    """A message: `text` says it all in a sentence, for notifications and screen readers."""

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)

    def as_slack(self) -> dict[str, Any]:
        """Return the arguments that chat.postMessage and chat.update take."""
        return {
            "text": cut(self.text, MAX_FALLBACK),
            "blocks": fitted([block.to_dict() for block in self.blocks]),
            "unfurl_links": False,
            "unfurl_media": False,
        }

    def without_pictures(self) -> "Message | None":
        """Return the same without its pictures; None when it has none."""
        blocks = [block for block in self.blocks if not isinstance(block, ImageBlock)]
        return replace(self, blocks=blocks) if len(blocks) < len(self.blocks) else None


def cut(words: str, limit: int) -> str:
    """Return words of at most `limit` characters, cut at a word with an ellipsis."""
    if len(words) <= limit:
        return words
    head = words[: limit - 1]
    return (head.rpartition(" ")[0] if " " in head[limit // 2 :] else head).rstrip() + "…"


def seen(words: str) -> str:
    """Return words without what can't be seen in them."""
    return _HIDDEN.sub("", words)


def line(words: str, limit: int = MAX_LINE) -> str:
    """Return words on one line of at most `limit` characters; nothing when none of them can be seen."""
    found = " ".join(seen(words).split())
    return cut(found, limit) if any(letter != " " and letter.isprintable() for letter in found) else ""


def fitted(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return blocks that have room in one message: if they are too long together, long texts are cut."""
    texts = list(_texts(blocks))
    left = MAX_MESSAGE
    if sum(len(one["text"]) for one in texts) <= left:
        return blocks
    by_length = sorted(texts, key=lambda one: len(one["text"]))
    for number, one in enumerate(by_length):
        # What shorter texts leave over is shared by the longer ones.
        one["text"] = cut(one["text"], left // (len(by_length) - number))
        left -= len(one["text"])
    return blocks


def _texts(part: Any) -> Iterator[dict[str, Any]]:
    """Yield everything in blocks that holds a text."""
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part
        for one in part.values():
            yield from _texts(one)


def escape(words: str) -> str:
    """Return someone's words for a text in Slack's mrkdwn, where < > & would begin mentions and links."""
    return seen(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def person(chat_id: str) -> str:
    """Return a mention of a colleague, for mrkdwn."""
    return f"<@{chat_id}>"


def header(words: str) -> Block:
    """Show a heading."""
    return HeaderBlock(text=PlainTextObject(text=cut(words, MAX_HEADER), emoji=False))


def section(mrkdwn: str) -> Block:
    """Show a paragraph of our own words; others' words in it are escaped by the caller."""
    return SectionBlock(text=MarkdownTextObject(text=cut(mrkdwn, MAX_SECTION)))


def context(mrkdwn: str) -> Block:
    """Show a small grey line."""
    return ContextBlock(elements=[MarkdownTextObject(text=cut(mrkdwn, MAX_SECTION))])


def small(text: str) -> Block:
    """Show a small grey line, exactly as it is written, also what others wrote in it."""
    return ContextBlock(elements=[PlainTextObject(text=cut(seen(text), MAX_SECTION), emoji=False)])


def picture(url: str | None, alt: str | None) -> list[Block]:
    """Show a picture, if Slack can fetch it and there are words for those who can't see it."""
    said = line(alt or "")
    if not said or not url or len(url) > MAX_IMAGE_URL or not url.startswith("https://"):
        return []
    if url.partition("?")[0].lower().endswith(NO_PICTURES):
        return []
    return [ImageBlock(image_url=url, alt_text=said)]


def words(*parts: Text | Link) -> Block:
    """Show words that others wrote, exactly as they wrote them."""
    return RichTextBlock(elements=[RichTextSectionElement(elements=list(parts))])


def plain(text: str) -> Text:
    """Return words to stand in `words`."""
    return _text(text)


def bold(text: str) -> Text:
    """Return words to stand out in `words`."""
    return _text(text, TextStyle(bold=True))


def struck(text: str) -> Text:
    """Return words that no longer hold, to stand in `words`."""
    return _text(text, TextStyle(strike=True))


def link(text: str, url: str) -> Link:
    """Return a bold link to stand in `words`."""
    return Link(text=seen(text) or url, url=url, style=TextStyle(bold=True))


def _text(text: str, style: TextStyle | None = None) -> Text:
    # Slack takes no empty text.
    return Text(text=seen(text) or "–", style=style)


def button(
    label: str, action_id: str, value: object = "", *, style: str | None = None, about: str | None = None
) -> ButtonElement:
    """Return a button.

    Args:
        label: what it does, at most MAX_BUTTON characters.
        action_id: the listener's name.
        value: what the listener gets, such as an id.
        style: `primary` or `danger`.
        about: what it is about, for screen readers, when several buttons have this label.
    """
    return ButtonElement(
        text=PlainTextObject(text=cut(label, MAX_BUTTON), emoji=False),
        action_id=action_id,
        value=str(value),
        style=style,
        accessibility_label=cut(f"{label}: {about}", MAX_BUTTON) if about else None,
    )


def asking(element: ButtonElement, question: str, *, yes: str, no: str, text: str = "") -> ButtonElement:
    """Return a button that asks before it acts."""
    element.confirm = ConfirmObject(
        title=PlainTextObject(text=cut(question, MAX_CONFIRM_TITLE)),
        text=PlainTextObject(text=cut(seen(text) or question, MAX_CONFIRM)),
        confirm=cut(yes, MAX_CONFIRM_BUTTON),
        deny=cut(no, MAX_CONFIRM_BUTTON),
    )
    return element


def link_button(label: str, action_id: str, url: str) -> ButtonElement:
    """Return a button that opens an address."""
    return ButtonElement(text=PlainTextObject(text=cut(label, MAX_BUTTON)), action_id=action_id, url=url)


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> OverflowMenuElement:
    """Return the button ⋯ with more to choose from, pairs of value and label."""
    shown = [Option(value=value, text=PlainTextObject(text=cut(text, MAX_BUTTON))) for value, text in options]
    return OverflowMenuElement(action_id=action_id, options=shown)


def actions(*buttons: ButtonElement | OverflowMenuElement) -> Block:
    """Show buttons in a row."""
    return ActionsBlock(elements=list(buttons))


def text_input(
    name: str,
    label: str,
    *,
    initial: str = "",
    multiline: bool = False,
    optional: bool = True,
    limit: int | None = None,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """Ask for words; the field's error is shown at `name`."""
    element = PlainTextInputElement(
        action_id=name,
        initial_value=(cut(initial, limit) if limit else initial) or None,
        multiline=multiline,
        max_length=limit,
        placeholder=PlainTextObject(text=placeholder) if placeholder else None,
    )
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        element=element,
        optional=optional,
        hint=PlainTextObject(text=hint) if hint else None,
    )


def choice(
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    initial: str | None = None,
    optional: bool = True,
    hint: str | None = None,
) -> Block:
    """Ask for one of `options`, pairs of value and label."""
    shown = [Option(value=value, text=PlainTextObject(text=cut(text, MAX_BUTTON))) for value, text in options]
    element = StaticSelectElement(
        action_id=name,
        options=shown,
        initial_option=next((option for option in shown if option.value == initial), None),
    )
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        element=element,
        optional=optional,
        hint=PlainTextObject(text=hint) if hint else None,
    )


def form(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str,
    close: str,
    private_metadata: str = "",
) -> dict[str, Any]:
    """Return a modal form, as views.open takes it."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": cut(title, MAX_VIEW_TITLE)},
        "submit": {"type": "plain_text", "text": cut(submit, MAX_VIEW_TITLE)},
        "close": {"type": "plain_text", "text": cut(close, MAX_VIEW_TITLE)},
        "private_metadata": private_metadata,
        "blocks": [block.to_dict() for block in blocks],
    }
