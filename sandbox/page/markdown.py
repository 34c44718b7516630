"""Markdown blocks as safe HTML: CommonMark with tables, without HTML of its own, without pictures."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

from sandbox.page import mrkdwn
from sandbox.page.emoji import with_emoji
from sandbox.page.names import Names

# Below the headings of the page itself: a message's first level is the third.
FIRST_LEVEL = 3
LAST_LEVEL = 6
OWN_TOKENS = ("@", "#", "!")
ADDRESS = re.compile(r"https?://[^\s<>]*[\w/#&=]")
BOX = Markup('<div class="table-box" tabindex="0" role="group" aria-label="{}"><table>')
CODE = Markup("<pre><code>{}</code></pre>")


def html(text: str, names: Names) -> Markup:
    """Return Markdown as HTML; its highest headings follow those of the page."""
    env: dict[str, Any] = {"names": names}
    tokens = READER.parse(text, env)
    _prepare(tokens)
    return Markup(READER.renderer.render(tokens, READER.options, env))  # noqa: S704 - html is off, texts are escaped


def _prepare(tokens: Sequence[Token]) -> None:
    """Make links open new tabs, and let headings begin at the level that is free and leave none out."""
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            was = token.tag
            token.tag = f"h{min(FIRST_LEVEL + levels.index(was), LAST_LEVEL)}"
            if token.type == "heading_open":
                token.attrSet("class", f"was-{was}")
        if token.type in {"th_open", "td_open"} and "style" in token.attrs:
            # The page allows no inline styles; "text-align:right" becomes a class.
            token.attrSet("class", str(token.attrs.pop("style")).replace("text-align:", "is-"))
        depth = 0
        for child in token.children or ():
            depth += child.nesting if child.type.startswith("link_") else 0
            child.meta["is_in_link"] = bool(depth)
            if child.type == "link_open":
                child.attrSet("target", "_blank")
                child.attrSet("rel", "noopener noreferrer")
                child.attrs.pop("title", None)


# What markdown-it asks for to write a token: itself, all tokens, where it is, the options and our `env`.


def _text(_: Any, tokens: Sequence[Token], at: int, *_more: Any) -> str:
    """Write words, with their emoji and, outside of links, with links of the addresses among them."""
    token = tokens[at]
    return _words(token.content) if token.meta.get("is_in_link") else _linked(token.content)


def _slack(_: Any, tokens: Sequence[Token], at: int, _options: Any, env: dict[str, Any]) -> str:
    """Write one of Slack's own `<tokens>`: a person, a channel, a word to everybody."""
    return str(mrkdwn.token(tokens[at].content, env["names"]))


def _image(_: Any, tokens: Sequence[Token], at: int, *_more: Any) -> str:
    """Write a picture as a link: nothing is loaded from other machines."""
    url = str(tokens[at].attrGet("src"))
    return str(mrkdwn.link(url, f"🖼 {tokens[at].content or url}"))


def _code(_: Any, tokens: Sequence[Token], at: int, *_more: Any) -> str:
    return str(CODE.format(tokens[at].content.removesuffix("\n")))


def _table(_renderer: Any, _tokens: Any, _at: int, _options: Any, env: dict[str, Any]) -> str:
    """Write the beginning of a table: what is wide scrolls in a box of its own."""
    _ = env["names"].texts
    return str(BOX.format(_("Table")))


def _table_end(*_: Any) -> str:
    return "</table></div>"


RULES: dict[str, Callable[..., str]] = {
    "text": _text,
    "slack": _slack,
    "image": _image,
    "fence": _code,
    "code_block": _code,
    "table_open": _table,
    "table_close": _table_end,
}


def _words(text: str) -> str:
    return str(Markup("{}").format(with_emoji(text)))


def _linked(text: str) -> str:
    parts, done = [], 0
    for match in ADDRESS.finditer(text):
        parts += [_words(text[done : match.start()]), str(mrkdwn.link(match[0], match[0]))]
        done = match.end()
    return "".join([*parts, _words(text[done:])])


def _slack_token(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    """Read `<@U1>`, `<#C1|name>` and `<!here>`."""
    if state.src[state.pos] != "<" or state.src[state.pos + 1 : state.pos + 2] not in OWN_TOKENS:
        return False
    end = state.src.find(">", state.pos)
    content = state.src[state.pos + 1 : end]
    if end < 0 or "\n" in content or "<" in content:
        return False
    if not silent:
        state.push("slack", "", 0).content = content
    state.pos = end + 1
    return True


def _is_safe(url: str) -> bool:
    return url.strip().lower().startswith(mrkdwn.SAFE)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.enable(["table", "strikethrough"])
    reader.inline.ruler.before("autolink", "slack", _slack_token)
    reader.validateLink = _is_safe  # type: ignore[method-assign]
    for name, rule in RULES.items():
        reader.add_render_rule(name, rule)
    return reader


READER = _reader()
