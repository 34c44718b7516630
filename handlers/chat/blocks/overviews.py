"""How much news at once looks in the chat: by kind, a line each, and by which subscription it came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextListElement, RichTextSectionElement

from bot.subscriptions import Choice, NewsKind, Rhythm, Term
from bot.texts import Texts
from bot.words import page
from handlers.chat.blocks.kit import Message, actions, bold, context, escape, header, plain, words
from handlers.chat.blocks.lines import Line
from handlers.chat.blocks.subscriptions import choice_words, kind_words
from handlers.chat.blocks.why import why_button

MOST_LINES: Final = 15
# The sentence for notifications and screen readers names the first ones.
MOST_NAMED: Final = 3


class Told(NamedTuple):
    """Something that an overview tells of, and how its line is made."""

    record: Any
    line: Callable[[Any, str, Texts], Line]


@dataclass(frozen=True)
class By:
    """The subscription that an overview comes by; `is_own`: it is the reader's, not a channel's."""

    choice: Choice
    labels: dict[Term, str]
    is_own: bool


@dataclass(frozen=True)
class News:
    """What one message tells of, and where the public site lists all of it.

    Attributes:
        items: each thing once.
        site_url: of the public site.
        kind: which message it is.
        subject_id: what that message is about.
        by: None for what came all at once and not by one subscription, or when that is gone.
    """

    items: Sequence[Told]
    site_url: str
    kind: str
    subject_id: int
    by: By | None = None


@dataclass(frozen=True)
class DayThread:
    """The thread that holds the news of a day, begun for a subscription."""

    day: date
    kind: str
    subscription_id: int


def overview(news: News, _: Texts) -> Message:
    """Tell of much news in one message; say so when all of it was withdrawn since."""
    if not news.items:
        sentence = _("These posts were withdrawn.")
        return Message(sentence, [words(plain(sentence))])
    groups = _grouped([one.line(one.record, news.site_url, _) for one in news.items])
    shown = _shown(groups)
    heading = _heading(groups, news.by, _)
    blocks: list[Block] = [header(heading)]
    for kind, lines in shown.items():
        if len(groups) > 1:
            blocks.append(words(bold(kind_words(kind, _))))
        blocks.append(_list(lines))
    hidden = {kind: len(lines) - len(shown[kind]) for kind, lines in groups.items()}
    if any(hidden.values()):
        blocks.append(context(_rest(hidden, news.site_url, _)))
    if news.by:
        said = choice_words(news.by.choice, news.by.labels, _)
        blocks.append(context(_("By this subscription: {words}", words=escape(said))))
    blocks.append(actions(why_button(news.kind, news.subject_id, _)))
    return Message(
        _sentence(heading, [line for lines in shown.values() for line in lines], groups, _), blocks
    )


def thread(begun: DayThread, _: Texts) -> Message:
    """Begin the thread that holds the news of one day."""
    heading = _("News of {day}", day=_.day(begun.day))
    hint = context(_("What comes today you find in this thread."))
    why = actions(why_button(begun.kind, begun.subscription_id, _))
    return Message(heading, [words(bold(heading)), hint, why])


def _grouped(lines: Sequence[Line]) -> dict[NewsKind, list[Line]]:
    """Return the lines by kind, in the kinds' order; events as they come."""
    groups = {kind: [line for line in lines if line.kind is kind] for kind in NewsKind}
    groups[NewsKind.EVENT].sort(key=lambda line: (line.starts_at is None, line.starts_at))
    return {kind: found for kind, found in groups.items() if found}


def _shown(groups: dict[NewsKind, list[Line]]) -> dict[NewsKind, list[Line]]:
    """Return the first lines of each kind: what is much leaves room for what is little."""
    shown: dict[NewsKind, list[Line]] = {}
    left = MOST_LINES
    for number, kind in enumerate(sorted(groups, key=lambda kind: len(groups[kind]))):
        shown[kind] = groups[kind][: left // (len(groups) - number)]
        left -= len(shown[kind])
    return {kind: shown[kind] for kind in groups}


def _heading(groups: dict[NewsKind, list[Line]], by: By | None, _: Texts) -> str:
    name = _name(by, _) if by else ""
    if not name:
        return _all_of([_new(kind, len(lines), _) for kind, lines in groups.items()], _)
    counts = ", ".join(_number(kind, len(lines), _) for kind, lines in groups.items())
    return _("{heading}: {titles}", heading=name, titles=counts)


def _name(by: By, _: Texts) -> str:
    """Return what an overview is called; empty when its subscription is none for overviews any more."""
    if by.choice.rhythm is Rhythm.DAILY:
        return _("Your daily overview") if by.is_own else _("Daily overview")
    if by.choice.rhythm is Rhythm.WEEKLY:
        return _("Your weekly overview") if by.is_own else _("Weekly overview")
    return ""


def _new(kind: NewsKind, n: int, _: Texts) -> str:
    return {
        NewsKind.POST: _.plural("{n} new post", "{n} new posts", n),
        NewsKind.VIDEO: _.plural("{n} new video", "{n} new videos", n),
        NewsKind.JOB: _.plural("{n} new job", "{n} new jobs", n),
        NewsKind.EVENT: _.plural("{n} new event", "{n} new events", n),
        NewsKind.COMMENT: _.plural("{n} new reader comment", "{n} new reader comments", n),
        NewsKind.RADAR: _.plural("{n} change on the radar", "{n} changes on the radar", n),
    }[kind]


def _number(kind: NewsKind, n: int, _: Texts) -> str:
    return {
        NewsKind.POST: _.plural("{n} post", "{n} posts", n),
        NewsKind.VIDEO: _.plural("{n} video", "{n} videos", n),
        NewsKind.JOB: _.plural("{n} job", "{n} jobs", n),
        NewsKind.EVENT: _.plural("{n} upcoming event", "{n} upcoming events", n),
        NewsKind.COMMENT: _.plural("{n} reader comment", "{n} reader comments", n),
        NewsKind.RADAR: _.plural("{n} change on the radar", "{n} changes on the radar", n),
    }[kind]


def _all_of(parts: Sequence[str], _: Texts) -> str:
    *first, last = parts
    return _("{first} and {last}", first=", ".join(first), last=last) if first else last


def _sentence(heading: str, shown: Sequence[Line], groups: dict[NewsKind, list[Line]], _: Texts) -> str:
    titles = "; ".join(escape(line.title) for line in shown[:MOST_NAMED])
    more = sum(map(len, groups.values())) - MOST_NAMED
    if more <= 0:
        return _("{heading}: {titles}", heading=heading, titles=titles)
    return _("{heading}: {titles} and {count} more", heading=heading, titles=titles, count=more)


def _rest(hidden: dict[NewsKind, int], site_url: str, _: Texts) -> str:
    lists = {
        NewsKind.POST: ("/beitraege", _("all posts")),
        NewsKind.VIDEO: ("/beitraege", _("all posts")),
        NewsKind.JOB: ("/beitraege", _("all posts")),
        NewsKind.EVENT: ("/termine", _("all events")),
        NewsKind.RADAR: ("/radar", _("the radar")),
    }
    count = sum(hidden.values())
    pages = dict.fromkeys(lists[kind] for kind, number in hidden.items() if number and kind in lists)
    if not pages:
        return _("and {count} more", count=count)
    links = " · ".join(f"<{page(site_url, path, _)}|{label}>" for path, label in pages)
    return _("and {count} more: {pages}", count=count, pages=links)


def _list(lines: Sequence[Line]) -> Block:
    sections = [RichTextSectionElement(elements=list(line.parts)) for line in lines]
    return RichTextBlock(elements=[RichTextListElement(style="bullet", elements=sections)])
