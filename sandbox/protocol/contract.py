"""The documented contract of the Web API: what each method takes, refuses and answers, and how often."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

# Every method takes a token among its arguments. Bolt's clients name the team in every call.
OF_ALL = frozenset({"token", "team_id"})
STRUCTURES = frozenset(
    {
        *("attachments", "blocks", "file_ids", "files", "metadata", "unfurled_attachments", "unfurls"),
        *("user_auth_blocks", "view"),
    }
)
FLAGS = frozenset(
    {
        *("as_user", "exclude_archived", "exclude_muted", "full", "include_all_metadata", "include_labels"),
        *("include_locale", "include_num_members", "inclusive", "link_names", "mrkdwn", "prevent_creation"),
        *("reply_broadcast", "return_im", "test", "unfurl_links", "unfurl_media", "user_auth_required"),
    }
)
# Methods about an item say no_item_specified when these are missing.
ITEM = frozenset({"channel", "timestamp"})
NUMBERS = frozenset({"count", "length", "page"})
YES_OR_NO = frozenset({"", "0", "1", "false", "true"})
WHOLE = re.compile(r"-?\d{1,15}")
# "This includes very long names and names with non-alphanumeric characters other than `_`."
NAME = re.compile(r"\w{1,128}", re.ASCII)
ARRAY_NAME = re.compile(r"\w+\[\w*\]", re.ASCII)


@dataclass(frozen=True)
class Rules:
    """What is documented of a method.

    Attributes:
        required: arguments that must be there.
        optional: arguments that may be there.
        one_of: of each of these groups at least one must be there, `at_most_one_of`: not more than one.
        tier: how often it may be called: `Tier1` to `Tier4`, or a name of its own.
        errors: what it refuses with, besides the errors of all methods.
        answer: paths of the keys that answers have, such as `messages[].ts`; not all are in every answer.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    at_most_one_of: tuple[tuple[str, ...], ...]
    tier: str
    errors: frozenset[str]
    answer: tuple[str, ...]

    def check(self, args: JSON) -> None:
        """Make sure that the arguments of a call are those the method takes.

        Args:
            args: those of the call.

        Raises:
            RefusedError: `invalid_arg_name`, `invalid_array_arg`, or `invalid_arguments` with what is wrong.
        """
        for name in args:
            if not NAME.fullmatch(name):
                raise RefusedError("invalid_array_arg" if ARRAY_NAME.fullmatch(name) else "invalid_arg_name")
        wrong = [*self._names(args), *self._kinds(args), *self._groups(args)]
        if wrong:
            raise RefusedError("invalid_arguments", *(f"[ERROR] {one}" for one in wrong))

    def _names(self, args: JSON) -> Iterator[str]:
        for name in sorted(args.keys() - OF_ALL - {*self.required, *self.optional}):
            yield f"invalid additional property: {name}"
        own = ITEM if "no_item_specified" in self.errors else frozenset()
        for name in self.required:
            if name not in own and args.get(name, "") == "":
                yield f"missing required field: {name}"

    def _kinds(self, args: JSON) -> Iterator[str]:
        for name, value in args.items():
            fault = _fault(name, value)
            if fault:
                yield f"{fault} [json-pointer:/{name}]"

    def _groups(self, args: JSON) -> Iterator[str]:
        # The chat methods have errors of their own for this: no_text and markdown_text_conflict.
        if "no_text" in self.errors:
            return
        for group in self.one_of:
            if not any(args.get(name) for name in group):
                yield f"missing required field: {group[0]}"
        for group in self.at_most_one_of:
            if all(args.get(name) for name in group):
                yield f"only one of these may be given: {', '.join(group)}"


def _fault(name: str, value: Any) -> str:
    """Return what is wrong with the kind of a value; nothing when it may be right."""
    if name in STRUCTURES:
        return "" if isinstance(value, str | list | dict) else "must be an array or object"
    if isinstance(value, list | dict):
        return "must be a string"
    written = str(value).lower()
    if name in FLAGS and written not in YES_OR_NO:
        return "must be a boolean"
    if name in NUMBERS and written and not WHOLE.fullmatch(written):
        return "must be an integer"
    return ""


def _rules(facts: JSON) -> Rules:
    return Rules(
        required=tuple(facts["required"]),
        optional=tuple(facts["optional"]),
        one_of=tuple(tuple(group) for group in facts["one_of"]),
        at_most_one_of=tuple(tuple(group) for group in facts["at_most_one_of"]),
        tier=facts["tier"],
        errors=frozenset(facts["errors"]),
        answer=tuple(facts["answer"]),
    )


_DOCUMENTED = json.loads(Path(__file__).with_name("contract.json").read_text())
COMMON_ERRORS = frozenset(_DOCUMENTED["common_errors"])
CONTRACT: dict[str, Rules] = {name: _rules(facts) for name, facts in _DOCUMENTED["methods"].items()}
