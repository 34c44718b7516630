"""Response URLs: for half an hour, and five times, the app may answer where a person did something."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from sandbox.protocol.arguments import loaded
from sandbox.protocol.composer import composed
from sandbox.protocol.expiry import forget_old
from sandbox.protocol.traffic import Traffic
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message
from sandbox.state.workspace import Workspace

# docs.slack.dev/interactivity/handling-user-interaction: "up to 5 times within 30 minutes"
LIFETIME = 1800.0
MOST_USES = 5
BAD = 400
# Addresses are remembered this long, so that the app is told that one is too old and not unknown.
MEMORY = 2 * LIFETIME
# docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: what is answered to bad requests
STATUSES = {
    "channel_not_found": 404,
    "message_not_found": 404,
    "is_archived": 410,
    "channel_is_archived": 410,
}


@dataclass
class _Place:
    """Where answers go: a person in a channel, and the message (or attachment of it) they acted on."""

    person_id: str
    channel_id: str
    message: Message | None
    attachment_id: int | None
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """The response URLs that were given out."""

    def __init__(self, workspace: Workspace, base_url: str, traffic: Traffic) -> None:
        self._workspace = workspace
        self._traffic = traffic
        self._base_url = base_url
        self._places: dict[str, _Place] = {}

    def issue(
        self,
        person_id: str,
        channel_id: str,
        message: Message | None = None,
        attachment_id: int | None = None,
    ) -> str:
        """Return a fresh address.

        Args:
            person_id: who did something.
            channel_id: where.
            message: the one acted on, which the app may replace.
            attachment_id: which of its attachments was acted on, if one was.
        """
        now = self._workspace.clock.time()
        forget_old(self._places, lambda place: now - place.issued_at >= MEMORY)
        key = secrets.token_urlsafe(18)
        self._places[key] = _Place(person_id, channel_id, message, attachment_id, now)
        return f"{self._base_url}hooks/{key}"

    async def serve(self, request: web.Request) -> web.Response:
        """Take an answer of the app's; one that is refused does not count."""
        place = self._places.get(request.match_info["key"])
        if place is None:
            return web.Response(status=404, text="no_service")
        if self._workspace.clock.time() - place.issued_at >= LIFETIME:
            return web.Response(status=404, text="expired_url")
        if place.uses >= MOST_USES:
            return web.Response(status=404, text="used_url")
        said: JSON = {}
        with self._traffic.noted("response_url", "response_url", said) as outcome:
            response = await self._answered(request, place, said)
            outcome.answer = response.text
            outcome.error = "" if response.status < BAD else str(response.status)
            return response

    async def _answered(self, request: web.Request, place: _Place, said: JSON) -> web.Response:
        try:
            answer = await _body(request)
            said |= answer
            # From here on nothing waits: two answers at once can't both be the fifth.
            self._take(place, answer)
        except RefusedError as error:
            return _refusal(error)
        place.uses += 1
        return web.Response(text="ok")

    def say(self, person_id: str, channel_id: str, answer: Any) -> Message:
        """Say what the app answered, to all there when it wants that, else to the person alone.

        Raises:
            RefusedError: what the app wants said can't be said.
        """
        if not isinstance(answer, dict):
            raise RefusedError("invalid_payload")
        is_for_all = answer.get("response_type") == "in_channel"
        reader_id = None if is_for_all else person_id
        thread_ts = str(answer["thread_ts"]) if answer.get("thread_ts") else None
        message = composed(answer, channel_id, reader_id=reader_id, thread_ts=thread_ts)
        return self._workspace.say(message, is_guest=True)

    def _take(self, place: _Place, answer: JSON) -> None:
        original = place.message
        if original is not None:
            original = self._workspace.find(original.channel_id, original.ts)
        is_replacing, is_deleting = _wish(answer, "replace_original"), _wish(answer, "delete_original")
        if original is None and place.message and (is_replacing or is_deleting):
            raise RefusedError("message_not_found")
        if original and is_deleting:
            self._delete(original, place.attachment_id)
        # Without a word about it an answer to a click takes the place of the message.
        elif original and is_replacing is not False:
            self._replace(original, place.attachment_id, answer)
        else:
            self.say(place.person_id, place.channel_id, answer)

    def _delete(self, original: Message, attachment_id: int | None) -> None:
        if original.author_id == BOT_USER_ID:
            self._workspace.delete(original.channel_id, original.ts)
        else:
            left = [one for one in original.attachments if one["id"] != attachment_id]
            self._workspace.change(replace(original, attachments=left))

    def _replace(self, original: Message, attachment_id: int | None, answer: JSON) -> None:
        new = composed(answer, original.channel_id)
        if original.author_id != BOT_USER_ID:
            # A person's message stays as it is, but for what the app has attached to it.
            self._workspace.change(replace(original, attachments=_exchanged(original, attachment_id, new)))
            return
        self._workspace.change(
            replace(
                original,
                text=new.text,
                blocks=new.blocks,
                attachments=new.attachments,
                selected={},
                edited_ts=None if original.is_ephemeral else self._workspace.clock.stamp(),
            )
        )


async def _body(request: web.Request) -> JSON:
    """Return what the app sent: JSON, or a form whose `payload` is.

    Raises:
        RefusedError: `invalid_payload`.
    """
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            answer = loaded(str((await request.post())["payload"]))
        else:
            answer = loaded(await request.text())
    except (ValueError, LookupError):
        raise RefusedError("invalid_payload") from None
    if not isinstance(answer, dict):
        raise RefusedError("invalid_payload")
    return answer


def _wish(answer: JSON, name: str) -> bool | None:
    """Return whether the app wants that, None without a word about it; some write "true"."""
    given = answer.get(name)
    return None if given is None else str(given).lower() not in {"", "0", "false"}


def _refusal(error: RefusedError) -> web.Response:
    status = STATUSES.get(error.code, 400)
    if error.code == "invalid_payload":
        return web.Response(status=status, text=error.code)
    answer: JSON = {"ok": False, "error": error.code}
    if error.messages:
        answer["response_metadata"] = {"messages": list(error.messages)}
    return web.json_response(answer, status=status)


def _exchanged(message: Message, attachment_id: int | None, new: Message) -> list[JSON]:
    """Return a message's attachments with other contents in one of them."""
    contents = {"blocks": new.blocks} if new.blocks else {"text": new.text}
    return [
        {key: one[key] for key in one if key not in {"blocks", "text"}} | contents
        if one["id"] == attachment_id
        else one
        for one in message.attachments
    ]
