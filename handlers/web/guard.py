"""What every answer carries for safety, and what a visitor sees when something is not there or goes wrong."""

import json
import secrets
from dataclasses import replace
from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.texts import Texts
from handlers.web.documents import HTML, JSON, rendered
from handlers.web.freshness import OUT_OF_REACH
from handlers.web.site import Site

log = structlog.get_logger()

RETRY_S = 5
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "Stadtfunk",
}


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers for safety on an answer of any kind."""
    del request
    response.headers.update(HEADERS)


def errors(site: Site) -> Middleware:
    """Return the middleware that turns what goes wrong into a page with the right status."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
            return _response(request, site, error.status, headers=allowed)
        except OUT_OF_REACH:
            return _response(request, site, 503, headers={"Retry-After": str(RETRY_S)})
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("web_page_failed", reference=reference)
            return _response(request, site, 500, reference=reference)

    return answer


def _response(
    request: web.Request,
    site: Site,
    status: int,
    *,
    headers: dict[str, str] | None = None,
    reference: str | None = None,
) -> web.Response:
    visit = site.visit(request)
    heading, sentence = _words(status, visit.texts, reference)
    if visit.path.startswith("/api/"):
        body, kind = json.dumps({"status": status, "error": sentence}, ensure_ascii=False), JSON
    else:
        # The address may be anything: the page links to none made of it.
        body = rendered(
            "error.html", replace(visit, path="/"), heading=heading, sentence=sentence, is_found=False
        )
        kind = HTML
    return web.Response(
        status=status,
        text=body,
        content_type=kind,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _words(status: int, _: Texts, reference: str | None) -> tuple[str, str]:
    match status:
        case 404:
            return _("There is no such page"), _("The address may be old or have a typing error in it.")
        case 405:
            return _("That does not work here"), _("This page can only be read.")
        case 503:
            return (
                _("The data is out of reach right now"),
                _("The site can't reach its data at the moment. Please try again in a few seconds."),
            )
        case 500:
            return (
                _("Something went wrong here"),
                _("The error is noted under the reference {reference}.", reference=reference),
            )
        case _:
            return _("That request can't be answered"), _("Please go on from the start page.")
