"""Names of people and topics, as sources write them."""

import re
from collections.abc import Iterable

from bot.sources.limits import MAX_NAME, MAX_TAGS
from bot.sources.objects import Object, texts
from bot.sources.plain import cut, plain_if_markup

_MAIL = re.compile(r"[^\s<>()]*@[^\s<>()]*")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def person(words: str) -> str | None:
    """Return a name without the mail address beside it, None where there is only an address."""
    name = _MAIL.sub("", words).replace("()", "").replace("<>", "").strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return None if _ADDRESS.match(name) else cut(plain_if_markup(name), MAX_NAME) or None


def topics(words: Iterable[str]) -> tuple[str, ...]:
    """Return at most 20 topics, each once."""
    found = (cut(plain_if_markup(word), MAX_NAME) for word in words)
    return tuple(dict.fromkeys(word for word in found if word))[:MAX_TAGS]


def keywords(node: Object) -> tuple[str, ...]:
    """Return the topics that something in schema.org's words is about."""
    return topics(word for one in texts(node.get("keywords")) for word in one.split(","))
