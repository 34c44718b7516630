"""The words for why something was told, or why it was not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot import (
    announcing,
    asking,
    authors,
    comments,
    decisions,
    digest,
    drafts,
    events,
    meetings,
    pitch_life,
    plan_news,
    plan_reminders,
    polling,
    post_checks,
    posts,
    publishing,
    radar,
    remarks,
    replies,
    trouble,
)
from bot.sending import OVERVIEW
from bot.subscriptions import Choice, Facet, Layout, Part, Rhythm, Shown, Term
from bot.texts import Texts
from bot.why import Cause, Miss, Seen, Standing, Stands, Unsaid, Verdict
from bot.words import moment
from handlers.chat.blocks.kit import escape
from handlers.chat.blocks.notices import reason_words
from handlers.chat.blocks.subscriptions import choice_words, clock_words, kind_words

# What comes by subscriptions; all other messages say in one sentence why they came.
BY_SUBSCRIPTION: Final = frozenset(
    {
        posts.CARD,
        events.CARD,
        radar.NEWS,
        comments.NEWS,
        OVERVIEW,
        announcing.OVERVIEW,
        announcing.THREAD,
    }
)


def what_words(shown: Shown, _: Texts) -> str:
    """Say what a subscription is about, without when and how, in mrkdwn."""
    plain = replace(shown.choice, rhythm=Rhythm.AT_ONCE, at=None, layout=Layout.CARD, quiet=None)
    return escape(choice_words(plain, shown.labels, _).removesuffix(f" · {_('at once')}"))


def seen_words(seen: Seen, _: Texts) -> str:
    """Say when and where something was seen, in mrkdwn."""
    if seen.seen_at is None:
        return _("No answer about this measure has been released yet.")
    when = moment(seen.seen_at, _)
    if seen.kind == radar.NEWS:
        return _("Its newest answer was released on {when}.", when=when)
    if seen.source is None:
        return _("Seen on {when}.", when=when)
    return _("Seen on {when} in the source “{source}”.", when=when, source=escape(seen.source))


def unsaid_words(seen: Seen, _: Texts) -> str | None:
    """Say why nobody was told, or None when it was announced."""
    is_event = seen.kind == events.CARD
    if seen.unsaid is Unsaid.BACKLOG:
        return _("Not announced: it was there already when I read this source for the first time.")
    if seen.unsaid is Unsaid.OLD:
        if is_event:
            return _("Not announced: it was over or cancelled already when I saw it.")
        return _("Not announced: it was older than 14 days already when I saw it.")
    if seen.unsaid is Unsaid.IMPORTED:
        return _("Not announced: it comes from a list that was imported.")
    if seen.unsaid is Unsaid.SERIES:
        return _("Not announced: it is a later date of a series, and only the first one is announced.")
    return None


def withdrawn_words(seen: Seen, _: Texts) -> str | None:
    """Say since when something does not hold any more."""
    if seen.withdrawn_at is None:
        return None
    when = moment(seen.withdrawn_at, _)
    if seen.kind == events.CARD:
        return _("The event has been cancelled since {when}.", when=when)
    return _("The post was withdrawn on {when}: its page is gone.", when=when)


def standing_words(standing: Standing, link: str | None, _: Texts) -> str:
    """Say where something stands, in mrkdwn; `link` is that of its message."""
    when = moment(standing.at, _) if standing.at else "–"
    shown = f"<{link}|{when}>" if link else when
    return {
        Stands.POSTED: _("Posted: {when}.", when=shown),
        Stands.IN_OVERVIEW: _("It is part of the overview of {when}.", when=shown),
        Stands.ON_ITS_WAY: _("It is on its way."),
        Stands.FAILED: _(
            "It could not be posted: {reason}.", reason=escape(reason_words(standing.reason or "", _))
        ),
        Stands.WITHDRAWN: _("It was not posted, as it was withdrawn before its turn came."),
        Stands.FOR_OVERVIEW: _("It waits for the overview of {when}.", when=when),
        Stands.FOR_QUIET: _(
            "It waits for the quiet hours to end: {time}.",
            time=clock_words(standing.until, _) if standing.until else "–",
        ),
        Stands.FOR_THREAD: _("It is about to come in the thread of the day."),
    }[standing.stands]


def verdict_words(verdict: Verdict, _: Texts) -> str:
    """Say what a subscription says to something, in mrkdwn."""
    when = moment(verdict.at, _) if verdict.at else "–"
    if verdict.cause is Cause.MISSES and verdict.miss:
        return _miss(verdict.miss, verdict.shown.choice, verdict.shown.labels, _)
    return {
        Cause.TOLD: _("fits"),
        Cause.FITS: _("fits"),
        Cause.MISSES: _("does not fit"),
        Cause.PAUSED: _("paused since {when}", when=when),
        Cause.RESUMED: _("fits, but was paused when this came (goes on since {when})", when=when),
        Cause.NEWER: _("fits, but was made only afterwards, on {when}", when=when),
        Cause.CHANGED: _("fits, but was changed only afterwards, on {when}", when=when),
    }[verdict.cause]


def _miss(miss: Miss, choice: Choice, labels: dict[Term, str], _: Texts) -> str:
    if miss.part is None:
        kinds = ", ".join(kind_words(kind, _) for kind in sorted(choice.kinds))
        return _("hears only of: {kinds}", kinds=kinds)
    terms = ", ".join(sorted(_term(term, labels, _) for term in miss.terms))
    if miss.part is Part.EXCEPT:
        return _("{terms}: left out", terms=terms)
    if miss.part is Part.ALL or len(miss.terms) == 1:
        return _("{terms}: missing", terms=terms)
    return _("none of these: {terms}", terms=terms)


def _term(term: Term, labels: dict[Term, str], _: Texts) -> str:
    name = escape(labels.get(term, term.value))
    return {
        Facet.TOPIC: _("topic {name}", name=name),
        Facet.SERIES: _("series {name}", name=name),
        Facet.DEPARTMENT: _("department {name}", name=name),
        Facet.SOURCE: _("source {name}", name=name),
    }[term.facet]


def reason(kind: str, _: Texts) -> str:
    """Say why a message came that is no news."""
    say = REASONS.get(kind)
    return say(_) if say else _("Because it belongs to something that you do with me.")


def _idea(_: Texts) -> str:
    return _("Because you suggested this idea.")


def _thread(_: Texts) -> str:
    return _("Because the post that this comment is about was posted here.")


def _newsroom(_: Texts) -> str:
    return _("Because the newsroom decides on ideas here.")


def _plan(_: Texts) -> str:
    return _("Because you write this, or help with it.")


def _no_author(_: Texts) -> str:
    return _("Because the newsroom looks for authors here.")


def _answered(_: Texts) -> str:
    return _("Because you answered for this measure.")


def _operations(_: Texts) -> str:
    return _("Because administrators hear of it here when something goes wrong, or is well again.")


REASONS: Final[dict[str, Callable[[Texts], str]]] = {
    asking.KIND: lambda _: _("Because you lead this department, and I ask now and then what is new there."),
    comments.CARD: _thread,
    comments.REMINDER: _thread,
    comments.FOR_DEPARTMENT: lambda _: _("Because the post that this comment is about is your department's."),
    replies.DRAFT: _thread,
    comments.HELD: lambda _: _("Because the newsroom decides here on comments that look like advertising."),
    pitch_life.RECEIVED: _idea,
    pitch_life.NEWS: _idea,
    "pitch_decided": _idea,
    pitch_life.QUESTION: _idea,
    pitch_life.CARD: _newsroom,
    pitch_life.STEP: _newsroom,
    meetings.MEETING: _newsroom,
    digest.KIND: _newsroom,
    drafts.OFFER: lambda _: _("Because you wrote me something that could become a story."),
    decisions.INTRODUCED: lambda _: _("Because your idea and somebody else's have become one."),
    remarks.KIND: lambda _: _("Because someone wrote this about an idea for you to read, too."),
    pitch_life.ASKED: lambda _: _("Because the newsroom would like you to write this."),
    authors.RETURNED: _no_author,
    authors.LEFT: _no_author,
    authors.TASK: lambda _: _("Because this task is yours."),
    plan_reminders.TEXT: lambda _: _("Because you are writing this."),
    plan_news.OFF: _plan,
    plan_news.MOVED: _plan,
    plan_news.GIVEN: lambda _: _("Because this task is yours."),
    pitch_life.MERGED_PUBLISHED: _idea,
    publishing.MATCH: lambda _: _("Because the newsroom knows which post an idea became."),
    publishing.AUTHOR: lambda _: _("Because you wrote this post."),
    post_checks.CHECK: lambda _: _(
        "Because this post appeared six or twelve months ago, and you can tell whether it still holds."
    ),
    post_checks.OUTDATED: lambda _: _("Because the newsroom hears here what has changed about a post."),
    "pitch_replied": lambda _: _("Because the newsroom asked the pitcher this question."),
    "status_request": lambda _: _("Because you are responsible for these measures."),
    "review_card": lambda _: _("Because editors review the answers about measures here."),
    "answer_released": _answered,
    "answer_returned": _answered,
    trouble.KIND: _operations,
    trouble.LEFT: _operations,
    trouble.PAUSED: lambda _: _("Because you subscribed this channel to news."),
    polling.DOWN: _operations,
    polling.BACK: _operations,
}
