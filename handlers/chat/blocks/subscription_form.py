"""The form in which someone chooses what to hear of; it explains itself and shows what would have come."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DividerBlock,
    ExternalDataMultiSelectElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    OptionGroup,
    PlainTextObject,
    RadioButtonsElement,
    StaticSelectElement,
    TimePickerElement,
)

from bot.events import CalendarEvent
from bot.preview import Preview
from bot.subscriptions import Choice, Facet, Layout, NewsKind, Part, Rhythm, Term
from bot.terms import Known
from bot.texts import Texts
from handlers.chat.blocks.kit import MAX_BUTTON, bold, context, cut, escape, form, link, plain, section, words
from handlers.chat.blocks.subscriptions import kind_words, weekday_words

FORM: Final = "subscription_form"
CHANNEL: Final = "channel"
KINDS: Final = "kinds"
TERMS: Final = {Part.ANY: "any", Part.ALL: "all", Part.EXCEPT: "except"}
RHYTHM: Final = "rhythm"
WEEKDAY: Final = "weekday"
AT: Final = "at"
LAYOUT: Final = "layout"
QUIET_FROM: Final = "quiet_from"
QUIET_TO: Final = "quiet_to"
# What changes what would have come, or which fields there are.
FIELDS: Final = (KINDS, *TERMS.values(), RHYTHM)
DAYS: Final = 7
MAX_TITLE: Final = 150
MOST_UNKNOWN: Final = 10
# Slack's limit of an option's value: docs.slack.dev/reference/block-kit/composition-objects/option-object
MAX_VALUE: Final = 150


@dataclass(frozen=True)
class Filled:
    """What stands in the form.

    Attributes:
        channel: where it is to be said; empty: to the person.
        labels: what the chosen terms are called.
        subscription_id: which one is changed; None for a new one.
        unknown: typed words that no post or event has had as a topic so far.
        preview: what would have come.
    """

    choice: Choice
    channel: str = ""
    labels: Mapping[Term, str] = field(default_factory=dict)
    subscription_id: int | None = None
    unknown: Sequence[str] = ()
    preview: Preview | None = None


def subscription_form(filled: Filled, _: Texts) -> dict[str, Any]:
    """Ask what someone wants to hear of, when, and how it is to look."""
    choice = filled.choice
    blocks: list[Block] = [
        section(_("Choose what you or a channel want to hear of. You can change or stop it at any time.")),
        _channel(filled, _),
        _kinds(choice, _),
        _terms(
            filled,
            Part.ANY,
            _("About one of these"),
            _("Leave all three fields empty to hear everything."),
            _,
        ),
        _terms(filled, Part.ALL, _("All of these have to fit"), None, _),
        _terms(filled, Part.EXCEPT, _("But nothing about these"), None, _),
    ]
    if filled.unknown:
        named = ", ".join(_("“{word}”", word=escape(cut(one, MAX_BUTTON))) for one in filled.unknown)
        blocks.append(
            context(_("Nothing was about {topics} so far. I will tell you when it is.", topics=named))
        )
    blocks.append(_rhythm(choice, _))
    if choice.rhythm is Rhythm.WEEKLY:
        blocks.append(_weekday(choice, _))
    if choice.rhythm is not Rhythm.AT_ONCE:
        hint = _("By your clock. On weekends and holidays it waits for the next working day.")
        blocks.append(_clock(AT, _("At"), choice.at, hint=hint))
    else:
        blocks.append(_layout(choice, _))
        start, end = choice.quiet or (None, None)
        hint = _("News of the quiet hours comes when they are over.")
        blocks += [
            _clock(QUIET_FROM, _("Quiet from"), start, optional=True),
            _clock(QUIET_TO, _("Quiet until"), end, optional=True, hint=hint),
        ]
    blocks += [DividerBlock(), *_preview(filled, _)]
    is_new = filled.subscription_id is None
    return form(
        FORM,
        _("New subscription") if is_new else _("Change subscription"),
        blocks,
        submit=_("Subscribe") if is_new else _("Save"),
        close=_("Cancel"),
        private_metadata=_packed(filled),
    )


def _packed(filled: Filled) -> str:
    """Return what the form keeps beside its fields, in the 3,000 characters that Slack has for it."""
    unknown = [cut(one, MAX_BUTTON) for one in filled.unknown[:MOST_UNKNOWN]]
    return json.dumps({"id": filled.subscription_id, "unknown": unknown}, ensure_ascii=False)


def suggested(found: Sequence[Known], _: Texts) -> dict[str, Any]:
    """Return what can be chosen as the options listener answers it, in groups."""
    groups = []
    shown = [one for one in found if _fits(one.term)]
    named = [
        (label, [one for one in shown if one.term.facet is facet and not one.is_new])
        for facet, label in _facets(_).items()
    ]
    for label, some in [*named, (_("Nothing was about this so far"), [one for one in shown if one.is_new])]:
        if some:
            options = [_option(one.term, one.label) for one in some]
            groups.append(OptionGroup(label=PlainTextObject(text=label), options=options).to_dict())
    return {"option_groups": groups} if groups else {"options": []}


def term_of(value: str) -> Term:
    """Return the term that an option stands for."""
    facet, _, name = value.partition(":")
    return Term(Facet(facet), name)


def _channel(filled: Filled, _: Texts) -> Block:
    element = ConversationSelectElement(
        action_id=CHANNEL,
        placeholder=PlainTextObject(text=_("To me alone")),
        initial_conversation=filled.channel or None,
        filter=ConversationFilter(include=["public", "private"]),
    )
    hint = _("Leave it empty to get a direct message.")
    return _input(CHANNEL, _("In which channel?"), element, optional=True, hint=hint)


def _kinds(choice: Choice, _: Texts) -> Block:
    options = [Option(value=kind.value, text=PlainTextObject(text=kind_words(kind, _))) for kind in NewsKind]
    chosen = [option for option in options if option.value in choice.kinds]
    element = CheckboxesElement(action_id=KINDS, options=options, initial_options=chosen or None)
    return _input(KINDS, _("What do you want to hear of?"), element, acts=True)


def _terms(filled: Filled, part: Part, label: str, hint: str | None, _: Texts) -> Block:
    name = TERMS[part]
    chosen = [
        _option(term, filled.labels.get(term, term.value))
        for term in sorted(filled.choice.of_part(part))
        if _fits(term)
    ]
    element = ExternalDataMultiSelectElement(
        action_id=name,
        placeholder=PlainTextObject(text=_("Topic, series, department or source")),
        initial_options=chosen or None,
        min_query_length=0,
    )
    return _input(name, label, element, acts=True, optional=True, hint=hint)


def _rhythm(choice: Choice, _: Texts) -> Block:
    labels = {
        Rhythm.AT_ONCE: _("At once, each on its own"),
        Rhythm.DAILY: _("Daily, in one overview"),
        Rhythm.WEEKLY: _("Weekly, in one overview"),
    }
    options = [Option(value=one.value, text=PlainTextObject(text=label)) for one, label in labels.items()]
    initial = next(option for option in options if option.value == choice.rhythm)
    element = RadioButtonsElement(action_id=RHYTHM, options=options, initial_option=initial)
    return _input(RHYTHM, _("When?"), element, acts=True)


def _weekday(choice: Choice, _: Texts) -> Block:
    options = [
        Option(value=str(day), text=PlainTextObject(text=weekday_words(day, _))) for day in range(DAYS)
    ]
    initial = options[choice.weekday or 0]
    element = StaticSelectElement(action_id=WEEKDAY, options=options, initial_option=initial)
    return _input(WEEKDAY, _("On which day?"), element)


def _layout(choice: Choice, _: Texts) -> Block:
    labels = {
        Layout.CARD: _("A card with teaser and picture"),
        Layout.LINE: _("One line"),
        Layout.THREAD: _("Cards in one thread a day"),
    }
    options = [Option(value=one.value, text=PlainTextObject(text=label)) for one, label in labels.items()]
    initial = next(option for option in options if option.value == choice.layout)
    element = RadioButtonsElement(action_id=LAYOUT, options=options, initial_option=initial)
    return _input(LAYOUT, _("How is it to look?"), element)


def _clock(
    name: str, label: str, initial: time | None, *, optional: bool = False, hint: str | None = None
) -> Block:
    element = TimePickerElement(action_id=name, initial_time=initial.strftime("%H:%M") if initial else None)
    return _input(name, label, element, optional=optional, hint=hint)


def _preview(filled: Filled, _: Texts) -> list[Block]:
    preview = filled.preview
    if preview is None:
        return [context(_("Choose what you want to hear of; then you see here what would have come."))]
    if not preview.count:
        return [context(_("In the last 30 days nothing of this would have come."))]
    blocks: list[Block] = [
        section(
            _.plural(
                "In the last 30 days *{n} message* of this would have come:",
                "In the last 30 days *{n} messages* of this would have come, among them:",
                preview.count,
            )
        )
    ]
    for one in preview.newest:
        title = cut(one.title, MAX_TITLE) or "…"
        name = link(title, one.url) if one.url else bold(title)
        when = _.day(
            one.starts_at if isinstance(one, CalendarEvent) else one.published_at or one.first_seen_at
        )
        blocks.append(words(plain("• "), name, plain(f" – {when}")))
    return blocks


def _input(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    acts: bool = False,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        element=element,
        dispatch_action=acts or None,
        optional=optional,
        hint=PlainTextObject(text=hint) if hint else None,
    )


def _option(term: Term, label: str) -> Option:
    text = cut(label.strip() or term.value, MAX_BUTTON)
    return Option(value=f"{term.facet.value}:{term.value}", text=PlainTextObject(text=text))


def _fits(term: Term) -> bool:
    return bool(term.value) and len(f"{term.facet.value}:{term.value}") <= MAX_VALUE


def _facets(_: Texts) -> dict[Facet, str]:
    return {
        Facet.TOPIC: _("Topics"),
        Facet.SERIES: _("Series"),
        Facet.DEPARTMENT: _("Departments"),
        Facet.SOURCE: _("Sources"),
    }


def field_of(wrong: Collection[str]) -> dict[str, str]:
    """Return at which field of the form each field of a choice is told of."""
    named = {"kinds": KINDS, "terms": TERMS[Part.EXCEPT], "at": AT, "weekday": WEEKDAY, "quiet": QUIET_TO}
    return {one: named[one] for one in wrong}
