"""Getting a document over HTTP: only from public addresses, never too much, never for ever."""

import re
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Literal, NamedTuple, Self, TypedDict

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
    hdrs,
)
from yarl import URL

from bot.sources.errors import FetchError, Reason
from bot.sources.links import SCHEMES
from bot.sources.networks import ForbiddenAddressError, guarded_sockets

CHUNK = 64 * 1024
SUCCESS = range(200, 300)
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
MAX_HEADER = 1000
LONGEST_S = 86_400.0
# A deadline of nothing would be none.
SHORTEST_S = 0.001
KNOWN_URLS = 4096
_MAX_AGE = re.compile(r"\bmax-age=\"?(\d{1,10})", re.IGNORECASE)
# Bytes that are no text arrive as halves of characters: no database keeps them, nor can they be sent back.
_NO_TEXT = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NOT_KEPT = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)
ACCEPT = "application/atom+xml, application/rss+xml, text/calendar, application/xml;q=0.9, */*;q=0.5"


class Validators(NamedTuple):
    """What the server said about a document's version; handed back, it answers "unchanged" for nothing."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS: Final = Validators()


class Fetched(NamedTuple):
    """What came back.

    Attributes:
        status: `unchanged` has an empty body.
        validators: to keep, and to hand in the next time.
        url: where the document was found in the end.
        permanent_url: the address to ask from now on, when the server said so (301, 308); what a temporary
            redirect after it led to does not count.
        content_type: as the server sent it, with its charset.
        fresh_for_s: for how long the server says nothing will change, at most a day.
    """

    status: Literal["new", "unchanged"]
    body: bytes
    validators: Validators
    url: str
    permanent_url: str | None
    content_type: str | None
    fresh_for_s: float | None = None


class Fetcher:
    """Gets documents through one session. To be used with `async with`."""

    def __init__(
        self,
        *,
        allow: Sequence[IPv4Network | IPv6Network] = (),
        timeout_s: float = 20,
        max_bytes: int = 5_000_000,
        max_redirects: int = 5,
        user_agent: str = "Stadtfunk/0.1",
    ) -> None:
        """Set the limits.

        Args:
            allow: networks that may be asked though they are not public.
            timeout_s: for all of it: name, connection, redirects and body.
            max_bytes: of the body once inflated.
            max_redirects: how many are followed.
            user_agent: how we introduce ourselves.
        """
        self._allow = tuple(allow)
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._headers = {
            hdrs.USER_AGENT: user_agent,
            hdrs.ACCEPT: ACCEPT,
            hdrs.ACCEPT_ENCODING: "gzip, deflate",
        }

    async def __aenter__(self) -> Self:
        # No cookies: one source's answer must not depend on another's.
        self._session = ClientSession(
            connector=TCPConnector(socket_factory=guarded_sockets(self._allow), limit_per_host=1),
            cookie_jar=DummyCookieJar(),
            headers=self._headers,
            timeout=ClientTimeout(total=self._timeout_s),
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.close()

    async def get(self, url: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        """Get the document at `url`, or hear that it has not changed since `validators`.

        Raises:
            FetchError: it can't be had; the reason says why.
        """
        try:
            return await self._follow(_web_url(url), validators)
        except TimeoutError as error:
            raise FetchError(Reason.TIMEOUT) from error
        except InvalidURL as error:
            raise FetchError(Reason.NOT_HTTP) from error
        except ClientConnectorError as error:
            if isinstance(error.__cause__, ForbiddenAddressError):
                raise FetchError(Reason.FORBIDDEN_ADDRESS) from error
            raise FetchError(Reason.UNREACHABLE, _kind_of(error)) from error
        except (ClientError, OSError, UnicodeError) as error:
            raise FetchError(Reason.UNREACHABLE, _kind_of(error)) from error

    async def _follow(self, url: URL, validators: Validators) -> Fetched:
        permanent: URL | None = None
        only_permanent = True
        headers = _conditions(validators)
        # The first request has the deadline of the session, each further one what is left of that.
        began, options = time.monotonic(), _Options()
        for _ in range(self._max_redirects + 1):
            async with self._session.get(url, headers=headers, allow_redirects=False, **options) as response:
                if response.status not in REDIRECTS:
                    return await self._read(response, validators, permanent)
                url = _next_url(response)
                only_permanent = only_permanent and response.status in PERMANENT
                permanent = url if only_permanent else permanent
            left = began + self._timeout_s - time.monotonic()
            options = _Options(timeout=ClientTimeout(total=max(left, SHORTEST_S)))
        raise FetchError(Reason.TOO_MANY_REDIRECTS)

    async def _read(self, response: ClientResponse, known: Validators, permanent: URL | None) -> Fetched:
        unchanged = response.status == HTTPStatus.NOT_MODIFIED and known != NO_VALIDATORS
        if not (unchanged or response.status in SUCCESS):
            raise FetchError(Reason.HTTP_STATUS, str(response.status), _retry_after_s(response))
        etag = _kept(response, hdrs.ETAG)
        last_modified = _kept(response, hdrs.LAST_MODIFIED)
        url = str(response.url)
        permanent_url = str(permanent) if permanent else None
        fresh_for_s = _fresh_for_s(response)
        if unchanged:
            validators = Validators(etag or known.etag, last_modified or known.last_modified)
            return Fetched("unchanged", b"", validators, url, permanent_url, None, fresh_for_s)
        body, type_ = await self._body(response), _kept(response, hdrs.CONTENT_TYPE)
        return Fetched("new", body, Validators(etag, last_modified), url, permanent_url, type_, fresh_for_s)

    async def _body(self, response: ClientResponse) -> bytes:
        if (response.content_length or 0) > self._max_bytes:
            raise FetchError(Reason.TOO_LARGE)
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self._max_bytes:
                raise FetchError(Reason.TOO_LARGE)
        return bytes(body)


class _Options(TypedDict, total=False):
    timeout: ClientTimeout


@lru_cache(maxsize=KNOWN_URLS)
def _web_url(url: str) -> URL:
    try:
        parsed = URL(url)
        usable = parsed.scheme in SCHEMES and bool(parsed.host) and bool(parsed.port)
    except ValueError as error:
        raise FetchError(Reason.NOT_HTTP) from error
    if not usable:
        raise FetchError(Reason.NOT_HTTP)
    return parsed.with_fragment(None)


def _next_url(response: ClientResponse) -> URL:
    location = response.headers.get(hdrs.LOCATION, "")
    if not location:
        raise FetchError(Reason.HTTP_STATUS, str(response.status))
    try:
        return _web_url(str(response.url.join(URL(location))))
    except ValueError as error:
        raise FetchError(Reason.NOT_HTTP) from error


def _conditions(validators: Validators) -> dict[str, str]:
    wanted = zip((hdrs.IF_NONE_MATCH, hdrs.IF_MODIFIED_SINCE), validators, strict=True)
    return {name: value for name, value in wanted if value}


def _kept(response: ClientResponse, name: str) -> str | None:
    value = response.headers.get(name)
    return value if value and len(value) <= MAX_HEADER and not _NO_TEXT.search(value) else None


def _retry_after_s(response: ClientResponse) -> float | None:
    """Return the seconds that `Retry-After` asks for."""
    wanted = response.headers.get(hdrs.RETRY_AFTER, "").strip()
    if wanted.isdecimal():
        return min(float(wanted), LONGEST_S)
    return _until(wanted, response)


def _fresh_for_s(response: ClientResponse) -> float | None:
    """Return for how many seconds the answer stays fresh (RFC 9111), None when the server does not say."""
    control = response.headers.get(hdrs.CACHE_CONTROL, "")
    if control and _NOT_KEPT.search(control):
        return None
    if control and (age := _MAX_AGE.search(control)):
        passed = response.headers.get(hdrs.AGE, "")
        return min(max(float(age[1]) - (float(passed) if passed.isdecimal() else 0.0), 0.0), LONGEST_S)
    return _until(response.headers.get(hdrs.EXPIRES, ""), response)


def _until(when: str, response: ClientResponse) -> float | None:
    """Return the seconds until a date in a header, measured by the server's own clock."""
    if not when:
        return None
    try:
        waiting = parsedate_to_datetime(when) - parsedate_to_datetime(response.headers.get(hdrs.DATE, ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(waiting.total_seconds(), 0.0), LONGEST_S)


def _kind_of(error: Exception) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (ClientConnectorDNSError, "dns"),
        (ClientConnectorCertificateError, "certificate"),
        (ClientSSLError, "certificate"),
        (ClientConnectorError, "connection"),
        (ClientPayloadError, "incomplete"),
    )
    return next((kind for type_, kind in kinds if isinstance(error, type_)), "broken_answer")
