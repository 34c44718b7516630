"""The page of posts, newest first."""

from typing import Final

from sqlmodel import Session

from handlers.web.documents import Page
from handlers.web.visit import Visit
from storage import public

PAGE: Final = "seite"
TAKES: Final = (PAGE,)
POSTS_PER_PAGE: Final = 20
# Beyond this nobody turns pages by hand.
LAST_PAGE: Final = 10_000


def posts(session: Session, visit: Visit) -> Page | None:
    """Show one page of posts; there is no page after the last one."""
    number = _page_number(visit.query.get(PAGE, "1"))
    if number is None:
        return None
    found = public.posts(session, limit=POSTS_PER_PAGE + 1, offset=(number - 1) * POSTS_PER_PAGE)
    if not found and number > 1:
        return None
    return Page(
        "posts.html",
        {
            "posts": found[:POSTS_PER_PAGE],
            "number": number,
            "newer": number - 1 if number > 1 else None,
            "older": number + 1 if len(found) > POSTS_PER_PAGE else None,
        },
    )


def _page_number(given: str) -> int | None:
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(LAST_PAGE))):
        return None
    number = int(given)
    return number if 1 <= number <= LAST_PAGE else None
