"""Reads files that people wrote: JSON, YAML or TOML, checked against what they are to hold."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from sandbox.page.texts import Texts

Model = TypeVar("Model", bound=BaseModel)
LOADERS: dict[str, Callable[[str], Any]] = {
    ".json": json.loads,
    ".yaml": yaml.safe_load,
    ".yml": yaml.safe_load,
    ".toml": tomllib.loads,
}


class FileError(Exception):
    """A file is not what it should be; the sentence says which and why."""


def read(file: Path, model: type[Model], _: Texts) -> tuple[Model, dict[str, Any]]:
    """Return what a file says, checked and as it is written.

    Raises:
        FileError: it is not there, can't be read, or says something else than `model` wants.
    """
    said = loaded(file, _)
    if not isinstance(said, dict):
        raise FileError(_("{file} should hold names and values.", file=file))
    try:
        return model.model_validate(said), said
    except ValidationError as error:
        raise FileError(_mistake(file, error, _)) from None


def loaded(file: Path, _: Texts) -> Any:
    """Return what a file says, by the ending of its name.

    Raises:
        FileError: it is not there or can't be read.
    """
    load = LOADERS.get(file.suffix.lower())
    if load is None:
        raise FileError(_("{file} should end in .json, .yaml or .toml.", file=file))
    try:
        return load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileError(_("There is no file {file}.", file=file)) from None
    except OSError as error:
        raise FileError(_("{file} can't be read ({reason}).", file=file, reason=error.strerror)) from None
    except UnicodeDecodeError:
        raise FileError(_("{file} is not written in UTF-8.", file=file)) from None
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        kind = file.suffix[1:].upper()
        where = _line_of(error)
        if where is None:
            raise FileError(_("{file} is no valid {kind}.", file=file, kind=kind)) from None
        raise FileError(_("{file} is no valid {kind} (line {n}).", file=file, kind=kind, n=where)) from None


def _line_of(error: Exception) -> int | None:
    if isinstance(error, json.JSONDecodeError):
        return error.lineno
    mark = getattr(error, "problem_mark", None)
    return None if mark is None else mark.line + 1


def _mistake(file: Path, error: ValidationError, _: Texts) -> str:
    """Return a sentence about the first thing that is wrong."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(step + 1) if isinstance(step, int) else step for step in first["loc"])
    if first["type"] == "missing":
        return _("{file}: {place} is missing.", file=file, place=place)
    reason = first["msg"].removeprefix("Value error, ")
    return _("{file}: {place} is wrong ({reason}).", file=file, place=place, reason=reason)
