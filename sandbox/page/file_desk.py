"""Files on the page: people upload them into forms and look at those they can see."""

from urllib.parse import quote

from aiohttp import web

from sandbox.page.acts import is_from_here
from sandbox.page.screen import Shown
from sandbox.page.showing import PICTURES
from sandbox.page.texts import texts
from sandbox.protocol.file_server import SAFE
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.files import LARGEST_FILE, File


class FileDesk:
    """Takes what people upload into forms and gives what they may see."""

    def __init__(self, sandbox: Shown) -> None:
        self._sandbox = sandbox

    async def take(self, request: web.Request) -> web.Response:
        """Take one file, as the body, for a field of a form."""
        if not is_from_here(request):
            raise web.HTTPForbidden
        person_id, name = request.query.get("person", ""), request.query.get("name", "")
        try:
            _ = texts(self._sandbox.workspace.active(person_id).locale)
            data = await request.clone(client_max_size=LARGEST_FILE).read()
            file = self._sandbox.interactions.upload(person_id, name, data)
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"failure": _("Files can have at most 5 MB.")})
        except RefusedError as error:
            if error.code == "user_not_found":
                raise web.HTTPNotFound from error
            return web.json_response({"failure": error.code})
        return web.json_response({"id": file["id"], "name": file["name"]})

    async def give(self, request: web.Request) -> web.Response:
        """Give a file's contents to someone who may see it; nothing in it can run as a page of ours."""
        try:
            file = self._sandbox.workspace.files.kept(request.match_info["id"])
        except RefusedError:
            raise web.HTTPNotFound from None
        if not self._may_see(request.query.get("person", ""), file):
            raise web.HTTPNotFound
        is_picture = file.mimetype in PICTURES
        disposition = (
            f"{'inline' if is_picture else 'attachment'}; filename*=UTF-8''{quote(file.name, safe='')}"
        )
        headers = {**SAFE, "Content-Type": file.mimetype, "Content-Disposition": disposition}
        return web.Response(body=self._sandbox.workspace.files.contents(file.id), headers=headers)

    def _may_see(self, person_id: str, file: File) -> bool:
        # The bot shows its files wherever it likes, in blocks too.
        if file.owner_id in {person_id, BOT_USER_ID}:
            return True
        places = (self._sandbox.workspace.conversation(channel_id) for channel_id, _ in file.places)
        return any(person_id in place.members for place in places)
