"""How the newsroom's overview looks in the chat."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from slack_sdk.models.blocks import Block

from bot.digest import GAP_DAYS, Digest, Gap, Planned, Silent, Some
from bot.pitches import Pitch, PitchState
from bot.texts import Texts
from handlers.chat.blocks import meetings
from handlers.chat.blocks.comments import unanswered, unanswered_title
from handlers.chat.blocks.kit import (
    Link,
    Message,
    Text,
    actions,
    bold,
    button,
    context,
    cut,
    header,
    plain,
    section,
    words,
)
from handlers.chat.blocks.plan_words import outlet_name

T = TypeVar("T")

# All lists together have to fit into one message.
MAX_TITLE: Final = 90


def pitch_digest(digest: Digest, _: Texts) -> Message:
    """Show the comms team what it has to decide, what comes, what is missing, and who waits for an answer."""
    if digest.is_empty:
        said = [_("Overview: nothing is waiting for you. 🎈"), _gap_line(digest, _)]
        nothing = " ".join(filter(None, said))
        return Message(nothing, [section(nothing)])
    said = [_title(digest, _), unanswered_title(digest.unanswered, _), _gap_line(digest, _)]
    return Message(
        " · ".join(filter(None, said)),
        [
            header(_title(digest, _)),
            *_undecided(digest, _),
            *_coming(digest, _),
            *_silent(digest, _),
            *unanswered(digest.unanswered, _),
            *([actions(button(_("Begin a meeting"), meetings.BEGIN))] if digest.waiting else []),
        ],
    )


def _title(digest: Digest, _: Texts) -> str:
    if not digest.waiting:
        return _("Overview: no idea is waiting for a decision")
    return _.plural("Overview: {n} idea is undecided", "Overview: {n} ideas are undecided", digest.waiting)


def _undecided(digest: Digest, _: Texts) -> list[Block]:
    """Show what waits for a decision, and what for an author."""

    def waiting(pitch: Pitch) -> Sequence[Text | Link]:
        days = (_.local(digest.now).date() - _.local(pitch.created_at).date()).days
        since = _.plural("for {n} day", "for {n} days", days) if days else _("since today")
        asked = " · " + _("question asked") if pitch.state is PitchState.QUESTION else ""
        late = "⏰ " if days > digest.overdue_days else ""
        return bold(f"{late}{cut(pitch.title, MAX_TITLE)}"), plain(f" – {since}{asked}")

    def unwritten(pitch: Pitch) -> Sequence[Text | Link]:
        # Who was asked, and how long they take, is nobody's business here.
        asked = _("someone is asked") if pitch.state is PitchState.ASKED else _("nobody is asked yet")
        return bold(cut(pitch.title, MAX_TITLE)), plain(f" – {asked}")

    blocks = [
        *_list(_("New since {day}", day=_.day(digest.since)), digest.new, waiting, _),
        *_list(_("Still undecided"), digest.undecided, waiting, _),
    ]
    if digest.overdue:
        late = _.plural(
            "⏰ {n} idea has waited for a decision for more than {days} days.",
            "⏰ {n} ideas have waited for a decision for more than {days} days.",
            digest.overdue,
            days=digest.overdue_days,
        )
        blocks.append(context(late))
    if digest.waiting:
        blocks.append(context(_("You decide with the buttons on each idea's card in this channel.")))
    return [*blocks, *_list(_("Waiting for an author"), digest.unwritten, unwritten, _)]


def _coming(digest: Digest, _: Texts) -> list[Block]:
    """Show what appears this week and next, and where the plan has a gap."""

    def planned(one: Planned) -> Sequence[Text | Link]:
        where = ", ".join(outlet_name(outlet, _) for outlet in one.outlets)
        is_out = one.pitch.state is PitchState.PUBLISHED
        said = " ".join(filter(None, (_.weekday(one.day) + ":", "✅" if is_out else "")))
        return (
            plain(f"{said} "),
            bold(cut(one.pitch.title, MAX_TITLE)),
            *([plain(f" – {where}")] if where else []),
        )

    blocks = [
        *_list(_("This week"), digest.this_week, planned, _),
        *_list(_("Next week"), digest.next_week, planned, _),
    ]
    gap = _gap_line(digest, _)
    return [*blocks, section(f"🕳️ {gap}")] if gap else blocks


def _gap_line(digest: Digest, _: Texts) -> str:
    if digest.is_bare:
        return _.plural(
            "Nothing is planned for the next {n} day.", "Nothing is planned for the next {n} days.", GAP_DAYS
        )
    gaps = ", ".join(_gap(gap, _) for gap in digest.gaps)
    return _("Nothing is planned: {days}.", days=gaps) if gaps else ""


def _gap(gap: Gap, _: Texts) -> str:
    return _("{first} to {last}", first=_.day(gap.first), last=_.day(gap.last))


def _silent(digest: Digest, _: Texts) -> list[Block]:
    def silent(one: Silent) -> Sequence[Text | Link]:
        last = _("last idea on {day}", day=_.day(one.since)) if one.since else _("no idea yet")
        return bold(cut(one.department.name, MAX_TITLE)), plain(f" – {last}")

    title = _.plural("Nothing heard for {n} week", "Nothing heard for {n} weeks", digest.silent_weeks)
    return _list(title, digest.silent, silent, _)


def _list(title: str, some: Some[T], line: Callable[[T], Sequence[Text | Link]], _: Texts) -> list[Block]:
    """Show a list under its title, and how many more there are; nothing when it is empty."""
    if not some.shown:
        return []
    parts: list[Text | Link] = []
    for number, one in enumerate(some.shown):
        parts += [plain("\n"), *line(one)] if number else line(one)
    blocks = [words(bold(title)), words(*parts)]
    if some.more:
        blocks.append(context(_.plural("and {n} more", "and {n} more", some.more)))
    return blocks
