"""What an app wants said, checked as Slack does and made a message."""

import json
from typing import Any

from sandbox.protocol.app_text import kept
from sandbox.protocol.arguments import loaded
from sandbox.protocol.blocks import attachment_faults, faults, filled, text_length
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Blocks, Message

# docs.slack.dev/reference/methods: chat.postMessage, chat.update, and of metadata "16 KB"
LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LONGEST_BLOCKS = 12_000
MOST_ATTACHMENTS = 100
METADATA_BYTES = 16_384


def content(args: JSON, longest: int = LONGEST_TEXT) -> JSON:
    """Return `text`, `blocks` and `attachments`, as far as the app gave them, in the form that is kept.

    Raises:
        RefusedError: `markdown_text_conflict`, `msg_too_long`, `msg_blocks_too_long`, `invalid_blocks`,
            `invalid_blocks_format`, `invalid_attachments`, `too_many_attachments`.
    """
    result: JSON = {}
    if args.get("markdown_text") is not None:
        if args.get("text") is not None or args.get("blocks") is not None:
            raise RefusedError("markdown_text_conflict")
        args = {**args, "text": args["markdown_text"]}
        args["blocks"] = [{"type": "markdown", "text": args["markdown_text"]}]
    if args.get("text") is not None:
        text = str(args["text"])
        if len(text) > longest:
            raise RefusedError("msg_too_long")
        result["text"] = kept(text, str(args.get("parse", "")))
    if args.get("blocks") is not None:
        result["blocks"] = _blocks(parsed(args["blocks"], "invalid_blocks_format"))
    if args.get("attachments") is not None:
        result["attachments"] = _attachments(parsed(args["attachments"], "invalid_attachments"))
    return result


def composed(args: JSON, channel_id: str, **more: Any) -> Message:
    """Return the message an app wants said.

    Args:
        args: as given to `chat.postMessage` or a `response_url`.
        channel_id: where it is to be said.
        more: more fields of the message.

    Raises:
        RefusedError: as `content`, and `no_text` or the errors of metadata.
    """
    said = content(args)
    if not said.get("text", "").strip() and not said.get("blocks") and not said.get("attachments"):
        raise RefusedError("no_text")
    said.setdefault("text", "")
    return Message(channel_id, "", BOT_USER_ID, **said, metadata=metadata(args), **more)


def metadata(args: JSON) -> JSON | None:
    """Return the metadata an app gave, if any.

    Raises:
        RefusedError: `invalid_metadata_format`, `invalid_metadata_schema`, `metadata_too_large`.
    """
    if not args.get("metadata"):
        return None
    given = parsed(args["metadata"], "invalid_metadata_format")
    if not isinstance(given, dict) or not {"event_type", "event_payload"} <= given.keys():
        raise RefusedError("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not isinstance(given["event_payload"], dict):
        raise RefusedError("invalid_metadata_schema")
    if len(json.dumps(given, ensure_ascii=False).encode()) > METADATA_BYTES:
        raise RefusedError("metadata_too_large")
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}


def parsed(value: Any, error: str) -> Any:
    """Return an argument that may come as JSON text.

    Raises:
        RefusedError: `error` when it is text but no JSON.
    """
    if not isinstance(value, str):
        return value
    try:
        return loaded(value)
    except ValueError:
        raise RefusedError(error) from None


def _blocks(given: Any) -> Blocks:
    if not isinstance(given, list):
        raise RefusedError("invalid_blocks_format")
    wrong = faults(given)
    if wrong:
        raise RefusedError("invalid_blocks", *wrong)
    if text_length(given) > LONGEST_BLOCKS:
        raise RefusedError("msg_blocks_too_long")
    return filled(given)


def _attachments(given: Any) -> Blocks:
    if isinstance(given, list) and len(given) > MOST_ATTACHMENTS:
        raise RefusedError("too_many_attachments")
    wrong = attachment_faults(given)
    if wrong:
        raise RefusedError("invalid_attachments", *wrong)
    return [
        {
            **attachment,
            "id": number,
            **({"blocks": filled(attachment["blocks"])} if attachment.get("blocks") else {}),
        }
        for number, attachment in enumerate(given, start=1)
    ]
