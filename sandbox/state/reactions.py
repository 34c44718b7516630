"""The emoji below a message, and who put them there."""

import re

from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message

NAME = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?")
# Slack keeps these two under their short names.
ALIASES = {"thumbsup": "+1", "thumbsdown": "-1"}
# docs.slack.dev/reference/methods/reactions.add names both limits, but no number.
MOST_EMOJI = 23
MOST_OF_A_PERSON = 23


def named(name: str) -> str:
    """Return an emoji's name as Slack keeps it, without colons.

    Raises:
        RefusedError: `invalid_name`.
    """
    if not NAME.fullmatch(name):
        raise RefusedError("invalid_name")
    base, tone, number = name.partition("::")
    return ALIASES.get(base, base) + tone + number


def added(message: Message, person_id: str, name: str) -> list[JSON]:
    """Return a message's reactions with one more.

    Raises:
        RefusedError: `already_reacted`, `too_many_emoji`, `too_many_reactions`.
    """
    people = _people(message)
    if person_id in people.get(name, ()):
        raise RefusedError("already_reacted")
    if sum(person_id in those for those in people.values()) >= MOST_OF_A_PERSON:
        raise RefusedError("too_many_reactions")
    if name not in people and len(people) >= MOST_EMOJI:
        raise RefusedError("too_many_emoji")
    return _reactions({**people, name: [*people.get(name, ()), person_id]})


def removed(message: Message, person_id: str, name: str) -> list[JSON]:
    """Return a message's reactions without this one.

    Raises:
        RefusedError: `no_reaction`.
    """
    people = _people(message)
    if person_id not in people.get(name, ()):
        raise RefusedError("no_reaction")
    return _reactions({**people, name: [one for one in people[name] if one != person_id]})


def _people(message: Message) -> dict[str, list[str]]:
    return {reaction["name"]: reaction["users"] for reaction in message.reactions}


def _reactions(people: dict[str, list[str]]) -> list[JSON]:
    return [{"name": name, "users": those, "count": len(those)} for name, those in people.items() if those]
