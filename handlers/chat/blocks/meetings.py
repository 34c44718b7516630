"""How a meeting looks in the newsroom's channel: what was decided so far, and the button that tells it."""

from typing import Final

from slack_sdk.models.blocks import Block, ConfirmObject, PlainTextObject, SectionBlock
from slack_sdk.models.blocks.basic_components import MarkdownTextObject

from bot.meetings import MeetingCard, Ruling
from bot.people import Person
from bot.texts import Texts
from handlers.chat.blocks.decisions import TAKE_BACK
from handlers.chat.blocks.kit import Message, actions, button, context, cut, escape, person, section
from handlers.chat.blocks.pitch_words import state_name

BEGIN: Final = "pitch_meeting_begin"
RELEASE: Final = "pitch_meeting_release"
# A message holds fifty blocks.
MOST_SHOWN: Final = 40
MAX_TITLE: Final = 120


def pitch_meeting(card: MeetingCard, _: Texts) -> Message:
    """Show what was decided in a meeting so far, or that it is over and what was told."""
    return _over(card, _) if card.meeting.ended_at else _running(card, _)


def ended(card: MeetingCard, _: Texts) -> str:
    """Say who ended a meeting, and when, in mrkdwn."""
    at = card.meeting.ended_at
    assert at is not None
    by = _someone(card.ended_by)
    return _("Meeting ended by {by} on {day}, {time}.", by=by, day=_.day(at), time=_.time(at))


def _running(card: MeetingCard, _: Texts) -> Message:
    since = _(
        "Meeting since {time}, begun by {by}.",
        time=_.time(card.meeting.began_at),
        by=_someone(card.began_by),
    )
    total = len(card.rulings)
    number = _.plural("{n} idea is decided so far.", "{n} ideas are decided so far.", total)
    explained = _(
        "What you decide on the cards now is collected here. Nobody outside the newsroom hears of it until "
        "you announce it all together."
    )
    blocks: list[Block] = [section(f"🗓️ *{since}* {number}"), context(explained)]
    blocks += [_ruling(ruling, _) for ruling in card.rulings[:MOST_SHOWN]]
    if total > MOST_SHOWN:
        more = total - MOST_SHOWN
        blocks.append(context(_.plural("and {n} more", "and {n} more", more)))
    release = button(
        _("Announce together") if total else _("End the meeting"), RELEASE, card.meeting.id, style="primary"
    )
    if total:
        release.confirm = ConfirmObject(
            title=PlainTextObject(text=_("Announce together")),
            text=PlainTextObject(text=_("Each of them is told now. The meeting ends with this.")),
            confirm=PlainTextObject(text=_("Announce")),
            deny=PlainTextObject(text=_("Cancel")),
        )
    return Message(f"{since} {number}", [*blocks, actions(release)])


def _over(card: MeetingCard, _: Texts) -> Message:
    told = [ruling for ruling in card.rulings if not ruling.is_left_out]
    left_out = [ruling for ruling in card.rulings if ruling.is_left_out]
    number = _.plural("{n} decision was announced.", "{n} decisions were announced.", len(told))
    news = f"{ended(card, _)} {number}"
    blocks: list[Block] = [section(f"🗓️ {news}")]
    blocks += [context(_line(ruling, _)) for ruling in told[:MOST_SHOWN]]
    if left_out:
        names = "\n".join(
            f"• {_title(ruling)} – {state_name(ruling.pitch.state, _)}" for ruling in left_out[:MOST_SHOWN]
        )
        blocks.append(section(_("Left out, because they stand otherwise meanwhile:") + f"\n{names}"))
    return Message(news, blocks)


def _ruling(ruling: Ruling, _: Texts) -> Block:
    take_back = button(_("Take back"), TAKE_BACK, ruling.pitch.id, about=ruling.pitch.title)
    return SectionBlock(text=MarkdownTextObject(text=_line(ruling, _)), accessory=take_back)


def _line(ruling: Ruling, _: Texts) -> str:
    state = state_name(ruling.verdict.state, _)
    if ruling.is_left_out:
        now = state_name(ruling.pitch.state, _)
        state = _("{state} – but it is {now} meanwhile", state=state, now=now)
    return f"{_title(ruling)} – {state} · {_someone(ruling.by)}"


def _title(ruling: Ruling) -> str:
    return escape(cut(ruling.pitch.title, MAX_TITLE))


def _someone(by: Person | None) -> str:
    return person(by.chat_id) if by else "–"
