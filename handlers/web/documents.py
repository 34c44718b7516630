"""What the site sends: pages made of a template, JSON and calendar files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel import Session

from bot.words import status_names
from handlers.web import assets
from handlers.web.visit import Visit
from storage import public

TEMPLATES = Path(__file__).parent / "templates"
HTML = "text/html"
JSON = "application/json"


@dataclass(frozen=True)
class Document:
    """Something to send. One with `is_kept` is kept in memory until something public changes."""

    body: bytes
    kind: str = HTML
    is_kept: bool = True


@dataclass(frozen=True)
class Page:
    """A page to be made of `template`. Pages for free words are not kept: there is no end of them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_kept: bool = True


# What a page family offers: a question to the store; None means that there is no such page.
Question = Callable[[Session, Visit], Page | Document | None]


def make(session: Session, question: Question, visit: Visit) -> tuple[int, Document | None]:
    """Answer a question with a whole document and the revision it is true for."""
    revision = public.revision(session)
    found = question(session, visit)
    if isinstance(found, Page):
        page = rendered(found.template, visit, stamp=stamp(revision, visit), **found.values)
        found = Document(page.encode(), is_kept=found.is_kept)
    return revision, found


def stamp(revision: int, visit: Visit) -> str:
    """Return a sign of the state that pages show: it changes with what is public, and every day."""
    return f"{revision}-{visit.today:%Y%m%d}"


def rendered(template: str, visit: Visit, **values: object) -> str:
    """Return a page as HTML, in the visit's language."""
    return (
        _environment()
        .get_template(template)
        .render(
            {"is_found": True, "stamp": None, **values},
            visit=visit,
            link=visit.link,
            status_words=status_names(visit.texts),
            _=visit.texts,
            plural=visit.texts.plural,
        )
    )


def json_document(values: object) -> Document:
    """Return values as a JSON document."""
    return Document(json.dumps(values, ensure_ascii=False, indent=1).encode(), JSON)


def web_address(url: str | None) -> str | None:
    """Return an address that is safe to link to: one of the web, or none."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in {"http", "https"} and parts.netloc else None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["web_address"] = web_address
    helpers: dict[str, Any] = {"asset": assets.address}
    environment.globals.update(helpers)
    return environment
