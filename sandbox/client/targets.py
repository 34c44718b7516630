"""Finding things to press and to choose by what stands on them."""

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.client.reading import texts, words
from sandbox.protocol.elements import STATE_KEYS, options
from sandbox.protocol.spots import Spot, spots
from sandbox.state.records import JSON, Message, View


class Target(NamedTuple):
    """An element, and what is chosen in it by pressing it."""

    spot: Spot
    value: object = None


def button(where: Message | View, label: str, beside: str | None) -> Target | None:
    """Return the button or option with this label, if it is there.

    Raises:
        AssertionError: it is there more than once.
    """
    found = [target for spot in _beside(where, beside) for target in _pressed(spot, label)]
    return _only(found, f"“{label}” to click")


def field(where: Message | View, label: str, beside: str | None) -> Target | None:
    """Return the select, picker or input that people call by this label, if it is there.

    Raises:
        AssertionError: there is more than one.
    """
    fields = (spot for spot in _beside(where, beside) if spot.element["type"] in STATE_KEYS)
    return _only([Target(spot) for spot in fields if label in _names(spot)], f"a field “{label}”")


def _only(found: list[Target], what: str) -> Target | None:
    assert len(found) <= 1, f"there is {what} {len(found)} times: say with `beside` next to which words"
    return found[0] if found else None


def _beside(where: Message | View, beside: str | None) -> Iterator[Spot]:
    """Yield the elements whose block, or the text above it, holds some words."""
    above: list[str] = []
    surrounding: dict[int, list[str]] = {}
    for block in where.blocks:
        if block["type"] not in {"actions", "context_actions", "divider"}:
            above = texts(block)
        surrounding[id(block)] = above
    for spot in spots(where):
        near = surrounding.get(id(spot.block), texts(spot.attachment))
        if beside is None or any(beside in text for text in near):
            yield spot


def _pressed(spot: Spot, label: str) -> Iterator[Target]:
    element = spot.element
    if element["type"] == "feedback_buttons":
        for one in (element["positive_button"], element["negative_button"]):
            if words(one["text"]) == label:
                yield Target(spot, one["value"])
    elif element["type"] not in STATE_KEYS:
        if words(element.get("text")) == label:
            yield Target(spot)
    elif spot.block["type"] != "input":
        is_several = STATE_KEYS[element["type"]] == "selected_options"
        for option in options(element):
            if words(option["text"]) == label:
                yield Target(spot, [option["value"]] if is_several else option.get("value"))


def _names(spot: Spot) -> set[str]:
    """Return what people call a field: its label, the text it stands at, or what stands in it while empty."""
    parts: list[JSON | None] = [spot.element.get("placeholder"), spot.block.get("label")]
    if spot.block.get("accessory") is spot.element:
        parts.append(spot.block.get("text"))
    return {words(part) for part in parts if part}
