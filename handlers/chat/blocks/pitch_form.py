"""The form in which someone pitches a story: a title is enough, and the rest explains itself."""

import json
from collections.abc import Sequence
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    DividerBlock,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    OptionGroup,
    PlainTextObject,
    UserSelectElement,
)

from bot.drafts import Begun
from bot.ideas import MAX_GUEST, MAX_SERIES, MAX_STORY, MAX_TITLE, MAX_TOPICS, IdeaError, Subject
from bot.pitches import PitchKind
from bot.radar import Measure
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    MAX_BUTTON,
    actions,
    asking,
    button,
    choice,
    context,
    cut,
    form,
    line,
    section,
    text_input,
)
from handlers.chat.blocks.pitch_words import kind_name

FORM: Final = "pitch_form"
DISCARD: Final = "pitch_draft_discard"

TITLE: Final = "title"
STORY: Final = "story"
DEPARTMENT: Final = "department"
CONTACT: Final = "contact"
KIND: Final = "kind"
SERIES: Final = "series"
GUEST: Final = "guest"
TOPICS: Final = "topics"
TIMELY: Final = "timely"
PICTURE: Final = "picture"
SUBJECT: Final = "subject"

MEASURE: Final = "measure"
EVENT: Final = "event"
# Slack's limit: docs.slack.dev/reference/block-kit/block-elements/select-menu-element
MOST_OPTIONS: Final = 100


def pitch_form(begun: Begun, _: Texts) -> dict[str, Any]:
    """Ask for an idea: what matters first, what may wait below."""
    blocks = [
        section(_("Which story should the city hear? A title is enough, we do the rest together.")),
        *_draft(begun, _),
        *_first(begun, _),
        DividerBlock(),
        context(_("More about it, if you like:")),
        *_more(begun, _),
    ]
    shown = form(
        FORM,
        _("Pitch a story"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=json.dumps({"permalink": begun.idea.permalink, "draft": begun.draft_id}),
    )
    return shown | {"notify_on_close": True}


def loading(_: Texts) -> dict[str, Any]:
    """Say that the form is about to come."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": _("Pitch a story")},
        "close": {"type": "plain_text", "text": _("Cancel")},
        "blocks": [section(_("One moment, the form is on its way …")).to_dict()],
    }


def errors(error: IdeaError, _: Texts) -> dict[str, str]:
    """Say at each field what is wrong with it."""
    too_long = {
        TITLE: _("Please give your idea a title of at most {limit} characters.", limit=MAX_TITLE),
        STORY: _("Please use at most {limit} characters.", limit=MAX_STORY),
        SERIES: _("Please use at most {limit} characters.", limit=MAX_SERIES),
        GUEST: _("Please use at most {limit} characters.", limit=MAX_GUEST),
        TOPICS: _("Please use at most {limit} characters.", limit=MAX_TOPICS),
    }
    others = {
        (TITLE, "blank"): too_long[TITLE],
        (DEPARTMENT, "gone"): _("This department no longer exists. Please choose another one, or none."),
        (CONTACT, "gone"): _("Nobody can be reached there: please choose a colleague who is still here."),
        (TIMELY, "past"): _("This day is over. Please choose today or a day to come, or none."),
        (SUBJECT, "gone"): _("This is no longer there. Please choose something else, or nothing."),
    }
    return {name: others.get((name, reason)) or too_long[name] for name, reason in error.fields.items()}


def suggested_series(found: Sequence[str]) -> dict[str, Any]:
    """Return series to choose from, as the options listener answers it."""
    return {"options": [_series(name).to_dict() for name in found]}


def suggested_subjects(found: Sequence[Subject], _: Texts) -> dict[str, Any]:
    """Return measures and events to choose from, as the options listener answers it, in groups."""
    measures = [one for one in found if isinstance(one, Measure)]
    events = [one for one in found if not isinstance(one, Measure)]
    groups = [
        OptionGroup(label=PlainTextObject(text=label), options=[_subject(one, _) for one in some]).to_dict()
        for label, some in ((_("Measures"), measures), (_("Events"), events))
        if some
    ]
    return {"option_groups": groups} if groups else {"options": []}


def _draft(begun: Begun, _: Texts) -> list[Block]:
    if begun.draft_id is None or begun.kept_at is None:
        return []
    kept = _("This is your draft of {day}: it was not sent yet.", day=_.day(begun.kept_at))
    discard = asking(
        button(_("Discard the draft"), DISCARD, begun.draft_id),
        _("Discard the draft?"),
        text=_("What stands in it is gone then."),
        yes=_("Discard"),
        no=_("Cancel"),
    )
    return [context(f"📝 {kept}"), actions(discard)]


def _first(begun: Begun, _: Texts) -> list[Block]:
    idea = begun.idea
    blocks = [
        text_input(
            TITLE,
            _("Title"),
            initial=idea.title,
            optional=False,
            limit=MAX_TITLE,
            placeholder=_("What is it about, in one line?"),
        ),
        text_input(
            STORY,
            _("What is the story?"),
            initial=idea.story,
            multiline=True,
            limit=MAX_STORY,
            hint=_("Who could tell it? What is new, and for whom? A few words will do."),
        ),
    ]
    if begun.departments:
        options = [(str(found.id), found.name) for found in begun.departments][:MOST_OPTIONS]
        initial = str(idea.department_id) if idea.department_id else None
        hint = _("Whose story it is; leave it empty if you are not sure.")
        blocks.append(choice(DEPARTMENT, _("Department"), options, initial=initial, hint=hint))
    contact = UserSelectElement(
        action_id=CONTACT,
        placeholder=PlainTextObject(text=_("Choose a colleague")),
        initial_user=idea.contact.chat_id if idea.contact else None,
    )
    hint = _("Whoever stands here gets no message because of it. Empty: we ask you.")
    blocks.append(_input(CONTACT, _("Who can tell or write it?"), contact, hint=hint))
    return blocks


def _more(begun: Begun, _: Texts) -> list[Block]:
    idea = begun.idea
    kinds = [(kind.value, kind_name(kind, _)) for kind in PitchKind]
    series = ExternalDataSelectElement(
        action_id=SERIES,
        placeholder=PlainTextObject(text=_("For example #ExplainIT")),
        initial_option=_series(idea.series) if _fits(idea.series) else None,
        min_query_length=0,
    )
    timely = DatePickerElement(
        action_id=TIMELY, initial_date=idea.timely_on.isoformat() if idea.timely_on else None
    )
    there_is = Option(value=PICTURE, text=PlainTextObject(text=_("There is a picture we may use")))
    picture = CheckboxesElement(
        action_id=PICTURE, options=[there_is], initial_options=[there_is] if idea.has_picture else None
    )
    subject = ExternalDataSelectElement(
        action_id=SUBJECT,
        placeholder=PlainTextObject(text=_("Type a part of its name")),
        initial_option=_subject(begun.subject, _) if begun.subject else None,
        min_query_length=0,
    )
    return [
        choice(KIND, _("What is it to become?"), kinds, initial=idea.kind.value),
        _input(SERIES, _("Name of the series"), series, hint=_("Type a new name if it is not there yet.")),
        text_input(
            GUEST,
            _("Guest author from outside"),
            initial=idea.guest,
            limit=MAX_GUEST,
            hint=_("Name and organisation of someone who does not work for the city."),
        ),
        text_input(
            TOPICS,
            _("Topics"),
            initial=_topics(idea.topics),
            limit=MAX_TOPICS,
            hint=_("With commas between them, for example: open data, libraries."),
        ),
        _input(TIMELY, _("When is it timely?"), timely, hint=_("The day by which it should appear.")),
        _input(PICTURE, _("Picture"), picture),
        _input(
            SUBJECT,
            _("Related measure or event"),
            subject,
            hint=_("From the radar, or of the events to come."),
        ),
    ]


def _input(name: str, label: str, element: InputInteractiveElement, *, hint: str | None = None) -> Block:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        element=element,
        optional=True,
        hint=PlainTextObject(text=hint) if hint else None,
    )


def _series(name: str) -> Option:
    return Option(value=name, text=PlainTextObject(text=cut(line(name) or name, MAX_BUTTON)))


def _fits(series: str) -> bool:
    return 0 < len(series) <= MAX_SERIES


def _subject(one: Subject, _: Texts) -> Option:
    kind = MEASURE if isinstance(one, Measure) else EVENT
    when = "" if isinstance(one, Measure) else f" ({_.day(one.starts_on)})"
    name = cut(line(one.title) or "–", MAX_BUTTON - len(when))
    return Option(value=f"{kind}:{one.id}", text=PlainTextObject(text=f"{name}{when}"))


def _topics(words: str) -> str:
    """Return topics as someone types them."""
    return ", ".join(word.replace("-", " ") for word in words.split())
