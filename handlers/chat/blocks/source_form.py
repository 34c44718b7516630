"""The form for a new source: its address, and what of all that is there is to be read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    Option,
    PlainTextObject,
    RadioButtonsElement,
)

from bot.curation import BRINGS, MAX_TITLE, Source, SourceKind
from bot.people import Department
from bot.sources import Offer, host_of
from bot.subscriptions import POSTS, NewsKind, brought_by
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    MAX_BUTTON,
    context,
    cut,
    escape,
    form,
    plain,
    section,
    text_input,
    words,
)
from handlers.chat.blocks.kit import (
    choice as choose_one,
)
from handlers.source_words import brings_name, department_name, kind_name

ADDRESS_FORM: Final = "source_address_form"
OFFER_FORM: Final = "source_offer_form"
ADDRESS: Final = "address"
OFFER: Final = "offer"
CHANNEL: Final = "channel"
TITLE: Final = "title"
PATH: Final = "path"
BRINGS_WHAT: Final = "brings"
DEPARTMENT: Final = "department"

# Slack's limits: radio buttons have ten options at most, a menu has a hundred, a view keeps 3,000 characters.
# docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element, …/select-menu-element,
# …/views/modal-views
MAX_OFFERS: Final = 10
MAX_OPTIONS: Final = 100
MAX_METADATA: Final = 3000
MAX_ADDRESS: Final = 2000
MAX_PATH: Final = 200
# What stands in a menu where nothing is chosen: Slack's menus can't be emptied again.
NOTHING: Final = "-"


class Known(NamedTuple):
    """What is known of a source that is read already; nothing of one that is not."""

    name: str = ""
    path: str = ""
    brings: str = ""
    department_id: int | None = None

    @classmethod
    def of(cls, source: Source | None) -> "Known":
        """Return what is known of a source."""
        if source is None:
            return cls()
        return cls(source.name, source.path_prefix, source.brings or "", source.department_id)


@dataclass(frozen=True)
class Choice:
    """What was found at an address, and which of it someone has chosen.

    Attributes:
        offers: what was found, as far as there is room.
        known: what is known of each of them.
        chosen: which of them is chosen.
        more: how many more were found.
    """

    offers: Sequence[Offer]
    known: Sequence[Known]
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
        name = self.known[self.chosen].name
        return name or cut(self.offer.title.strip() or host_of(self.offer.url), MAX_TITLE)

    @property
    def path(self) -> str:
        """What the paths of a sitemap's posts begin with, to begin with."""
        return self.known[self.chosen].path

    @property
    def brings_field(self) -> str:
        """The field for what it brings, another one for each choice like the name's."""
        return f"{BRINGS_WHAT}_{self.chosen}"

    @property
    def brings(self) -> NewsKind | None:
        """What its entries are, to begin with."""
        return brought(self.known[self.chosen].brings) if POSTS & brought_by(self.kind) else None

    @property
    def department_field(self) -> str:
        """The department's field, another one for each choice like the name's."""
        return f"{DEPARTMENT}_{self.chosen}"

    @property
    def department_id(self) -> int | None:
        """Whose it is, to begin with."""
        return self.known[self.chosen].department_id

    def packed(self) -> str:
        """Return it as a form can carry it."""
        offers = [[one.kind, one.url, one.title] for one in self.offers]
        return json.dumps([offers, self.known, self.chosen, self.more], ensure_ascii=False)

    @classmethod
    def unpacked(cls, metadata: str) -> "Choice":
        """Return what a form carries."""
        offers, known, chosen, more = json.loads(metadata)
        return cls([Offer(*one) for one in offers], [Known(*one) for one in known], chosen, more)

    @classmethod
    def of(cls, found: Sequence[Offer], sources: Sequence[Source | None]) -> "Choice":
        """Return as many of the things that were found as a form has room for, with what is known of them."""
        offers = [Offer(one.kind, one.url, cut(one.title, MAX_TITLE)) for one in found]
        known = [Known.of(one) for one in sources]
        fitting = min(len(offers), MAX_OFFERS)
        while True:
            choice = cls(offers[:fitting], known[:fitting], more=len(offers) - fitting)
            if fitting == 1 or len(choice.packed()) <= MAX_METADATA:
                return choice
            fitting -= 1


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


def brought(value: str) -> NewsKind | None:
    """Return what a source brings by the value of its option; None where nobody says so."""
    return NewsKind(value) if value in BRINGS else None


def offer_form(choice: Choice, departments: Sequence[Department], _: Texts) -> dict[str, Any]:
    """Ask which of the things that were found is to be read, and what it is to be called."""
    blocks: list[Block] = [_offers(choice, _)]
    if choice.more:
        left = _.plural(
            "There is {n} more; to read it, enter its own address.",
            "There are {n} more; to read one of them, enter its own address.",
            choice.more,
        )
        blocks.append(context(left))
    if name := choice.known[choice.chosen].name:
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
    if POSTS & brought_by(choice.kind):
        blocks.append(_brings(choice, _))
    if departments and brought_by(choice.kind):
        blocks.append(_department(choice, departments, _))
    blocks.append(context(_("What is there already is not announced; what comes from now on is.")))
    return form(
        OFFER_FORM,
        _("Add a source"),
        blocks,
        submit=_("Add"),
        close=_("Cancel"),
        private_metadata=choice.packed(),
    )


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


def _brings(choice: Choice, _: Texts) -> Block:
    options = [(kind.value, brings_name(kind, _)) for kind in BRINGS]
    return choose_one(
        choice.brings_field,
        _("What it brings"),
        [(NOTHING, _("Each post shows what it is")), *options],
        initial=choice.brings or NOTHING,
    )


def _department(choice: Choice, departments: Sequence[Department], _: Texts) -> Block:
    options = [(str(one.id), department_name(one)) for one in departments[: MAX_OPTIONS - 1]]
    return choose_one(
        choice.department_field,
        _("Department"),
        [(NOTHING, _("Not one department alone")), *options],
        initial=str(choice.department_id or NOTHING),
        hint=_("All that comes from this source counts as its own."),
    )


def _cut_address(url: str) -> str:
    """Return an address short enough to be read; its end tells more than its middle."""
    short = url.partition("://")[2].removeprefix("www.") or url
    if len(short) <= MAX_BUTTON:
        return short
    head = MAX_BUTTON // 2
    return f"{short[:head]}…{short[head + 1 - MAX_BUTTON :]}"
