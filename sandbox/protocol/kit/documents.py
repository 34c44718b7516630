"""What of Block Kit a call can bring."""

from typing import Any

from pydantic import BaseModel, ValidationError

from sandbox.protocol.kit.answers import OptionsAnswer
from sandbox.protocol.kit.attachments import Attachment
from sandbox.protocol.kit.base import Surface
from sandbox.protocol.kit.pointers import Place, messages
from sandbox.protocol.kit.stacks import MessageBlocks, ViewBlocks
from sandbox.protocol.kit.views import View

NOT_GIVEN: Any = None


class Documents(BaseModel):
    """One field for each kind of document, all in one model: so their common rules are built only once."""

    blocks: MessageBlocks = NOT_GIVEN
    view_blocks: ViewBlocks = NOT_GIVEN
    attachments: list[Attachment] = NOT_GIVEN
    view: View = NOT_GIVEN
    answer: OptionsAnswer = NOT_GIVEN


def faults_in(kind: str, document: Any, root: Place, surface: Surface = "message") -> list[str]:
    """Return what is wrong with a document, in Slack's words with a JSON pointer each.

    Args:
        kind: the field of `Documents`.
        document: any JSON.
        root: where the document is in the arguments of the call, such as `("view",)`.
        surface: where it is to be shown.
    """
    try:
        Documents.model_validate({kind: document}, context={"surface": surface})
    except ValidationError as error:
        return messages(error, document, root)
    return []
