"""Why a source could not be read."""

from enum import StrEnum


class Reason(StrEnum):
    """What went wrong, in a word that is kept with the source and that the door finds a sentence for."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    HTTP_STATUS = "http_status"
    FORBIDDEN_ADDRESS = "forbidden_address"
    NOT_HTTP = "not_http"
    NOT_A_FEED = "not_a_feed"
    NOT_A_CALENDAR = "not_a_calendar"
    NOT_A_SITEMAP = "not_a_sitemap"
    NOT_A_PAGE = "not_a_page"
    NOT_A_CATALOGUE = "not_a_catalogue"
    NOT_OPML = "not_opml"
    TOO_SLOW_TO_PARSE = "too_slow_to_parse"
    UNREADABLE = "unreadable"


class FetchError(Exception):
    """A source could not be read this time; the others go on.

    Attributes:
        reason: what went wrong.
        detail: a word more where there is one: the status as in `404`, `dns`, `certificate`, `truncated`.
        retry_after_s: how long the server asked us to stay away, at most a day.
    """

    def __init__(self, reason: Reason, detail: str | None = None, retry_after_s: float | None = None) -> None:
        # All three go to Exception: it is pickled by them on its way back from the worker process.
        super().__init__(reason, detail, retry_after_s)
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)
