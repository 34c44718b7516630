"""Response URLs: for half an hour, and five times, the app may answer where a person did something."""

import secrets
from dataclasses import dataclass, replace

from aiohttp import web

from sandbox.protocol.composer import composed
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message
from sandbox.state.workspace import Workspace

LIFETIME = 1800.0
MOST_USES = 5


@dataclass
class _Place:
    """Where answers go: a person in a channel, and the message they acted on."""

    person_id: str
    channel_id: str
    message: Message | None
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """The response URLs that were given out."""

    def __init__(self, workspace: Workspace, base_url: str) -> None:
        self._workspace = workspace
        self._base_url = base_url
        self._places: dict[str, _Place] = {}

    def issue(self, person_id: str, channel_id: str, message: Message | None = None) -> str:
        """Return a fresh address; `message` is the one acted on, which the app may replace."""
        now = self._workspace.clock.time()
        self._places = {key: p for key, p in self._places.items() if now - p.issued_at < LIFETIME}
        key = secrets.token_urlsafe(18)
        self._places[key] = _Place(person_id, channel_id, message, now)
        return f"{self._base_url}hooks/{key}"

    async def serve(self, request: web.Request) -> web.Response:
        """Take an answer of the app's."""
        place = self._places.get(request.match_info["key"])
        if place is None:
            return web.Response(status=404, text="expired_url")
        if place.uses >= MOST_USES:
            return web.Response(status=404, text="used_url")
        place.uses += 1
        try:
            self._take(place, dict(await request.json()))
        except (ValueError, TypeError):
            return web.Response(status=400, text="invalid_payload")
        except RefusedError as error:
            answer: JSON = {"ok": False, "error": error.code}
            if error.messages:
                answer["response_metadata"] = {"messages": list(error.messages)}
            return web.json_response(answer, status=400)
        return web.Response(text="ok")

    def say(self, person_id: str, channel_id: str, answer: JSON) -> Message:
        """Say what the app answered, to all there when it wants that, else to the person alone.

        Raises:
            RefusedError: what the app wants said can't be said.
        """
        is_for_all = answer.get("response_type") == "in_channel"
        reader_id = None if is_for_all else person_id
        thread_ts = answer.get("thread_ts")
        message = composed(answer, channel_id, reader_id=reader_id, thread_ts=thread_ts)
        return self._workspace.say(message, is_guest=True)

    def _take(self, place: _Place, answer: JSON) -> None:
        message = place.message
        if message is not None:
            message = self._workspace.find(message.channel_id, message.ts)
        if answer.get("delete_original"):
            if message is not None:
                self._workspace.delete(message.channel_id, message.ts)
        # Without a word about it an answer to a click takes the place of the message.
        elif message is not None and answer.get("replace_original", True):
            new = composed(answer, message.channel_id)
            edited_ts = None if message.is_ephemeral else self._workspace.clock.stamp()
            self._workspace.change(
                replace(
                    message,
                    text=new.text,
                    blocks=new.blocks,
                    attachments=new.attachments,
                    selected={},
                    edited_ts=edited_ts,
                )
            )
        else:
            self.say(place.person_id, place.channel_id, answer)
