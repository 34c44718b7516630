"""Turns what a person sees into HTML."""

from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from sandbox.page import mrkdwn, rich_text
from sandbox.page.assets import asset, scripts
from sandbox.page.emoji import EMOJI, emoji
from sandbox.page.names import Names, address
from sandbox.page.texts import Texts, language_name
from sandbox.state.records import JSON, Member

HUES = 8
THEMES = ("light", "dark")
# Some emoji have several names.
ALL_EMOJI = {name: sign for sign, name in {sign: name for name, sign in EMOJI.items()}.items()}
LOCAL = {"127.0.0.1", "localhost", "::1"}


def words(text: JSON | str, names: Names) -> Markup:
    """Return a text object as HTML."""
    if isinstance(text, dict) and text.get("type") == "mrkdwn":
        return mrkdwn.html(text["text"], names)
    return Markup("<br>").join(Markup("{}").format(line) for line in plain(text).split("\n"))


def plain(text: JSON | str | None) -> str:
    """Return a text object's text without any markup, for labels."""
    return mrkdwn.plain(text["text"] if isinstance(text, dict) else text or "")


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


def is_web(url: str) -> bool:
    """Return whether an address may stand in a link."""
    return url.lower().startswith(("http://", "https://"))


def is_local(url: str) -> bool:
    """Return whether a picture is on this machine; others are not loaded, only named."""
    try:
        return is_web(url) and urlsplit(url).hostname in LOCAL
    except ValueError:
        return False


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
        _=texts,
        address=address,
        all_emoji=ALL_EMOJI,
        asset=asset,
        emoji=emoji,
        hue=hue,
        initials=initials,
        is_local=is_local,
        is_web=is_web,
        language_name=language_name,
        moment=moment,
        plain=plain,
        plural=texts.plural,
        rich_text=rich_text.html,
        scripts=scripts,
        texts=texts,
        words=words,
    )
    return made


def theme_of(request: web.Request) -> str:
    """Return `light` or `dark` as it was chosen in this browser, else "": as the device is."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def render(template: str, texts: Texts, **values: Any) -> str:
    """Return a filled template of the page."""
    return environment(texts).get_template(template).render(values)
