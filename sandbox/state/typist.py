"""What people write, as Slack's composer turns it into a message: paragraphs, lists, quotes and code."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from sandbox.state.escape import escape, inline, mrkdwn
from sandbox.state.ids import short_id
from sandbox.state.records import JSON

FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
LINES = {
    "quote": re.compile(r"> ?(?P<words>.*)"),
    "bullet": re.compile(r"[-*•] +(?P<words>\S.*)"),
    "ordered": re.compile(r"(?P<number>\d+)\. +(?P<words>\S.*)"),
    "section": re.compile(r"(?P<words>.*)"),
}
Kind = Literal["quote", "bullet", "ordered", "section"]


@dataclass(frozen=True)
class Typist:
    """Turns words into elements and text.

    Attributes:
        members: handle to user id.
        channels: channel name to channel id.
    """

    members: Mapping[str, str]
    channels: Mapping[str, str]

    def message(self, words: str) -> tuple[str, JSON]:
        """Return what a person wrote as Slack's text and as a rich_text block."""
        parts = list(self._parts(words)) or [self._run("section", [""])]
        elements = [element for element, _ in parts]
        block = {"type": "rich_text", "block_id": short_id(), "elements": elements}
        return "\n".join(text for _, text in parts), block

    def _parts(self, words: str) -> Iterator[tuple[JSON, str]]:
        chunks = FENCE.split(words)
        for at, chunk in enumerate(chunks):
            if at % 2:
                code = {"type": "text", "text": chunk}
                yield {"type": "rich_text_preformatted", "elements": [code]}, f"```{escape(chunk)}```"
                continue
            # The line breaks before and after a block of code are its own.
            rest = chunk.removeprefix("\n") if at else chunk
            rest = rest.removesuffix("\n") if at < len(chunks) - 1 else rest
            if rest:
                for kind, lines in _runs(rest):
                    yield self._run(kind, lines)

    def _run(self, kind: Kind, lines: list[str]) -> tuple[JSON, str]:
        if kind == "section":
            return self._line("rich_text_section", "\n".join(lines))
        rows = [LINES[kind].fullmatch(line) for line in lines]
        words = [row["words"] for row in rows if row]
        if kind == "quote":
            element, text = self._line("rich_text_quote", "\n".join(words))
            return element, "\n".join(f"&gt; {line}" for line in text.split("\n"))
        items = [self._line("rich_text_section", word) for word in words]
        marks = [f"{at}." if kind == "ordered" else "•" for at in range(1, len(items) + 1)]
        text = "\n".join(f"{mark} {item}" for mark, (_, item) in zip(marks, items, strict=True))
        shown = [element for element, _ in items]
        return {"type": "rich_text_list", "style": kind, "indent": 0, "elements": shown}, text

    def _line(self, kind: str, words: str) -> tuple[JSON, str]:
        elements = inline(words, self.members, self.channels)
        return {"type": kind, "elements": elements}, mrkdwn(elements, self.channels)


def _runs(words: str) -> Iterator[tuple[Kind, list[str]]]:
    for kind, group in groupby(words.split("\n"), _kind):
        lines = list(group)
        # "22. November" at the beginning of a line is no list; "1.", "2." … is one.
        numbers = [line.partition(".")[0] for line in lines]
        is_list = numbers == [str(number) for number in range(1, len(lines) + 1)]
        yield "section" if kind == "ordered" and not is_list else kind, lines


def _kind(line: str) -> Kind:
    kinds: tuple[Kind, ...] = ("quote", "bullet", "ordered")
    return next((kind for kind in kinds if LINES[kind].fullmatch(line)), "section")
