"""The page's scripts and styles: read once, and kept by browsers as long as they are the same."""

import hashlib
from functools import cache
from importlib.resources import files

from aiohttp import web

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# All styles of the page in one file; what others build on comes first.
STYLES = "all.css"
FIRST = ("page.css",)
FOREVER = "public, max-age=31536000, immutable"


@cache
def _contents() -> dict[str, bytes]:
    found = {file.name: file.read_bytes() for file in files("sandbox.page").joinpath("static").iterdir()}
    styles = sorted(
        (name for name in found if name.endswith(".css")), key=lambda name: (name not in FIRST, name)
    )
    return {**found, STYLES: b"\n".join(found[name] for name in styles)}


@cache
def _version() -> str:
    whole = hashlib.sha256()
    for name, body in sorted(_contents().items()):
        whole.update(name.encode() + body)
    return whole.hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a script or style: another one as soon as any of them changes."""
    return f"/static/{_version()}/{name}"


@cache
def scripts() -> tuple[str, ...]:
    """Return the addresses of all scripts, which a page asks for at once and not one after the other."""
    return tuple(asset(name) for name in sorted(_contents()) if name.endswith(".js"))


def give(name: str, version: str, headers: dict[str, str]) -> web.Response:
    """Answer with a script or style.

    Raises:
        HTTPNotFound: there is none of this name.
    """
    body = _contents().get(name)
    if body is None:
        raise web.HTTPNotFound
    kept = {"Cache-Control": FOREVER} if version == _version() else {}
    return web.Response(
        body=body,
        content_type=TYPES[name.rpartition(".")[2]],
        charset="utf-8",
        headers={**headers, **kept},
    )
