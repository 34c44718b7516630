"""Slack's markup as safe HTML."""

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from markupsafe import Markup

from sandbox.page import dates
from sandbox.page.emoji import NAME, emoji, with_emoji
from sandbox.page.names import Names, address

# What stands inside *bold* and the like: whole <tokens>, or anything but the mark and the end of the line.
STYLED = r"(?<![\w{m}]){m}(?=\S)((?:<[^<>\n]*>|<(?![^<>\n]*>)|[^{m}\n<])+?)(?<=\S){m}(?![\w{m}])"
BOLD, ITALIC, STRIKE = (STYLED.format(m=mark) for mark in (r"\*", "_", "~"))
INLINE = re.compile(
    rf"`(?P<code>[^`\n]+)`|<(?P<token>[^<>\n]+)>|(?P<emoji>{NAME})"
    rf"|{BOLD.replace('((', '(?P<b>(')}|{ITALIC.replace('((', '(?P<i>(')}|{STRIKE.replace('((', '(?P<s>(')}"
)
PRE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
BULLET = re.compile(r"\s*[•◦-] +(?P<item>.*)")
NUMBERED = re.compile(r"\s*(?P<number>\d{1,3})\. +(?P<item>.*)")
QUOTE = re.compile(r"(?:&gt;|>) ?(?P<item>.*)")
SAFE = ("http://", "https://", "mailto:")
MENTION = Markup('<span class="mention">{}</span>')
TAGS = {"b": Markup("<strong>{}</strong>"), "i": Markup("<em>{}</em>"), "s": Markup("<s>{}</s>")}


def plain(text: str) -> str:
    """Return the text of a plain_text object as people read it."""
    return with_emoji(unescape(text))


def unescape(text: str) -> str:
    """Take back the three escapes that Slack knows."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def link(url: str, label: str) -> Markup:
    """Return a link that opens in a new tab; only its label when the address is not a web or mail one."""
    if not url.lower().startswith(SAFE):
        return Markup("{}").format(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label)


def mention(member_id: str, names: Names) -> Markup:
    """Return the mark of a person's name in a message."""
    own = " is-own" if member_id == names.viewer_id else ""
    return Markup('<span class="mention{}">@{}</span>').format(own, names.person(member_id))


def channel_link(channel_id: str, label: str, names: Names) -> Markup:
    """Return a link to a channel, or its bare name to someone who is not in it."""
    if channel_id not in names.channels:
        return MENTION.format(f"#{label or channel_id}")
    href = address(names.viewer_id, channel_id)
    return Markup('<a class="mention" href="{}">#{}</a>').format(href, names.channels[channel_id])


def broadcast(name: str, names: Names) -> Markup:
    """Return the mark of a word to everybody."""
    _ = names.texts
    words = {"here": _("@here"), "channel": _("@channel"), "everyone": _("@everyone")}
    return Markup('<span class="mention is-own">{}</span>').format(words.get(name, f"@{name}"))


def html(text: str, names: Names) -> Markup:
    """Return mrkdwn as HTML: paragraphs of lines, quotes, lists and preformatted text."""
    parts: list[Markup] = []
    for index, piece in enumerate(PRE.split(text)):
        if index % 2:
            parts.append(Markup("<pre><code>{}</code></pre>").format(_verbatim(piece)))
        elif piece.strip():
            parts += _paragraphs(piece.strip("\n").split("\n"), names)
    return Markup("").join(parts)


def _paragraphs(written: Iterable[str], names: Names) -> Iterable[Markup]:
    for kind, group in groupby(written, _kind):
        if kind is None:
            yield Markup("<p>{}</p>").format(lines(group, names))
            continue
        matches = [match for line in group if (match := kind.fullmatch(line))]
        if kind is QUOTE:
            body = _paragraphs([match["item"] for match in matches], names)
            yield Markup("<blockquote>{}</blockquote>").format(Markup("").join(body))
            continue
        items = Markup("").join(
            Markup("<li>{}</li>").format(_inline(match["item"], names)) for match in matches
        )
        if kind is NUMBERED:
            yield Markup('<ol start="{}">{}</ol>').format(matches[0]["number"], items)
        else:
            yield Markup("<ul>{}</ul>").format(items)


def _kind(line: str) -> re.Pattern[str] | None:
    return next((kind for kind in (QUOTE, BULLET, NUMBERED) if kind.fullmatch(line)), None)


def lines(written: Iterable[str], names: Names) -> Markup:
    """Return lines of mrkdwn as HTML that fits into a paragraph or label."""
    return Markup("<br>").join(_inline(line, names) for line in written)


def _inline(text: str, names: Names) -> Markup:
    parts: list[Markup] = []
    done = 0
    for match in INLINE.finditer(text):
        parts.append(Markup("{}").format(unescape(text[done : match.start()])))
        parts.append(_marked(match, names))
        done = match.end()
    parts.append(Markup("{}").format(unescape(text[done:])))
    return Markup("").join(parts)


def _marked(match: re.Match[str], names: Names) -> Markup:
    kind = match.lastgroup or ""
    inner = match[kind]
    if kind in TAGS:
        return TAGS[kind].format(_inline(inner, names))
    if kind == "code":
        return Markup("<code>{}</code>").format(_verbatim(inner))
    if kind == "emoji":
        return Markup("{}").format(emoji(inner))
    return token(inner, names)


def token(content: str, names: Names) -> Markup:
    """Return what stands in a `<token>`: a person, a channel, a word to everybody, a date or a link."""
    target, _, label = content.partition("|")
    label = unescape(label)
    sign, word = target[:1], target[1:]
    tokens: dict[str, Callable[[], Markup]] = {
        "@": lambda: mention(word, names),
        "#": lambda: channel_link(word, label, names),
        "!": lambda: _special(word, label, names),
    }
    url = unescape(target)
    return tokens.get(sign, lambda: link(url, with_emoji(label) or url.removeprefix("mailto:")))()


def _special(word: str, label: str, names: Names) -> Markup:
    _ = names.texts
    kind = word.partition("^")[0]
    if kind == "date":
        return _date(word, label, names)
    if kind == "subteam":
        return MENTION.format(label or _("@group"))
    return broadcast(kind, names)


def _date(word: str, fallback: str, names: Names) -> Markup:
    """Return `!date^1392734382^Am {date} um {time}^https://…` as the reader writes dates."""
    _, timestamp, form, *url = [*word.split("^"), "", ""][:4]
    is_moment = re.fullmatch(r"\d{1,12}", timestamp, re.ASCII)
    words = dates.written(int(timestamp), form, names.texts, names.tz) if is_moment else None
    words = words or fallback
    return link(url[0], words) if url and url[0] else Markup("{}").format(words)


def _verbatim(text: str) -> str:
    """Return text in which links stand as they were written."""
    return unescape(re.sub(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>", lambda m: m[2] or m[1], text))
