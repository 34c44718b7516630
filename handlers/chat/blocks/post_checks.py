"""How the question looks whether a story is still true."""

from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.decisions import MAX_WORDS
from bot.post_checks import CheckCard
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    Message,
    actions,
    button,
    context,
    escape,
    form,
    person,
    plain,
    section,
    text_input,
    words,
)
from handlers.chat.blocks.publishing import name_of, named_post

TRUE: Final = "post_still_true"
CHANGED: Final = "post_has_changed"
CHANGED_FORM: Final = "post_has_changed_form"
WORDS: Final = "words"


def post_check(card: CheckCard, _: Texts) -> Message:
    """Ask whether a story is still true, or thank for the answer."""
    name = name_of(card.post, _)
    since = _.plural("It appeared {n} month ago.", "It appeared {n} months ago.", card.check.months)
    news = _("Is “{title}” still true? {since}", title=escape(name), since=since)
    blocks: list[Block] = [section(f"🗓️ {news}"), words(named_post(card.post, _))]
    if card.check.answered_at:
        blocks.append(context(answer(card, _)))
    else:
        blocks += [
            actions(
                button(_("Still true"), TRUE, card.check.id, style="primary", about=name),
                button(_("Something has changed"), CHANGED, card.check.id, about=name),
            ),
            context(
                _("One tap is enough. If something has changed, the newsroom brings the post up to date.")
            ),
        ]
    return Message(news, blocks)


def answer(card: CheckCard, _: Texts) -> str:
    """Say when the question was answered, and how."""
    at = card.check.answered_at
    assert at is not None
    if card.check.is_true:
        return _("✅ Still true, as of {day}. Thank you!", day=_.day(at))
    return _("Something has changed, as of {day}. The newsroom knows. Thank you!", day=_.day(at))


def post_outdated(card: CheckCard, _: Texts) -> Message:
    """Tell the comms team what has changed since a post appeared."""
    title = escape(name_of(card.post, _))
    # Where who was asked has left, the newsroom itself has answered.
    if card.asked.inactive_at:
        news = _("Something has changed since “{title}” appeared:", title=title)
    else:
        by = person(card.asked.chat_id)
        news = _("{by} says that something has changed since “{title}” appeared:", by=by, title=title)
    blocks = [section(f"✏️ {news}"), words(plain(card.check.words)), words(named_post(card.post, _))]
    return Message(f"{news} {escape(card.check.words)}", blocks)


def changed_form(card: CheckCard, _: Texts) -> dict[str, Any]:
    """Ask what has changed since a post appeared."""
    blocks = [
        words(named_post(card.post, _)),
        text_input(
            WORDS,
            _("What has changed?"),
            multiline=True,
            optional=False,
            limit=MAX_WORDS,
            hint=_("A few words will do. The newsroom asks if it needs more."),
        ),
    ]
    return form(
        CHANGED_FORM,
        _("Something has changed"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(card.check.id),
    )
