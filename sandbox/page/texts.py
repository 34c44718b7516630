"""The page's sentences in the reader's language: English keys in the code, a gettext catalogue beside it."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE: Final = Path(__file__).parent
LOCALES: Final = HERE / "locales"
DEFAULT: Final = "de-DE"
ENGLISH: Final = Locale("en", "GB")
# A day of this year; CLDR's own skeletons cut the months short.
DAYS: Final = {"de": "EEEE, d. MMMM", "en": "EEEE, d MMMM", "en_US": "EEEE, MMMM d"}


class Texts:
    """The sentences of one locale, called with an English one and its values: `_("Hi {name}", name=…)`."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.language = locale.language
        self._translations = _translations(locale.language)

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the sentence in this language with its values filled in."""
        sentence = self._translations.gettext(message)
        return sentence.format(**values) if values else sentence

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the sentence that fits the number `n`, which may stand in it as {n}."""
        return self._translations.ngettext(one, many, n).format(n=n, **values)

    def time(self, at: datetime) -> str:
        """Return a time of day: `14:05` or `2:05 PM`."""
        return format_time(at, "short", locale=self.locale)

    def day(self, on: date, today: date) -> str:
        """Return the heading of a day's messages: `Heute`, `Freitag, 27. November` or with the year."""
        _ = self
        if on == today:
            return _("Today")
        if on == today - timedelta(days=1):
            return _("Yesterday")
        if on.year != today.year:
            return format_date(on, "long", locale=self.locale)
        pattern = DAYS.get(str(self.locale), DAYS[self.language])
        return format_date(on, pattern, locale=self.locale)

    def short_day(self, on: date) -> str:
        """Return a day as short as it can be understood: `27. Nov.`."""
        return format_skeleton("MMMd", on, locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Return a day and time of day in full, for those who want to know exactly."""
        return f"{format_date(at, 'full', locale=self.locale)}, {self.time(at)}"

    @property
    def of_scripts(self) -> str:
        """The sentences that the page's scripts say, as JSON by their English keys."""
        return json.dumps({key: self(key) for key in _said_by_scripts()}, ensure_ascii=False)


def texts(locale: str = DEFAULT) -> Texts:
    """Return the texts for someone whose chat is set to `locale` (such as `en-GB`).

    As in Slack itself English is spoken with those whose language is not kept.
    """
    return _texts(locale.replace("_", "-"))


@cache
def language_name(locale: str) -> str:
    """Return what a language is called by those who speak it: `Deutsch`."""
    try:
        return Locale.parse(locale.replace("_", "-"), sep="-").get_language_name() or locale
    except (ValueError, UnknownLocaleError):
        return locale


@cache
def _texts(locale: str) -> Texts:
    try:
        known = Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return Texts(ENGLISH)
    return Texts(known if known.language in DAYS else ENGLISH)


@cache
def _translations(language: str) -> NullTranslations:
    file = LOCALES / language / "LC_MESSAGES" / "page.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _said_by_scripts() -> tuple[str, ...]:
    keywords: Mapping[str, None] = {"_": None}
    found = extract_from_dir(HERE / "static", [("**.js", "javascript")], keywords=keywords)
    return tuple(sorted({str(message) for _, _, message, _, _ in found}))
