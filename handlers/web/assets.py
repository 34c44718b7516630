"""Style sheet, script and icon, sent from memory under an address that changes with every version."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.texts import LOCALES

HERE = Path(__file__).parent
STATIC = HERE / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
A_YEAR_S = 31_536_000


@cache
def version() -> str:
    """Return a sign of this version of the site: its code, templates, static files and sentences."""
    digest = sha256()
    for folder in (HERE, LOCALES):
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg", ".po"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Return the address of a file of `static/` in this version."""
    return f"/static/{version()}/{name}"


async def send(request: web.Request) -> web.Response:
    """Send a file of `static/`."""
    file = _files().get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    body, kind = file
    is_this = request.match_info["version"] == version()
    etag = f'"{version()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={A_YEAR_S}, immutable" if is_this else "no-cache",
    }
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    return {file.name: (file.read_bytes(), KINDS[file.suffix]) for file in STATIC.iterdir() if file.is_file()}
