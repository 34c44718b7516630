"""Reading the schema.org data of a web page (JSON-LD). Runs in the worker process."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bot.sources.objects import Object, objects, texts, words

MAX_NODES: Final = 20_000
_WRAPPERS = re.compile(
    r"^(?:\s|//|/\*|<!\[CDATA\[|<!--|\*/)+|(?:\s|//|/\*|\]\]>|-->|\*/|;)+$",
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_SPACE = " \t\r\n"


class Graph:
    """All that a page says in JSON-LD, whatever is nested in what.

    Attributes:
        nodes: each object once, in the order of the page.
    """

    def __init__(self, scripts: Iterable[str]) -> None:
        """Read the scripts; one that is no JSON harms no other."""
        self.nodes: list[Object] = []
        for script in scripts:
            self._collect(loaded(script))
        self._by_id: dict[str, Object] = {}
        for node in self.nodes:
            # A mere reference has an `@id` and nothing else, so the fuller one is the thing itself.
            name = words(node, "@id")
            if name and len(node) > len(self._by_id.get(name, {})):
                self._by_id[name] = node

    def _collect(self, value: Any) -> None:
        waiting = [value]
        while waiting and len(self.nodes) < MAX_NODES:
            one = waiting.pop()
            if isinstance(one, dict):
                self.nodes.append(one)
                waiting.extend(reversed(list(one.values())))
            elif isinstance(one, list):
                waiting.extend(reversed(one))

    def resolved(self, node: Object) -> Object:
        """Return what a reference refers to; anything else as it is."""
        return self._by_id.get(words(node, "@id"), node)

    def related(self, node: Object, *names: str) -> Iterator[Object]:
        """Yield the objects under these names, references resolved."""
        for name in names:
            for one in objects(node.get(name)):
                yield self.resolved(one)


def types(node: Object) -> list[str]:
    """Return the node's types without the address of their vocabulary."""
    return [name.rstrip("/").rpartition("/")[2].removeprefix("schema:") for name in texts(node.get("@type"))]


def loaded(script: str) -> Any:
    """Return the value in a script, None if it is beyond repair.

    Repaired are what pages are seen with: comments and CDATA around it, commas before a closing bracket, line
    ends in a text, anything after its end.
    """
    text = _WRAPPERS.sub("", script)
    decoder = json.JSONDecoder(strict=False)
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return decoder.raw_decode(attempt.strip(_SPACE))[0]
        except (ValueError, RecursionError):
            continue
    return None
