"""Images and what people press; docs.slack.dev/reference/block-kit/block-elements."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import ByType, Id, Part, Text, Url, at_most, need_one_of
from sandbox.protocol.kit.composition import Confirm, SlackFile, Style, Workflow
from sandbox.protocol.kit.texts import Plain

Label = Annotated[Text, Field(max_length=75)]
Value = Annotated[Text, Field(max_length=2000)]


class Acting(Part):
    """An element whose use the app hears of."""

    action_id: Id | None = None


class Confirmed(Acting):
    """An element that may ask before it acts."""

    confirm: Confirm | None = None


class Picture(Part):
    """An image, from somewhere or from Slack."""

    alt_text: Annotated[Text, Field(min_length=1, max_length=2000)]
    image_url: Url | None = None
    slack_file: SlackFile | None = None

    @model_validator(mode="after")
    def _is_from_one_place(self) -> Self:
        need_one_of(self, "image_url", "slack_file")
        return self


class ImageElement(Picture):
    """A small image beside or between texts; /image-element."""

    type: Literal["image"]


class Button(Confirmed):
    """/button-element."""

    type: Literal["button"]
    text: Annotated[Plain, at_most(75)]
    url: Url | None = None
    value: Value | None = None
    style: Style | None = None
    accessibility_label: Label | None = None
    agent_prompt: Annotated[Text, Field(max_length=4000)] | None = None
    agent_prompt_display: Text | None = None
    visible_to_user_ids: list[Text] | None = None


class WorkflowButton(Acting):
    """A button that starts a workflow; /workflow-button-element."""

    type: Literal["workflow_button"]
    text: Annotated[Plain, at_most(75)]
    workflow: Workflow
    style: Style | None = None
    accessibility_label: Label | None = None


class IconButton(Confirmed):
    """A button that shows an icon; /icon-button-element."""

    type: Literal["icon_button"]
    icon: Literal["trash"]
    text: Plain
    value: Value | None = None
    accessibility_label: Label | None = None
    visible_to_user_ids: Annotated[list[Text], Field(max_length=10)] | None = None


class FeedbackButton(Part):
    """One of the two feedback buttons."""

    text: Annotated[Plain, at_most(75)]
    value: Value
    accessibility_label: Label | None = None


class FeedbackButtons(Acting):
    """Two buttons to praise or to criticise; /feedback-buttons-element."""

    type: Literal["feedback_buttons"]
    positive_button: FeedbackButton
    negative_button: FeedbackButton


Image = Annotated[ImageElement, ByType()]
