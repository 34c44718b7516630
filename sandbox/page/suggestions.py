"""What a writing person may mean: commands, people, channels and emoji that begin as they have typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sandbox.page.emoji import EMOJI
from sandbox.page.screen import Screen
from sandbox.page.showing import plain
from sandbox.state.records import Member

MOST = 8


@dataclass(frozen=True)
class Option:
    """One suggestion: `insert` takes the place of what was typed, or the shortcut starts."""

    insert: str
    label: str
    note: str = ""
    sign: str = ""
    callback_id: str = ""
    member: Member | None = None


def suggestions(screen: Screen, typed: str) -> list[Option]:
    """Return what may be meant by `/fu`, `@an`, `#all` or `:ta`: at most eight, the best first."""
    sign, word = typed[:1], typed[1:].casefold()
    kinds = {"/": _commands, "@": _people, "#": _channels, ":": _emoji}
    if sign not in kinds:
        return []
    found = [(place, option) for place, option in kinds[sign](screen, word) if place >= 0]
    found.sort(key=lambda pair: pair[0])
    return [option for _, option in islice(found, MOST)]


Found = Iterable[tuple[int, Option]]


def _commands(screen: Screen, word: str) -> Found:
    for command in screen.app.commands:
        note = " ".join(filter(None, (command.usage_hint, command.description)))
        yield _rank(word, command.command[1:]), Option(command.command, command.command, note)
    for shortcut in screen.app.global_shortcuts:
        option = Option("", shortcut.name, shortcut.description, callback_id=shortcut.callback_id)
        yield _rank(word, *shortcut.name.split()), option


def _people(screen: Screen, word: str) -> Found:
    _ = screen.texts
    for member in screen.workspace.members():
        if not member.is_deleted:
            option = Option(f"@{member.name}", member.real_name, f"@{member.name}", member=member)
            yield _rank(word, member.name, *member.real_name.split()), option
    for name, note in (("here", _("everybody who is here")), ("channel", _("everybody in this channel"))):
        yield _rank(word, name), Option(f"@{name}", f"@{name}", note)


def _channels(screen: Screen, word: str) -> Found:
    for channel in screen.workspace.channels():
        if channel.is_public or screen.person.id in channel.members:
            option = Option(f"#{channel.name}", f"#{channel.name}", plain(channel.topic))
            yield _rank(word, channel.name), option


def _emoji(_: Screen, word: str) -> Iterator[tuple[int, Option]]:
    for name, shown in EMOJI.items():
        yield _rank(word, name, *name.split("_")), Option(f":{name}:", f":{name}:", sign=shown)


def _rank(word: str, *names: str) -> int:
    """Return how well a word fits: 0 for how a name begins, 1 for within one, -1 for not at all."""
    folded = [name.casefold() for name in names]
    if any(name.startswith(word) for name in folded):
        return 0
    return 1 if any(word in name for name in folded) else -1
