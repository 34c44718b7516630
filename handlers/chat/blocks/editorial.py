"""How the editorial calendar looks in the chat: a month week by week or as a list, filters, its address."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DividerBlock,
    InteractiveElement,
    Option,
    PlainTextObject,
    StaticSelectElement,
    UserSelectElement,
)

from bot.editorial import Entry, Month, Undated, next_month, previous_month
from bot.people import Department
from bot.pitches import PitchState
from bot.planning import UNDER_WAY
from bot.texts import Texts
from handlers.chat.blocks import pitch_numbers
from handlers.chat.blocks.kit import (
    MAX_BUTTON,
    Link,
    Text,
    actions,
    bold,
    button,
    context,
    cut,
    header,
    link,
    plain,
    section,
    words,
)
from handlers.chat.blocks.pitch_words import state_name
from handlers.chat.blocks.plan_words import outlet_name

OPEN: Final = "editorial_open"
TURN: Final = "editorial_turn"
FORWARD: Final = "editorial_forward"
LOOK: Final = "editorial_look"
RESET: Final = "editorial_reset"
BY_DEPARTMENT: Final = "editorial_department"
BY_SERIES: Final = "editorial_series"
BY_STATE: Final = "editorial_state"
BY_PERSON: Final = "editorial_person"
NEW_ADDRESS: Final = "editorial_new_address"
VIEW: Final = "editorial_calendar"

# What stands in a menu where all are shown.
ALL: Final = "-"
# A window has room for a hundred blocks; nobody reads more lines than this.
MAX_LINES: Final = 60
MAX_TITLE: Final = 80
MAX_OPTIONS: Final = 99
MAX_URL: Final = 500
OPS_URL: Final = "STADTFUNK_OPS_URL"
STATES: Final = (PitchState.SHELF, *UNDER_WAY, PitchState.PUBLISHED)


class Look(StrEnum):
    """How a month is shown."""

    WEEKS = "weeks"
    LIST = "list"


@dataclass(frozen=True)
class Place:
    """Where someone is in the calendar; `author` is the chat id of whose work is shown."""

    first_day: date
    look: Look = Look.WEEKS
    department_id: int | None = None
    series: str | None = None
    state: PitchState | None = None
    author: str | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether only a part is shown."""
        return any((self.department_id, self.series, self.state, self.author))

    def packed(self) -> str:
        """Return it as a window can carry it."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def unpacked(cls, metadata: str) -> "Place":
        """Return what a window carries."""
        known = json.loads(metadata)
        known["first_day"] = date.fromisoformat(known["first_day"])
        known["look"] = Look(known["look"])
        known["state"] = PitchState(known["state"]) if known["state"] else None
        return cls(**known)


@dataclass(frozen=True)
class Shown:
    """A month of the plan with all that its window offers.

    Attributes:
        address: where to subscribe to it, if somebody made an address.
        is_reachable: whoever runs the assistant has said where colleagues reach it.
    """

    place: Place
    month: Month
    departments: Sequence[Department]
    series: Sequence[str]
    address: str | None
    is_reachable: bool


def home_section(_: Texts, *, is_empty_ahead: bool) -> list[Block]:
    """Offer the comms team the calendar and the numbers, and say whether something is planned."""
    blocks: list[Block] = [DividerBlock(), header(_("Editorial calendar"))]
    if is_empty_ahead:
        blocks.append(section(_empty_ahead(_)))
    buttons = button(_("Open the calendar"), OPEN), button(_("Ideas in numbers"), pitch_numbers.SHOW)
    return [*blocks, actions(*buttons)]


def calendar_view(shown: Shown, _: Texts) -> dict[str, Any]:
    """Return the window with a month of the plan."""
    place, month = shown.place, shown.month
    blocks: list[Block] = [header(_.month(month.first_day)), _turning(place, _), _filters(shown, _)]
    if month.is_empty_ahead:
        blocks.append(section(_empty_ahead(_)))
    blocks += _weeks(month, _) if place.look is Look.WEEKS else _list(month, _)
    blocks += _undated(month.undated, _)
    blocks += [DividerBlock(), *_subscribing(shown, _)]
    return {
        "type": "modal",
        "callback_id": VIEW,
        "title": {"type": "plain_text", "text": _("Editorial calendar")},
        "close": {"type": "plain_text", "text": _("Close")},
        "private_metadata": place.packed(),
        "blocks": [block.to_dict() for block in blocks],
    }


def _empty_ahead(_: Texts) -> str:
    return "⚠️ " + _("Nothing is planned for the next 14 days.")


def _turning(place: Place, _: Texts) -> Block:
    before, after = previous_month(place.first_day), next_month(place.first_day)
    other = Look.LIST if place.look is Look.WEEKS else Look.WEEKS
    buttons = [
        button("← " + _.month(before), TURN, before),
        button(_.month(after) + " →", FORWARD, after),
        button(_("As a list") if other is Look.LIST else _("Week by week"), LOOK, other),
    ]
    if place.is_filtered:
        buttons.append(button(_("Show everything"), RESET))
    return actions(*buttons)


def _filters(shown: Shown, _: Texts) -> Block:
    """Offer to see a part of the plan. Without a name of its own the block begins anew in each view."""
    place = shown.place
    departments = [(str(one.id), one.name) for one in shown.departments[:MAX_OPTIONS]]
    series = [(one, one) for one in shown.series]
    if place.series and place.series not in shown.series:
        series.append((place.series, place.series))
    states = [(str(one), state_name(one, _)) for one in STATES]
    department = str(place.department_id) if place.department_id else None
    elements: list[InteractiveElement] = []
    if departments:
        elements.append(_menu(BY_DEPARTMENT, _("All departments"), departments, department))
    if series:
        elements.append(_menu(BY_SERIES, _("All series"), series, place.series))
    elements.append(_menu(BY_STATE, _("All states"), states, place.state))
    elements.append(
        UserSelectElement(
            action_id=BY_PERSON, initial_user=place.author, placeholder=PlainTextObject(text=_("Author"))
        )
    )
    return ActionsBlock(elements=elements)


def _menu(
    action_id: str, everything: str, options: Sequence[tuple[str, str]], chosen: str | None
) -> StaticSelectElement:
    known = [(value, label) for value, label in options if len(value) <= MAX_BUTTON]
    shown = [
        Option(value=value, text=PlainTextObject(text=cut(label, MAX_BUTTON)))
        for value, label in [(ALL, everything), *known]
    ]
    initial = next((one for one in shown if one.value == chosen), shown[0])
    return StaticSelectElement(
        action_id=action_id,
        options=shown,
        initial_option=initial,
        placeholder=PlainTextObject(text=everything),
    )


def _weeks(month: Month, _: Texts) -> Iterator[Block]:
    """Show a month week by week, also those in which nothing appears."""
    left = MAX_LINES
    for week in month.weeks:
        name = _("Week {n}", n=week.first_day.isocalendar().week)
        yield context(f"*{name}* · {_.short(week.first_day)} – {_.short(week.last_day)}")
        lines = week.entries[:left]
        left -= len(lines)
        if not week.entries:
            yield words(plain(_("Nothing in this week.")))
        elif lines:
            yield words(*_joined([_line(entry, _) for entry in lines]))
        if len(lines) < len(week.entries):
            n = len(week.entries) - len(lines)
            yield context(_.plural("and {n} more", "and {n} more", n))


def _list(month: Month, _: Texts) -> Iterator[Block]:
    """Show all that appears in a month, each with whose it is."""
    entries = month.entries
    for entry in entries[:MAX_LINES]:
        facts = [entry.department.name if entry.department else "", entry.series]
        said = " · ".join(filter(None, facts))
        yield words(*_line(entry, _), *([plain(f"\n{said}")] if said else []))
    if not entries:
        yield section(_("Nothing in this month."))
    if len(entries) > MAX_LINES:
        n = len(entries) - MAX_LINES
        yield context(_.plural("and {n} more", "and {n} more", n))


def _undated(undated: Undated, _: Texts) -> Iterator[Block]:
    """Show what is on the shelf, or accepted, and has no day yet."""
    if not undated.ideas:
        return
    name = _("Without a date")
    yield context(f"*{name}*")
    lines = []
    for idea in undated.ideas:
        author = cut(idea.author.name, MAX_TITLE) if idea.author else ""
        facts = ", ".join(filter(None, [state_name(idea.pitch.state, _), author]))
        lines.append([bold(cut(idea.pitch.title, MAX_TITLE)), plain(f" – {facts}")])
    yield words(*_joined(lines))
    if undated.more:
        yield context(_.plural("and {n} more", "and {n} more", undated.more))


def _line(entry: Entry, _: Texts) -> list[Text | Link]:
    """Name what appears on a day, where, how it stands and who writes it."""
    title, url = cut(entry.title, MAX_TITLE), entry.post.url if entry.post else None
    name = link(title, url) if url and len(url) <= MAX_URL else bold(title)
    where = ", ".join(outlet_name(one, _) for one in entry.outlets)
    facts = [where, state_name(entry.state, _), cut(entry.author.name, MAX_TITLE) if entry.author else ""]
    return [plain(f"{_.short(entry.day)}  "), name, plain(" – " + ", ".join(filter(None, facts)))]


def _joined(lines: Sequence[Sequence[Text | Link]]) -> Iterator[Text | Link]:
    for number, line in enumerate(lines):
        if number:
            yield plain("\n")
        yield from line


def _subscribing(shown: Shown, _: Texts) -> list[Block]:
    """Tell where the plan can be subscribed to, and offer another address."""
    if not shown.is_reachable:
        hint = _("The address to subscribe to the plan is not set up yet ({setting}).", setting=OPS_URL)
        return [context(hint)]
    if shown.address is None:
        hint = _("The plan can be subscribed to in a calendar, under a secret address.")
        return [section(hint), actions(button(_("Make an address"), NEW_ADDRESS))]
    hint = _("Subscribe to the plan in your calendar. Whoever knows this address can read the plan:")
    return [
        section(hint),
        words(plain(shown.address)),
        actions(button(_("New address"), NEW_ADDRESS)),
        context(_("A new address ends the old one at once.")),
    ]
