"""How pitches look in the chat: messages, cards and forms."""

from typing import Final

from slack_sdk.models.blocks import Block

from bot import pitch_life
from bot.pitches import (
    UNDECIDED,
    PitchCard,
    PitchQuestion,
    PitchState,
)
from bot.planning import UNDER_WAY
from bot.texts import Texts
from handlers.chat.blocks.decisions import REPLY, decision_buttons, drop_menu, stand
from handlers.chat.blocks.duplicates import duplicates_shown
from handlers.chat.blocks.kit import (
    Message,
    actions,
    bold,
    button,
    context,
    cut,
    escape,
    person,
    plain,
    section,
    words,
)
from handlers.chat.blocks.merging import pitch_merged
from handlers.chat.blocks.my_pitches import withdraw_button
from handlers.chat.blocks.pitch_details import details, origin
from handlers.chat.blocks.pitch_words import standing
from handlers.chat.blocks.planning import plan_button, planned_lines
from handlers.chat.blocks.publishing import published_as, published_button

NEW: Final = "pitch_new"


MAX_SHOWN: Final = 600


def pitch_received(card: PitchCard, _: Texts) -> Message:
    """Thank the pitcher and say how their idea stands: this message is always current."""
    thanks = _("Thank you for your idea “{title}”.", title=escape(card.pitch.title))
    next_step = standing(card, _)
    blocks = [section(thanks), context(next_step)]
    if pitch_life.may(card.pitch, PitchState.WITHDRAWN):
        blocks.append(actions(withdraw_button(card.pitch, _)))
    return Message(f"{thanks} {next_step}", blocks)


def pitch_card(card: PitchCard, _: Texts) -> Message:
    """Show the comms team an idea, how it stands, and what can be done with it."""
    pitch = card.pitch
    parts = [bold(pitch.title)]
    if pitch.story:
        parts.append(plain(f"\n{cut(pitch.story, MAX_SHOWN)}"))
    for asked in card.questions[-3:]:
        parts += [bold("\n" + _("Question:") + " "), plain(cut(asked.question, MAX_SHOWN))]
        if asked.reply:
            parts += [bold("\n" + _("Reply:") + " "), plain(cut(asked.reply, MAX_SHOWN))]
    blocks: list[Block] = [words(*parts), context(origin(card, _))]
    if known := details(card, _):
        blocks.append(context(known))
    blocks += stand(card, _)
    blocks.append(context(_("What you write in this thread reaches whoever had the idea, too.")))
    blocks += planned_lines(card, _)
    if pitch.state is PitchState.PUBLISHED:
        blocks += published_as(card, _)
    blocks += decision_buttons(card, _)
    if next_steps := [*plan_button(card, _), *published_button(card, _)]:
        blocks.append(actions(*next_steps, *drop_menu(card, _)))
    blocks += duplicates_shown(card.similar, _)
    return Message(_("Story idea: {title}", title=escape(pitch.title)), blocks)


def pitch_news(card: PitchCard, _: Texts) -> Message:
    """Tell the pitcher how their idea stands since the newsroom did something with it."""
    pitch, title = card.pitch, escape(card.pitch.title)
    if pitch.state is PitchState.DECLINED:
        news = _("The newsroom does not take up your idea “{title}” this time.", title=title)
        thanks = _("Thank you for it – and do send the next one!")
        return Message(news, [section(news), words(plain(pitch.decision_words)), context(thanks)])
    if pitch.state is PitchState.PUBLISHED:
        news = _("Your idea “{title}” has been published.", title=title)
        thanks = _("Thank you for it – and do send the next one!")
        return Message(news, [section(f"🎉 {news}"), *published_as(card, _), context(thanks)])
    if pitch.state is PitchState.SHELF:
        news = _("The newsroom puts your idea “{title}” on the shelf.", title=title)
        said = [words(plain(pitch.decision_words))] if pitch.decision_words else []
        next_step = standing(card, _)
        return Message(f"{news} {next_step}", [section(news), *said, context(next_step)])
    if card.goal:
        return pitch_merged(card, card.goal, _)
    next_step = standing(card, _)
    if pitch.planned_on and pitch.state is not PitchState.PLANNED:
        next_step += " " + _("Planned for {day}.", day=_.day(pitch.planned_on))
    if _is_taken_up(card):
        news = _("Good news: the newsroom takes up your idea “{title}”.", title=title)
        return Message(f"{news} {next_step}", [section(f"🎉 {news}"), context(next_step)])
    news = _("News about your idea “{title}”:", title=title)
    return Message(f"{news} {next_step}", [section(news), context(next_step)])


def _is_taken_up(card: PitchCard) -> bool:
    """Say whether the newsroom has just taken a pitch up, and not only lost who was to write it."""
    before = card.steps[-2].state if len(card.steps) > 1 else None
    return card.pitch.state is PitchState.ACCEPTED and before not in UNDER_WAY


def pitch_question(found: tuple[PitchQuestion, PitchCard], _: Texts) -> Message:
    """Pass a question of the newsroom on to the pitcher."""
    asked, card = found
    news = _("The newsroom has a question about your idea “{title}”:", title=escape(card.pitch.title))
    blocks = [section(news), words(plain(asked.question))]
    if asked.reply:
        blocks += [context(_("You replied:")), words(plain(asked.reply))]
    elif card.pitch.state in UNDECIDED:
        blocks.append(actions(button(_("Reply"), REPLY, asked.id, style="primary", about=card.pitch.title)))
    return Message(f"{news} {escape(asked.question)}", blocks)


def pitch_replied(found: tuple[PitchQuestion, PitchCard], _: Texts) -> Message:
    """Tell the comms team that the pitcher replied."""
    asked, card = found
    author = person(card.pitcher.chat_id)
    news = _("{author} replied about “{title}”:", author=author, title=escape(card.pitch.title))
    return Message(f"{news} {escape(asked.reply)}", [section(news), words(plain(asked.reply))])
