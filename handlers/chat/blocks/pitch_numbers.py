"""How the figures on pitches look in the chat."""

from datetime import date
from typing import Any, Final

from babel.dates import format_date
from slack_sdk.models.blocks import Block

from bot.pitch_numbers import LEAST, Count, Numbers, Row
from bot.texts import Texts
from handlers.chat.blocks.kit import actions, bold, button, context, cut, plain, section, words

SHOW: Final = "pitch_numbers"
TURN: Final = "pitch_numbers_turn"

MAX_NAME: Final = 120
# A view holds a hundred blocks; more departments than any city has.
MOST_ROWS: Final = 80


def numbers_view(numbers: Numbers, _: Texts) -> dict[str, Any]:
    """Show a year: the whole city, then each department by month."""
    explained = _(
        "Per month: pitched, accepted, published. How many days a decision takes (the median) is shown "
        "only where at least {least} people pitched; nothing is counted per person.",
        least=LEAST,
    )
    blocks: list[Block] = [section(f"*{numbers.year}*"), context(explained)]
    if not numbers.rows:
        blocks.append(section(_("No idea in this year.")))
    else:
        blocks.append(_shown(_("All together"), numbers.total, _))
        blocks += [_shown(_name(row, _), row, _) for row in numbers.rows[:MOST_ROWS]]
    if (more := len(numbers.rows) - MOST_ROWS) > 0:
        blocks.append(context(_.plural("and {n} more", "and {n} more", more)))
    if not numbers.is_first:
        blocks.append(actions(button(_("The year before"), TURN, numbers.year - 1)))
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": _("Ideas in numbers")},
        "close": {"type": "plain_text", "text": _("Close")},
        "blocks": [block.to_dict() for block in blocks],
    }


def _shown(name: str, row: Row, _: Texts) -> Block:
    lines = [plain(f" – {_count(row.year, _)}")]
    lines += [plain(f"\n{_month(month, _)}: {_short(count, _)}") for month, count in row.months]
    return words(bold(cut(name, MAX_NAME)), *lines)


def _name(row: Row, _: Texts) -> str:
    return row.department.name if row.department else _("Of no department")


def _count(count: Count, _: Texts) -> str:
    said = _(
        "{pitched} pitched, {accepted} accepted, {published} published",
        pitched=count.pitched,
        accepted=count.accepted,
        published=count.published,
    )
    return said if count.days is None else f"{said} · {_days(count.days, _)}"


def _short(count: Count, _: Texts) -> str:
    said = f"{count.pitched} / {count.accepted} / {count.published}"
    return said if count.days is None else f"{said} · {_days(count.days, _)}"


def _days(days: float, _: Texts) -> str:
    return _.plural("decided after {n} day", "decided after {n} days", round(days))


def _month(month: date, _: Texts) -> str:
    return format_date(month, "LLLL", locale=_.language)
