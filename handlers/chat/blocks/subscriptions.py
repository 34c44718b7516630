"""How subscriptions look: what someone hears of, when and how, in words."""

from datetime import date, time, timedelta

from bot.subscriptions import Choice, Layout, NewsKind, Part, Rhythm, Term
from bot.texts import Texts

# Any Monday will do to name the days of the week.
A_MONDAY = date(2024, 1, 1)


def choice_words(choice: Choice, labels: dict[Term, str], _: Texts) -> str:
    """Say a choice in one line, unescaped: what, about what, when, how."""
    parts = [", ".join(kind_words(kind, _) for kind in NewsKind if kind in choice.kinds)]
    if said := _named(choice, Part.ANY, labels):
        parts.append(_("about one of {terms}", terms=said))
    if said := _named(choice, Part.ALL, labels):
        parts.append(_("about all of {terms}", terms=said))
    if said := _named(choice, Part.EXCEPT, labels):
        parts.append(_("but not about {terms}", terms=said))
    return " · ".join([" ".join(parts), *when_words(choice, _)])


def _named(choice: Choice, part: Part, labels: dict[Term, str]) -> str:
    return ", ".join(sorted(labels[term] for term in choice.of_part(part)))


def when_words(choice: Choice, _: Texts) -> list[str]:
    """Say when news comes and how it looks, as far as it is not the usual way."""
    clock = clock_words(choice.at, _) if choice.at else ""
    if choice.rhythm is Rhythm.DAILY:
        said = [_("daily at {time}", time=clock)]
    elif choice.rhythm is Rhythm.WEEKLY:
        said = [_("on {weekday} at {time}", weekday=weekday_words(choice.weekday or 0, _), time=clock)]
    else:
        said = [_("at once")]
        said += {Layout.LINE: [_("one line each")], Layout.THREAD: [_("in one thread a day")]}.get(
            choice.layout, []
        )
    if choice.quiet:
        start, end = (clock_words(clock, _) for clock in choice.quiet)
        said.append(_("quiet from {start} to {end}", start=start, end=end))
    return said


def kind_words(kind: NewsKind, _: Texts) -> str:
    """Name a kind of news."""
    return {
        NewsKind.POST: _("Posts"),
        NewsKind.VIDEO: _("Videos"),
        NewsKind.JOB: _("Jobs"),
        NewsKind.EVENT: _("Events"),
        NewsKind.COMMENT: _("Reader comments"),
        NewsKind.RADAR: _("Changes on the radar"),
    }[kind]


def weekday_words(weekday: int, _: Texts) -> str:
    """Name a day of the week; Monday is 0."""
    return _.weekday(A_MONDAY + timedelta(days=weekday))


def clock_words(clock: time, _: Texts) -> str:
    """Say a local time of day."""
    return _("{hour}:{minute}", hour=clock.hour, minute=f"{clock.minute:02}")
