"""Formatted text as people would have typed it: what stands in a field for it at first."""

from collections.abc import Iterator

from sandbox.page.names import Names
from sandbox.state.records import JSON

MARKS = {"code": "`", "strike": "~", "italic": "_", "bold": "*"}


def written(block: JSON, names: Names) -> str:
    """Return a rich_text block as it is typed: `*bold*`, `- item`, `> said`, names with @ and #."""
    return "\n".join(line for part in block.get("elements", ()) for line in _lines(part, names))


def _lines(part: JSON, names: Names) -> Iterator[str]:
    if part["type"] == "rich_text_list":
        for at, item in enumerate(part["elements"], start=1):
            yield (f"{at}. " if part["style"] == "ordered" else "- ") + _run(item, names)
        return
    words = _run(part, names)
    if part["type"] == "rich_text_preformatted":
        yield f"```\n{words}\n```"
    elif part["type"] == "rich_text_quote":
        yield from (f"> {line}" for line in words.split("\n"))
    else:
        yield words


def _run(part: JSON, names: Names) -> str:
    return "".join(_piece(element, names) for element in part["elements"])


def _piece(element: JSON, names: Names) -> str:
    match element["type"]:
        case "user":
            return f"@{names.handles.get(element['user_id'], element['user_id'])}"
        case "channel":
            return f"#{names.handles.get(element['channel_id'], element['channel_id'])}"
        case "broadcast":
            return f"@{element['range']}"
        case "emoji":
            return f":{element['name']}:"
        case "link":
            return str(element["url"]).removeprefix("mailto:")
    words = str(element.get("text") or element.get("fallback") or element.get("value") or "")
    styles = element.get("style") or {}
    for style, mark in MARKS.items():
        if styles.get(style) and words.strip():
            words = f"{mark}{words}{mark}"
    return words
