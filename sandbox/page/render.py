"""Turns what a person sees into HTML."""

from datetime import datetime
from functools import cache
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, PackageLoader

from sandbox.page.assets import asset, scripts
from sandbox.page.emoji import EMOJI
from sandbox.page.names import address
from sandbox.page.showing import FUNCTIONS
from sandbox.page.texts import Texts, language_name
from sandbox.state.records import Member

HUES = 8
THEMES = ("light", "dark")
# Some emoji have several names.
ALL_EMOJI = {name: sign for sign, name in {sign: name for name, sign in EMOJI.items()}.items()}


def initials(name: str) -> str:
    """Return one or two capital letters that stand for a name."""
    letters = [word[0] for word in name.replace("-", " ").split() if word[0].isalpha()]
    return "".join(letters[:1] + letters[1:][-1:]).upper() or "#"


def hue(member_id: str) -> str:
    """Return the class of the colour that someone's avatar always has."""
    return f"hue-{crc32(member_id.encode()) % HUES}"


def moment(ts: str, reader: Member) -> datetime:
    """Return a message's timestamp as the reader's local time."""
    return datetime.fromtimestamp(float(ts), ZoneInfo(reader.tz))


@cache
def environment(texts: Texts) -> Environment:
    """Return the templates as they read in one language: `_` and `plural` say their sentences."""
    made = Environment(
        loader=PackageLoader("sandbox.page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        **FUNCTIONS,
        _=texts,
        address=address,
        all_emoji=ALL_EMOJI,
        asset=asset,
        hue=hue,
        initials=initials,
        language_name=language_name,
        moment=moment,
        plural=texts.plural,
        scripts=scripts,
        texts=texts,
    )
    return made


def theme_of(request: web.Request) -> str:
    """Return `light` or `dark` as it was chosen in this browser, else "": as the device is."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def render(template: str, texts: Texts, **values: Any) -> str:
    """Return a filled template of the page."""
    return environment(texts).get_template(template).render(values)
