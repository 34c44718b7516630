"""Texts; docs.slack.dev/reference/block-kit/composition-objects/text-object."""

from typing import Annotated, Literal

from pydantic import Field

from sandbox.protocol.kit.base import ByType, Flag, Part, Text

Words = Annotated[Text, Field(min_length=1, max_length=3000)]


class PlainText(Part):
    """Text that is shown as it is, apart from emoji."""

    type: Literal["plain_text"]
    text: Words
    emoji: Flag = True


class MarkdownText(Part):
    """Text in Slack's own markup."""

    type: Literal["mrkdwn"]
    text: Words
    verbatim: Flag = False


Plain = Annotated[PlainText, ByType(names_all=True)]
AnyText = Annotated[PlainText | MarkdownText, ByType(names_all=True)]
