"""Whether what is sent is like what Slack sends: `shapes/` holds the keys and types of real payloads."""

import json
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).parent / "shapes"
TYPES: dict[str, Any] = {"text": str, "number": (int, float), "yes or no": bool, "object": dict, "list": list}


def lacks(shape: Any, sent: Any, at: str = "") -> list[str]:
    """Return the paths at which something sent is not as its shape says."""
    if isinstance(shape, dict):
        if not isinstance(sent, dict):
            return [f"{at}: no object"]
        missing = [f"{at}/{key}: missing" for key in shape if key not in sent]
        both = [key for key in shape if key in sent]
        return missing + [lack for key in both for lack in lacks(shape[key], sent[key], f"{at}/{key}")]
    if isinstance(shape, list):
        return lacks(shape[0], sent[0], f"{at}/0") if isinstance(sent, list) and sent else [f"{at}: no list"]
    # Where Slack's example holds nothing, or ours does, the other may hold something.
    if shape == "nothing" or sent is None:
        return []
    return [] if isinstance(sent, TYPES[shape]) else [f"{at}: {type(sent).__name__} is no {shape}"]


def assert_like(name: str, sent: Any) -> None:
    """Fail unless something sent has all keys of a structure of Slack's, with values of their types."""
    lacking = lacks(json.loads((SHAPES / f"{name}.json").read_text()), sent)
    assert not lacking, "\n".join(lacking)
