"""Sentences in the reader's language: English keys in the code, gettext catalogues beside it."""

from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["DEFAULT", "LANGUAGES", "Texts", "language_of", "texts"]

LANGUAGES = ("de", "en")
DEFAULT = "de"
LOCALES = Path(__file__).parent / "locales"


class Texts:
    """The sentences of one language, called with an English one and its values: `_("Hi {name}", name=…)`."""

    def __init__(self, language: str, translations: NullTranslations, timezone: str) -> None:
        self.language = language
        self._translations = translations
        self._zone = ZoneInfo(timezone)
        # Days as they are written on this side of the ocean: 22 November 2026.
        self._locale = Locale("en", "GB") if language == "en" else Locale(language)

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the sentence in this language with its values filled in."""
        sentence = self._translations.gettext(message)
        return sentence.format(**values) if values else sentence

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the sentence that fits the number `n`, which may stand in it as {n}."""
        return self._translations.ngettext(one, many, n).format(n=n, **values)

    def day(self, when: date | datetime) -> str:
        """Return a date in words, a moment's in the city's time zone: `22. November 2026`."""
        if isinstance(when, datetime):
            when = when.astimezone(self._zone)
        return format_date(when, "long", locale=self._locale)

    def time(self, when: datetime) -> str:
        """Return a moment's time of day in the city's time zone: `18:30`."""
        return format_time(when.astimezone(self._zone), "HH:mm", locale=self._locale)

    def weekday(self, day: date) -> str:
        """Return the name of a date's day of the week: `Montag`."""
        return format_date(day, "EEEE", locale=self._locale)

    def month(self, day: date) -> str:
        """Return the month of a date: `November 2026`."""
        return format_date(day, "LLLL y", locale=self._locale)

    def short(self, day: date) -> str:
        """Return a date as briefly as it stands in a list: `Mo. 23.11.`."""
        return format_date(
            day, "EEEEEE d.M." if self.language == DEFAULT else "EEEEEE d/M", locale=self._locale
        )

    def local(self, when: datetime) -> datetime:
        """Return a moment in the city's time zone."""
        return when.astimezone(self._zone)


def language_of(locale: str | None) -> str:
    """Return the language to speak with someone whose chat is set to `locale` (such as `en-GB`)."""
    language = (locale or DEFAULT).replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else DEFAULT


@cache
def texts(language: str = DEFAULT, timezone: str = "Europe/Berlin") -> Texts:
    """Return the texts of a language; one that is not kept is answered in the default."""
    language = language if language in LANGUAGES else DEFAULT
    return Texts(language, _translations(language), timezone)


@cache
def _translations(language: str) -> NullTranslations:
    file = LOCALES / language / "LC_MESSAGES" / "stadtfunk.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
