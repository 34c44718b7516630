"""How sources look to administrators: a page of the App Home, the form for a new one, and news of trouble."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ConversationFilter,
    ConversationSelectElement,
    DividerBlock,
    InputBlock,
    Option,
    PlainTextObject,
    RadioButtonsElement,
)

from bot.curation import GONE, MAX_TITLE, Source, SourceKind, SourceState, State, Tally
from bot.sources import Offer, host_of
from bot.subscriptions import brought_by
from bot.texts import Texts
from bot.words import moment
from handlers.chat.blocks.kit import (
    MAX_BUTTON,
    Message,
    actions,
    button,
    context,
    cut,
    escape,
    form,
    header,
    link,
    plain,
    section,
    text_input,
    words,
)
from handlers.source_words import (
    ago,
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
ADDRESS_FORM: Final = "source_address_form"
OFFER_FORM: Final = "source_offer_form"
ADDRESS: Final = "address"
OFFER: Final = "offer"
CHANNEL: Final = "channel"
TITLE: Final = "title"
PATH: Final = "path"

PAGE: Final = 15
# Slack's limits: radio buttons have ten options at most, a view keeps 3,000 characters for its app.
# docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element, …/views/modal-views
MAX_OFFERS: Final = 10
MAX_METADATA: Final = 3000
MAX_ADDRESS: Final = 2000
MAX_PATH: Final = 200
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


@dataclass(frozen=True)
class Choice:
    """What was found at an address, and which of it someone has chosen.

    Attributes:
        offers: what was found, as far as there is room.
        known: for each of them, name and path of the source that it is already; empty when it is none.
        chosen: which of them is chosen.
        more: how many more were found.
    """

    offers: Sequence[Offer]
    known: Sequence[tuple[str, str]]
    chosen: int = 0
    more: int = 0

    @property
    def offer(self) -> Offer:
        """What is chosen."""
        return self.offers[self.chosen]

    @property
    def kind(self) -> SourceKind:
        """What kind of source it becomes."""
        return SourceKind(self.offer.kind)

    @property
    def title_field(self) -> str:
        """The name's field: another one for each choice, or Slack would keep what stood in it."""
        return f"{TITLE}_{self.chosen}"

    @property
    def title(self) -> str:
        """The name to begin with."""
        name, _path = self.known[self.chosen]
        return name or cut(self.offer.title.strip() or host_of(self.offer.url), MAX_TITLE)

    @property
    def path(self) -> str:
        """What the paths of a sitemap's posts begin with, to begin with."""
        _name, path = self.known[self.chosen]
        return path

    def packed(self) -> str:
        """Return it as a form can carry it."""
        offers = [[one.kind, one.url, one.title] for one in self.offers]
        return json.dumps([offers, self.known, self.chosen, self.more], ensure_ascii=False)

    @classmethod
    def unpacked(cls, metadata: str) -> "Choice":
        """Return what a form carries."""
        offers, known, chosen, more = json.loads(metadata)
        return cls([Offer(*one) for one in offers], [(name, path) for name, path in known], chosen, more)

    @classmethod
    def of(cls, found: Sequence[Offer], sources: Sequence[Source | None]) -> "Choice":
        """Return as many of the things that were found as a form has room for, with what is known of them."""
        offers = [Offer(one.kind, one.url, cut(one.title, MAX_TITLE)) for one in found]
        known = [(one.name, one.path_prefix) if one else ("", "") for one in sources]
        fitting = min(len(offers), MAX_OFFERS)
        while True:
            choice = cls(offers[:fitting], known[:fitting], more=len(offers) - fitting)
            if fitting == 1 or len(choice.packed()) <= MAX_METADATA:
                return choice
            fitting -= 1


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


def address_form(_: Texts, *, address: str = "", problem: str = "") -> dict[str, Any]:
    """Ask where something is to be read; `problem` says why that did not work just now."""
    blocks = [
        section(_("Which page, feed or calendar am I to read? I look what can be read there.")),
        text_input(
            ADDRESS,
            _("Address"),
            initial=address,
            optional=False,
            limit=MAX_ADDRESS,
            placeholder="https://",
            hint=_("For example the news page of a portal, its feed, its calendar or its sitemap."),
        ),
    ]
    if problem:
        blocks.insert(0, section(f"⚠️ {escape(problem)}"))
    return form(ADDRESS_FORM, _("Add a source"), blocks, submit=_("Look there"), close=_("Cancel"))


def looking(address: str, _: Texts) -> dict[str, Any]:
    """Say that it takes a moment to look at an address."""
    view = form(
        ADDRESS_FORM,
        _("Add a source"),
        [words(plain(_("I am looking what {address} has …", address=cut(address, MAX_PATH))))],
        submit="-",
        close=_("Cancel"),
    )
    del view["submit"]
    return view


def offer_form(choice: Choice, _: Texts) -> dict[str, Any]:
    """Ask which of the things that were found is to be read, and what it is to be called."""
    blocks: list[Block] = [_offers(choice, _)]
    if choice.more:
        left = _.plural(
            "There is {n} more; to read it, enter its own address.",
            "There are {n} more; to read one of them, enter its own address.",
            choice.more,
        )
        blocks.append(context(left))
    name, _path = choice.known[choice.chosen]
    if name:
        known = _("I read this already, as “{name}”. What you enter here changes it.", name=escape(name))
        blocks.append(context(known))
    blocks.append(
        text_input(
            choice.title_field,
            _("Name"),
            initial=choice.title,
            optional=False,
            limit=MAX_TITLE,
            hint=_("The source is called so wherever it is mentioned."),
        )
    )
    if brought_by(choice.kind):
        blocks.append(_channel(_))
    else:
        blocks.append(context(_("Comments need no channel: they go into the thread of their post.")))
    if choice.kind is SourceKind.SITEMAP:
        blocks.append(
            text_input(
                PATH,
                _("Only paths that begin with"),
                initial=choice.path,
                limit=MAX_PATH,
                placeholder="/blog/",
                hint=_("A sitemap names every page of a portal. This says which of them are posts."),
            )
        )
    blocks.append(context(_("What is there already is not announced; what comes from now on is.")))
    return form(
        OFFER_FORM,
        _("Add a source"),
        blocks,
        submit=_("Add"),
        close=_("Cancel"),
        private_metadata=choice.packed(),
    )


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


def _offers(choice: Choice, _: Texts) -> Block:
    options = [
        Option(
            value=str(number),
            text=PlainTextObject(
                text=cut(f"{kind_name(SourceKind(one.kind), _)}: {one.title or host_of(one.url)}", MAX_BUTTON)
            ),
            description=PlainTextObject(text=_cut_address(one.url)),
        )
        for number, one in enumerate(choice.offers)
    ]
    return InputBlock(
        block_id=OFFER,
        label=PlainTextObject(text=_("This is what I found")),
        element=RadioButtonsElement(action_id=OFFER, options=options, initial_option=options[choice.chosen]),
        dispatch_action=len(options) > 1,
        optional=False,
    )


def _channel(_: Texts) -> Block:
    return InputBlock(
        block_id=CHANNEL,
        label=PlainTextObject(text=_("Announce it in")),
        element=ConversationSelectElement(
            action_id=CHANNEL,
            placeholder=PlainTextObject(text=_("A channel")),
            filter=ConversationFilter(include=["public", "private"]),
        ),
        optional=True,
        hint=PlainTextObject(
            text=_("I have to be a member there. Without a channel it goes where all sources are announced.")
        ),
    )


def _cut_address(url: str) -> str:
    """Return an address short enough to be read; its end tells more than its middle."""
    short = url.partition("://")[2].removeprefix("www.") or url
    if len(short) <= MAX_BUTTON:
        return short
    head = MAX_BUTTON // 2
    return f"{short[:head]}…{short[head + 1 - MAX_BUTTON :]}"


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
