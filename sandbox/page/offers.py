"""What a picker offers while someone types into it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.page.mrkdwn import plain
from sandbox.page.names import Names
from sandbox.protocol.choices import EXTERNAL, choosable
from sandbox.protocol.choosing import QUERY_LENGTH
from sandbox.protocol.interactions import Interactions
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message
from sandbox.state.workspace import Workspace

# So many are shown; who looks for others types on.
MOST_OFFERED = 100
TOLD = ("no_answer", "invalid_options")


class Offers:
    """Options, people and conversations for one person."""

    def __init__(self, workspace: Workspace, interactions: Interactions, person_id: str) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._person_id = person_id
        self._names = Names.of(workspace, person_id)

    async def offered(self, where: Message | str, block_id: str, action_id: str, query: str) -> JSON:
        """Return `groups` of options, each with a `label` or none, and what to `say` about them.

        Args:
            where: the message, or the id of the view.
            block_id: the block's id.
            action_id: the picker's id.
            query: what is typed so far.

        Raises:
            RefusedError: there is no such message, view or element.
        """
        _ = self._names.texts
        element = self._interactions.element(self._person_id, where, block_id, action_id)
        if element["type"] in EXTERNAL:
            least = element.get("min_query_length", QUERY_LENGTH)
            if len(query) < least:
                say = _.plural("Type at least {n} character.", "Type at least {n} characters.", least)
                return {"groups": [], "say": say}
            try:
                given = await self._interactions.suggest(self._person_id, where, block_id, action_id, query)
            except RefusedError as error:
                if error.code not in TOLD:
                    raise
                return {"groups": [], "say": " ".join(error.messages)}
            groups = _groups(given)
        else:
            groups = self._found(element, query)
        return self._shown(groups)

    def _found(self, element: JSON, query: str) -> list[JSON]:
        """Return the options in which every word of a query stands."""
        ids = choosable(self._workspace, self._person_id, element)
        offered = element.get("option_groups") or element.get("options") or []
        called: list[JSON] = [{"label": "", "options": self._called(ids)}] if ids is not None else []
        groups = called or _groups(offered)
        wanted = query.casefold().split()
        return [
            {**group, "options": [one for one in group["options"] if _fits(one, wanted)]} for group in groups
        ]

    def _called(self, ids: Iterable[str]) -> list[JSON]:
        people = {member.id: member for member in self._workspace.members()}
        found = []
        for one in ids:
            member = people.get(one)
            text = member.real_name if member else self._names.places.get(one, one)
            note = f"@{member.name}" + (f" · {member.title}" if member.title else "") if member else ""
            found.append({"value": one, "text": text, "note": note})
        return sorted(found, key=lambda offer: offer["text"].casefold())

    def _shown(self, groups: Sequence[JSON]) -> JSON:
        _ = self._names.texts
        left, shown = MOST_OFFERED, []
        for group in groups:
            options = group["options"][:left]
            left -= len(options)
            shown += [{**group, "options": options}] if options else []
        if not shown:
            return {"groups": [], "say": _("Nothing found.")}
        is_more = sum(len(group["options"]) for group in groups) > MOST_OFFERED
        return {"groups": shown, "say": _("Type on to find others.") if is_more else ""}


def _groups(given: Sequence[JSON]) -> list[JSON]:
    """Return Slack's options, or groups of them, as the page shows them."""
    if any("options" in one for one in given):
        return [{"label": plain(one["label"]["text"]), "options": _options(one["options"])} for one in given]
    return [{"label": "", "options": _options(given)}]


def _options(given: Iterable[JSON]) -> list[JSON]:
    return [
        {"value": one["value"], "text": _words(one["text"]), "note": _words(one.get("description"))}
        for one in given
    ]


def _words(text: Any) -> str:
    return plain(text["text"]) if text else ""


def _fits(offer: JSON, wanted: Sequence[str]) -> bool:
    text = f"{offer['text']} {offer['note']}".casefold()
    return all(word in text for word in wanted)
