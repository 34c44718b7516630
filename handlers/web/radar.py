"""The radar page: the chart, and the same measures as a list that can be filtered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlmodel import Session

from handlers.web.chart import chart, sector_of
from handlers.web.documents import Page
from handlers.web.visit import Visit
from storage import public
from storage.public import PublicMeasure, Status

EDITION: Final = 2022
FIELD, STATUS, WORDS = "feld", "stand", "suche"
NONE: Final = "ohne"
TAKES: Final = (FIELD, STATUS, WORDS)


def radar(session: Session, visit: Visit) -> Page:
    """Show all measures, or those of one field, one status or with certain words."""
    _ = visit.texts
    fields = public.fields(session, edition=EDITION)
    everything = public.measures(session)
    unassigned = _("not yet assigned")
    shown = [found for found in everything if _is_wanted(found, fields, visit)]
    slugs = {found.slug for found in shown}
    whole = chart(everything, fields, unassigned=unassigned)
    sectors: list[str | None] = [*fields, None]
    return Page(
        "radar.html",
        {
            "chart": replace(whole, marks=tuple(mark for mark in whole.marks if mark.measure.slug in slugs)),
            "groups": [
                (number, field or unassigned, [found for found in shown if sector_of(found, fields) == field])
                for number, field in enumerate(sectors, 1)
            ],
            "shown": len(shown),
            "total": len(everything),
            "field_choices": [*((field, field) for field in fields), (NONE, unassigned)],
            "statuses": {status: status.value if status else NONE for status in (*Status, None)},
            "edition": EDITION,
            "query": visit.query,
            "is_filtered": bool(visit.query),
        },
        is_kept=_is_offered(fields, visit),
    )


def _is_wanted(measure: PublicMeasure, fields: Sequence[str], visit: Visit) -> bool:
    field, status = visit.query.get(FIELD), visit.query.get(STATUS)
    if field and field != (sector_of(measure, fields) or NONE):
        return False
    if status and status != (measure.status or NONE):
        return False
    words = " ".join(
        [
            measure.title,
            measure.description,
            measure.goal,
            measure.department or "",
            measure.department_short or "",
            measure.achievements,
            measure.outlook,
            measure.highlight,
        ]
    ).casefold()
    return all(word in words for word in visit.query.get(WORDS, "").casefold().split())


def _is_offered(fields: Sequence[str], visit: Visit) -> bool:
    return (
        WORDS not in visit.query
        and visit.query.get(FIELD, NONE) in {*fields, NONE}
        and visit.query.get(STATUS, NONE) in {*Status, NONE}
    )
