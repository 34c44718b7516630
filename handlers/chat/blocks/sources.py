"""How sources look to administrators: a page of the App Home, and news of trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    DividerBlock,
    PlainTextObject,
)

from bot.curation import GONE, MAX_TITLE, Source, SourceState, State, Tally
from bot.texts import Texts
from bot.words import moment
from handlers.chat.blocks.kit import (
    Message,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    link,
    plain,
    section,
    words,
)
from handlers.source_words import (
    ago,
    brings_name,
    department_name,
    every,
    items_line,
    kind_name,
    source_trouble,
    state_name,
    state_trouble,
    until,
)

SHOW: Final = "sources_show"
HOME: Final = "sources_home"
EARLIER: Final = "sources_earlier"
LATER: Final = "sources_later"
POLL: Final = "source_poll"
PAUSE: Final = "source_pause"
RESUME: Final = "source_resume"
REMOVE: Final = "source_remove"
ADD: Final = "source_add"

PAGE: Final = 15
MAX_CONFIRM: Final = 300
MAX_NAME_SHOWN: Final = 200
SIGNS: Final = {State.OK: "✅", State.NEW: "🆕", State.FAILING: "⚠️", State.PAUSED: "⏸️", State.GONE: "⛔"}


@dataclass(frozen=True)
class SourcesPage:
    """A page of the sources: `offset` is how many stand on the pages before it."""

    sources: Sequence[SourceState]
    tally: Tally
    offset: int
    now: datetime


def sources_section(tally: Tally, _: Texts) -> list[Block]:
    """Show administrators how many sources there are, and the way to them."""
    return [
        DividerBlock(),
        header(_("Sources")),
        section(_tally(tally, _)),
        actions(button(_("Show the sources"), SHOW), button(_("Add a source"), ADD)),
    ]


def sources_view(page: SourcesPage, _: Texts) -> dict[str, Any]:
    """Return the page of the App Home that shows the sources."""
    blocks: list[Block] = [
        header(_("Sources")),
        section(_tally(page.tally, _)),
        actions(button(_("Add a source"), ADD, style="primary"), button(_("Back to the start page"), HOME)),
    ]
    for state in page.sources:
        blocks += [DividerBlock(), *_source(state, page.now, _)]
    ways = []
    if page.offset:
        ways.append(button(_("Previous"), EARLIER, max(0, page.offset - PAGE)))
    if page.offset + len(page.sources) < page.tally.total:
        ways.append(button(_("More"), LATER, page.offset + PAGE))
    if ways:
        first, last = page.offset + 1, page.offset + len(page.sources)
        shown = _("{first} to {last} of {total}", first=first, last=last, total=page.tally.total)
        blocks += [DividerBlock(), context(shown), actions(*ways)]
    return {
        "type": "home",
        "private_metadata": str(page.offset),
        "blocks": [block.to_dict() for block in blocks],
    }


def source_down(source: Source, _: Texts) -> Message:
    """Tell the administrators that a source can't be read."""
    is_gone = source.paused_reason == GONE
    name = escape(cut(source.name, MAX_TITLE))
    if is_gone:
        news = _("The source “{name}” is gone for good.", name=name)
    else:
        news = _("I can't read the source “{name}”.", name=name)
    trouble = source_trouble(GONE if is_gone else source.error_reason, source.error_detail, _)
    facts = []
    if source.failing_since:
        facts.append(_("Since {when}", when=moment(source.failing_since, _)))
    if source.succeeded_at:
        facts.append(_("last read on {when}", when=moment(source.succeeded_at, _)))
    if not is_gone:
        facts.append(_("next try on {when}", when=moment(source.next_poll_at, _)))
    next_step = _(
        "There is more about it in my App Home under “Sources”; on the command line {command} shows it.",
        command=_show(source),
    )
    return Message(
        f"{news} {escape(trouble)}",
        [
            section(f"{SIGNS[State.GONE if is_gone else State.FAILING]} {news}\n{escape(trouble)}"),
            words(link(cut(source.url, MAX_NAME_SHOWN), source.url)),
            context(" · ".join(facts)) if facts else context(next_step),
            *([context(next_step)] if facts else []),
        ],
    )


def source_back(source: Source, _: Texts) -> Message:
    """Tell the administrators that a source is read again."""
    news = _("The source “{name}” is read again.", name=escape(cut(source.name, MAX_TITLE)))
    return Message(news, [section(f"{SIGNS[State.OK]} {news}")])


def _source(state: SourceState, now: datetime, _: Texts) -> list[Block]:
    """Show a source, how it is, and what can be done with it."""
    sign = f"{SIGNS[state.state]} "
    what = f" – {state_name(state.state, _)} · {kind_name(state.kind, _)}"
    blocks: list[Block] = [words(plain(sign), link(state.name, state.url), plain(what))]
    trouble = escape(state_trouble(state, _) or "")
    if trouble and state.failing_since:
        since = _("Since {when}", when=moment(state.failing_since, _))
        blocks.append(section(f"{trouble}\n_{since}_"))
    elif trouble:
        blocks.append(section(trouble))
    blocks.append(context(" · ".join(_facts(state, now, _))))
    buttons = [
        button(_("Read now"), POLL, state.mark, about=state.name)
        if state.is_read
        else button(_("Go on reading"), RESUME, state.mark, about=state.name)
    ]
    if state.is_read:
        buttons.append(button(_("Pause"), PAUSE, state.mark, about=state.name))
    buttons.append(_remove_button(state, _))
    blocks.append(actions(*buttons))
    return blocks


def _facts(state: SourceState, now: datetime, _: Texts) -> list[str]:
    read = (
        _("last read: {when}", when=ago(state.succeeded_at, now, _))
        if state.succeeded_at
        else _("not read yet")
    )
    facts = [read]
    if state.is_read:
        facts.append(_("next time: {when}", when=until(state.next_poll_at, now, _)))
        facts.append(every(state.interval, _))
    facts.append(_("in the last 30 days: {items}", items=items_line(state.items, _)))
    if state.path_prefix:
        facts.append(_("only {path}", path=escape(state.path_prefix)))
    if state.brings:
        facts.append(brings_name(state.brings, _))
    if state.department:
        facts.append(escape(department_name(state.department)))
    return facts


def _remove_button(state: SourceState, _: Texts) -> ButtonElement:
    element = button(_("Remove"), REMOVE, state.mark, about=state.name)
    element.confirm = ConfirmObject(
        title=_("Remove this source?"),
        text=PlainTextObject(
            text=cut(
                _(
                    "“{name}” is not read any more. Its posts, events and comments stay; "
                    "channels hear no more of it.",
                    name=cut(state.name, MAX_TITLE),
                ),
                MAX_CONFIRM,
            )
        ),
        confirm=_("Remove"),
        deny=_("Keep"),
        style="danger",
    )
    return element


def _tally(tally: Tally, _: Texts) -> str:
    total = _.plural("{n} source", "{n} sources", tally.total)
    if not tally.total:
        return _("No source yet.")
    if not tally.troubled:
        return _("{sources}, no errors.", sources=total)
    return _.plural(
        "{sources}, {n} with an error.", "{sources}, {n} with errors.", tally.troubled, sources=total
    )


def _show(source: Source) -> str:
    return f"`python bot.py sources show {source.id}`"
