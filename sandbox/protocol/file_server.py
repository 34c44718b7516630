"""Where the bytes of files go in and out: the upload address, and `url_private` for whoever has the token."""

from urllib.parse import quote

from aiohttp import web

from sandbox.protocol.files import visible
from sandbox.state.errors import RefusedError
from sandbox.state.files import LARGEST_FILE
from sandbox.state.workspace import Workspace

# A form around the bytes has a name for the file and its boundaries.
LARGEST_UPLOAD = LARGEST_FILE + 64 * 1024
# Nothing that was uploaded may run as a page of the sandbox's own.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


class FileServer:
    """Takes uploads and gives files to the app."""

    def __init__(self, workspace: Workspace, bot_token: str) -> None:
        self._workspace = workspace
        self._bot_token = bot_token

    async def take(self, request: web.Request) -> web.Response:
        """Take the bytes of a file, once: as the body, or as the file of a form."""
        file = self._workspace.files.awaited(request.match_info["key"])
        if file is None:
            return web.Response(status=404, text="no such upload")
        try:
            contents = await _contents(request.clone(client_max_size=LARGEST_UPLOAD))
        except ValueError:
            return web.Response(status=400, text="unreadable")
        if len(contents) != file.size:
            return web.Response(status=400, text=f"{file.size} bytes expected, {len(contents)} received")
        # While the bytes came in, others may have come first.
        if self._workspace.files.awaited(file.upload_key) is None:
            return web.Response(status=404, text="no such upload")
        self._workspace.files.take(file, contents)
        return web.Response(text=f"OK - {file.size}")

    async def give(self, request: web.Request) -> web.Response:
        """Give a file to the app; without a token that may read it, lead to where people sign in."""
        if not self._may_read(request.headers.get("Authorization", "")):
            raise web.HTTPFound(f"/?redir={quote(request.path, safe='')}")
        _, _, file_id = request.match_info["slug"].partition("-")
        try:
            file = visible(self._workspace, file_id)
        except RefusedError:
            raise web.HTTPNotFound from None
        disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {**SAFE, "Content-Type": file.mimetype, "Content-Disposition": disposition}
        return web.Response(body=self._workspace.files.contents(file.id), headers=headers)

    def _may_read(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        scopes = self._workspace.app.scopes
        return (
            scheme.lower() == "bearer"
            and token.strip() == self._bot_token
            and self._workspace.installation == "installed"
            and (not scopes or "files:read" in scopes)
        )


async def _contents(request: web.BaseRequest) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            with part.file:
                return part.file.read()
    return b""
