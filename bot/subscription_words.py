"""What someone typed after `/funk abo`: kinds, terms, when and how. What has no other meaning is a topic."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Final

from bot.subscriptions import Facet, Layout, NewsKind, Part, Rhythm

__all__ = ["Said", "SaidTerm", "read"]

KINDS: Final[Mapping[str, NewsKind]] = {
    **dict.fromkeys(("beitrag", "beiträge", "beitraege", "post", "posts"), NewsKind.POST),
    **dict.fromkeys(("video", "videos"), NewsKind.VIDEO),
    **dict.fromkeys(("stelle", "stellen", "job", "jobs"), NewsKind.JOB),
    **dict.fromkeys(
        ("termin", "termine", "veranstaltung", "veranstaltungen", "event", "events"), NewsKind.EVENT
    ),
    **dict.fromkeys(("kommentar", "kommentare", "comment", "comments"), NewsKind.COMMENT),
    **dict.fromkeys(("radar",), NewsKind.RADAR),
}
RHYTHMS: Final[Mapping[str, Rhythm]] = {
    **dict.fromkeys(("sofort", "gleich", "immediately", "now"), Rhythm.AT_ONCE),
    **dict.fromkeys(("täglich", "taeglich", "daily"), Rhythm.DAILY),
    **dict.fromkeys(("wöchentlich", "woechentlich", "weekly"), Rhythm.WEEKLY),
}
WEEKDAYS: Final[Mapping[str, int]] = {
    name + ending: number
    for number, names in enumerate(
        (
            ("montag", "monday"),
            ("dienstag", "tuesday"),
            ("mittwoch", "wednesday"),
            ("donnerstag", "thursday"),
            ("freitag", "friday"),
            ("samstag", "saturday"),
            ("sonntag", "sunday"),
        )
    )
    for name in names
    for ending in ("", "s")
}
LAYOUTS: Final[Mapping[str, Layout]] = {
    **dict.fromkeys(("karte", "karten", "card", "cards"), Layout.CARD),
    **dict.fromkeys(("zeile", "zeilen", "line", "lines"), Layout.LINE),
    **dict.fromkeys(("thread", "threads"), Layout.THREAD),
}
FACETS: Final[Mapping[str, Facet]] = {
    **dict.fromkeys(("thema", "topic"), Facet.TOPIC),
    **dict.fromkeys(("reihe", "series"), Facet.SERIES),
    **dict.fromkeys(("referat", "department"), Facet.DEPARTMENT),
    **dict.fromkeys(("quelle", "source"), Facet.SOURCE),
}
FILLERS: Final = frozenset(
    {"um", "at", "uhr", "am", "on", "und", "and", "zu", "about", "alles", "alle", "everything", "all"}
)
PARTS: Final = {"+": Part.ALL, "-": Part.EXCEPT, "−": Part.EXCEPT, "": Part.ANY}
MOST: Final = 50
MAX_WORDS: Final = 75
NINE: Final = time(9)
CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:uhr|h)?", re.IGNORECASE)
PIECE: Final = re.compile(r'([+\-−]?)((?:\w+:)?)(?:"([^"]*)"|„([^“”]*)[“”]|(\S+))')


@dataclass(frozen=True)
class SaidTerm:
    """A term as it was typed; `facet` where it says what it is."""

    part: Part
    words: str
    facet: Facet | None = None


@dataclass
class Said:
    """What someone typed, as far as it says something; an overview comes at nine if no time is named."""

    kinds: set[NewsKind] = field(default_factory=set)
    terms: list[SaidTerm] = field(default_factory=list)
    rhythm: Rhythm = Rhythm.AT_ONCE
    weekday: int | None = None
    at: time | None = None
    layout: Layout = Layout.CARD

    @property
    def time(self) -> time | None:
        """When an overview comes."""
        return None if self.rhythm is Rhythm.AT_ONCE else self.at or NINE


def read(typed: str) -> Said:
    """Return what someone typed.

    Words are parted by spaces, terms of several words by commas or in quotes; `+` before one means that it
    has to fit, `-` that it must not.
    """
    said = Said()
    segments = typed.split(",")
    for segment in segments:
        pieces = list(_pieces(segment))
        if len(segments) > 1 and len(pieces) > 1 and all(_is_plain(*piece) for piece in pieces):
            part = pieces[0][0]
            _add(said, part, " ".join(words for _, _, words in pieces), None)
            continue
        for piece in pieces:
            _take(said, *piece)
    return said


def _pieces(segment: str) -> Iterator[tuple[Part, Facet | None, str]]:
    for found in PIECE.finditer(segment):
        sign, name, *quoted = found.groups()
        facet = FACETS.get(name.rstrip(":").casefold())
        words = next((one for one in quoted if one is not None), "").strip().strip(";")
        if name and facet is None:
            words = name + words
        yield PARTS[sign], facet, words


def _is_plain(_part: Part, facet: Facet | None, words: str) -> bool:
    """Say whether this is nothing but one of the words of a term."""
    known = words.casefold()
    is_known = any(known in table for table in (KINDS, RHYTHMS, WEEKDAYS, LAYOUTS))
    return facet is None and not is_known and not words.startswith("#")


def _take(said: Said, part: Part, facet: Facet | None, words: str) -> None:
    known = words.casefold()
    if facet is not None or part is not Part.ANY:
        _add(said, part, words, facet)
    elif known in KINDS:
        said.kinds.add(KINDS[known])
    elif known in RHYTHMS:
        said.rhythm = RHYTHMS[known]
        if said.rhythm is Rhythm.WEEKLY and said.weekday is None:
            said.weekday = 0
    elif known in WEEKDAYS:
        said.rhythm, said.weekday = Rhythm.WEEKLY, WEEKDAYS[known]
    elif known in LAYOUTS:
        said.layout = LAYOUTS[known]
    elif said.rhythm is not Rhythm.AT_ONCE and said.at is None and (clock := _clock(words)):
        said.at = clock
    elif known not in FILLERS:
        _add(said, part, words, None)


def _add(said: Said, part: Part, words: str, facet: Facet | None) -> None:
    words = words.replace("\0", "").strip()[:MAX_WORDS].strip()
    if any(letter.isalnum() for letter in words) and len(said.terms) < MOST:
        if facet is None and words.startswith("#"):
            facet = Facet.SERIES
        said.terms.append(SaidTerm(part, words, facet))


def _clock(words: str) -> time | None:
    found = CLOCK.fullmatch(words)
    if not found:
        return None
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        return None
