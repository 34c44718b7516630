"""Open data: the JSON interface and the page that says what there is."""

from dataclasses import asdict

from sqlmodel import Session

from handlers.web.documents import Document, Page, json_document, web_address
from handlers.web.visit import Visit
from storage import public
from storage.public import PublicEntry, PublicMeasure


def overview(session: Session, visit: Visit) -> Page:
    """Say what data there is and how to get it."""
    del visit
    example = next((found.slug for found in public.measures(session)), None)
    return Page("data.html", {"revision": public.revision(session), "example": example})


def measures(session: Session, visit: Visit) -> Document:
    """Return all measures as JSON."""
    return json_document(
        {
            "revision": public.revision(session),
            "measures": [_measure(found, visit) for found in public.measures(session)],
        }
    )


def measure(session: Session, visit: Visit) -> Document | None:
    """Return one measure with its history as JSON."""
    found = public.measure(session, visit.slug)
    if found is None:
        return None
    shown, history = found
    return json_document(
        {
            "revision": public.revision(session),
            "measure": _measure(shown, visit),
            "history": [_entry(entry) for entry in history],
        }
    )


def _measure(found: PublicMeasure, visit: Visit) -> dict[str, object]:
    values = asdict(found)
    values["field_of_action"] = values.pop("field")
    values["url"] = web_address(found.url)
    values["confirmed_at"] = found.confirmed_at and found.confirmed_at.isoformat()
    values["page"] = visit.whole(f"/massnahmen/{found.slug}")
    return values


def _entry(entry: PublicEntry) -> dict[str, object]:
    return {**asdict(entry), "at": entry.at.isoformat()}
