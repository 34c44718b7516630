"""Files of messages, for those who see the message."""

from urllib.parse import quote

from aiohttp import web

from sandbox.state.errors import RefusedError
from sandbox.state.workspace import Workspace


def download(workspace: Workspace, person_id: str, file_id: str) -> web.Response:
    """Return a file that a person may have, to be saved and never shown.

    Raises:
        HTTPNotFound: there is none, or it was shared only where they are not.
    """
    try:
        file = workspace.files.kept(file_id)
    except RefusedError:
        raise web.HTTPNotFound from None
    seen = {conversation.id for conversation in workspace.conversations_of(person_id)}
    if not seen & {channel_id for channel_id, _ in file.places}:
        raise web.HTTPNotFound
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return web.Response(
        body=workspace.files.contents(file.id), content_type="application/octet-stream", headers=headers
    )
