"""How the radar looks in the chat: requests, forms, review cards, answers to questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.radar import (
    MAX_HIGHLIGHT,
    MAX_WORDS,
    AnswerKind,
    AnswerState,
    Asked,
    Measure,
    Review,
    Round,
    State,
    Status,
    state_of,
)
from bot.texts import Texts
from bot.words import status_names
from handlers.chat.blocks.kit import (
    Message,
    actions,
    bold,
    button,
    choice,
    context,
    cut,
    escape,
    form,
    header,
    link_button,
    person,
    plain,
    section,
    struck,
    text_input,
    words,
)

CONFIRM: Final = "radar_unchanged"
UPDATE: Final = "radar_update"
UPDATE_FORM: Final = "radar_update_form"
RELEASE: Final = "radar_release"
SEND_BACK: Final = "radar_send_back"
SEND_BACK_FORM: Final = "radar_send_back_form"
OPEN_PAGE: Final = "radar_open_page"

STATUS: Final = "status"
PROGRESS: Final = "progress_percent"
ACHIEVEMENTS: Final = "achievements"
OUTLOOK: Final = "outlook"
HIGHLIGHT: Final = "highlight"
NOTE: Final = "internal_note"
WORDS: Final = "words"

# Slack takes 50 blocks a message; an open measure needs two, and one more with an editor's question.
MAX_OPEN: Final = 14
MAX_DONE: Final = 25
MAX_SHOWN: Final = 1200


@dataclass(frozen=True)
class StatusRequest:
    """What one owner is asked in one round."""

    round: Round
    asked: Sequence[Asked]


def status_request(request: StatusRequest, _: Texts) -> Message:
    """Ask an owner about all their measures; those answered fold away into a line each."""
    still_open = [line for line in request.asked if line.request.answered_at is None]
    done = [line for line in request.asked if line.request.answered_at is not None]
    if not still_open:
        thanks = _("Thank you! All your measures of round {round} are answered.", round=request.round.name)
        return Message(thanks, [section(f"✅ {thanks}"), *_done_lines(done, _)])
    ask = _.plural(
        "Is this still right? {n} measure of yours is due in round {round}.",
        "Is this still right? {n} measures of yours are due in round {round}.",
        len(still_open),
        round=request.round.name,
    )
    blocks: list[Block] = [header(_("How far are your measures?")), section(ask)]
    if request.round.answer_by_on:
        by = _.day(request.round.answer_by_on)
        blocks.append(context(_("One tap on “No change” is enough. Please answer by {day}.", day=by)))
    for line in still_open[:MAX_OPEN]:
        blocks += [
            words(bold(line.measure.title), plain(f"\n{summary(state_of(line.measure), _)}")),
            actions(
                button(_("No change"), CONFIRM, line.request.id, style="primary", about=line.measure.title),
                button(_("Update"), UPDATE, line.request.id, about=line.measure.title),
            ),
        ]
        if line.answer and line.answer.state is AnswerState.RETURNED:
            blocks.append(context(_("An editor asks: {words}", words=escape(line.answer.return_words))))
    if len(still_open) > MAX_OPEN:
        more = len(still_open) - MAX_OPEN
        blocks.append(
            context(_.plural("{n} more follows here.", "{n} more follow here as you answer.", more))
        )
    if len(still_open) < MAX_OPEN:
        blocks += _done_lines(done, _)
    return Message(ask, blocks)


def _done_lines(done: Sequence[Asked], _: Texts) -> list[Block]:
    lines = []
    for line in done[:MAX_DONE]:
        if line.answer is None or line.answer.kind is AnswerKind.UNCHANGED:
            outcome = _("confirmed unchanged")
        elif line.answer.state is AnswerState.RELEASED:
            outcome = _("released")
        elif line.answer.state is AnswerState.RETURNED:
            outcome = _("question asked")
        else:
            outcome = _("with the editors")
        lines.append(f"✓ {escape(line.measure.title)}: {outcome}")
    return [context(cut("\n".join(lines), 2900))] if lines else []


def summary(state: State, _: Texts) -> str:
    """Return a state in one line: `In Umsetzung · 40 %`."""
    parts = [status_names(_)[state.status]]
    if state.progress_percent is not None:
        parts.append(_("{percent}%", percent=state.progress_percent))
    return " · ".join(parts)


def update_form(
    request_id: int, measure: Measure, state: State, internal_note: str, _: Texts
) -> dict[str, Any]:
    """Ask for a measure's state with the city's own fields, starting with what is known."""
    progress = "" if state.progress_percent is None else str(state.progress_percent)
    blocks = [
        words(bold(measure.title)),
        choice(
            STATUS,
            _("Status"),
            [(status.value, status_names(_)[status]) for status in Status],
            initial=state.status,
            optional=False,
        ),
        text_input(
            PROGRESS,
            _("Progress in percent"),
            initial=progress,
            limit=10,
            hint=_("A whole number from 0 to 100."),
        ),
        text_input(
            ACHIEVEMENTS,
            _("Achievements"),
            initial=state.achievements,
            multiline=True,
            limit=MAX_WORDS,
            hint=_("What has been reached since last time?"),
        ),
        text_input(
            OUTLOOK,
            _("Outlook"),
            initial=state.outlook,
            multiline=True,
            limit=MAX_WORDS,
            hint=_("What comes next, and when?"),
        ),
        text_input(
            HIGHLIGHT,
            _("Highlight"),
            initial=state.highlight,
            limit=MAX_HIGHLIGHT,
            hint=_("One sentence that everyone should know."),
        ),
        text_input(
            NOTE,
            _("Internal note (never public)"),
            initial=internal_note,
            multiline=True,
            limit=MAX_WORDS,
            hint=_("Only the editors see this."),
        ),
        context(_("Your answer is public only after an editor has released it.")),
    ]
    return form(
        UPDATE_FORM,
        _("Update the status"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(request_id),
    )


def review_card(review: Review, _: Texts) -> Message:
    """Show the editors an answer beside what is public, and what became of it."""
    answer, measure = review.answer, review.measure
    before, after = state_of(measure), state_of(answer)
    blocks: list[Block] = [words(plain(_("Answer about ")), bold(measure.title))]
    origin = [
        _("by {owner}", owner=person(review.owner.chat_id)) if review.owner else "",
        escape(review.department.name) if review.department else "",
        _.day(answer.created_at),
    ]
    blocks.append(context(" · ".join(filter(None, origin))))
    if answer.state is AnswerState.PENDING:
        blocks += _changes(before, after, _)
    else:
        blocks += _said(after, _)
    if answer.internal_note:
        note = bold(_("Internal note (never public)"))
        blocks.append(words(note, plain(f": {cut(answer.internal_note, MAX_SHOWN)}")))
    if answer.state is AnswerState.PENDING:
        owner = review.owner.name if review.owner else "…"
        blocks.append(
            actions(
                button(_("Release"), RELEASE, answer.id, style="primary", about=measure.title),
                button(_("Back to {owner}", owner=owner), SEND_BACK, answer.id, about=measure.title),
            )
        )
    else:
        blocks.append(section(outcome(review, _)))
    return Message(_("Please review: answer about {title}", title=escape(measure.title)), blocks)


def _said(state: State, _: Texts) -> list[Block]:
    blocks = [words(plain(summary(state, _)))]
    texts = {
        _("Achievements"): state.achievements,
        _("Outlook"): state.outlook,
        _("Highlight"): state.highlight,
    }
    for name, said in texts.items():
        if said:
            blocks.append(words(bold(name), plain(f"\n{cut(said, MAX_SHOWN)}")))
    return blocks


def _changes(before: State, after: State, _: Texts) -> list[Block]:
    rows = [
        (_("Status"), status_names(_)[before.status], status_names(_)[after.status]),
        (_("Progress"), _percent(before.progress_percent, _), _percent(after.progress_percent, _)),
        (_("Achievements"), before.achievements, after.achievements),
        (_("Outlook"), before.outlook, after.outlook),
        (_("Highlight"), before.highlight, after.highlight),
    ]
    blocks: list[Block] = []
    for name, old, new in rows:
        if old == new:
            continue
        parts = [bold(name), plain("\n" + _("before:") + " ")]
        parts.append(struck(cut(old, MAX_SHOWN)) if old else plain("–"))
        parts += [plain("\n" + _("after:") + " "), plain(cut(new, MAX_SHOWN) or "–")]
        blocks.append(words(*parts))
    return blocks or [context(_("No public word would change."))]


def _percent(number: int | None, _: Texts) -> str:
    return "" if number is None else _("{percent}%", percent=number)


def outcome(review: Review, _: Texts) -> str:
    """Say what became of an answer, by whom and when, in mrkdwn."""
    answer = review.answer
    assert answer.decided_at is not None
    values = {
        "by": person(review.decided_by.chat_id) if review.decided_by else "–",
        "day": _.day(answer.decided_at),
        "time": _.time(answer.decided_at),
    }
    if answer.state is AnswerState.RELEASED:
        return _("✅ Released by {by} on {day}, {time}.", **values)
    if answer.state is AnswerState.RETURNED:
        return _("↩️ Sent back by {by} on {day}, {time}.", **values)
    return _("Replaced by a newer answer on {day}, {time}.", **values)


def send_back_form(review: Review, _: Texts) -> dict[str, Any]:
    """Ask what to ask the owner."""
    blocks = [
        section(_("Your words about “{title}” go to the owner.", title=escape(review.measure.title))),
        text_input(WORDS, _("Your question"), multiline=True, optional=False, limit=MAX_WORDS),
    ]
    return form(
        SEND_BACK_FORM,
        _("Send back"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(review.answer.id),
    )


def answer_released(review: Review, page: str, _: Texts) -> Message:
    """Tell the owner that the answer is public."""
    news = _("Your answer about “{title}” is public now. Thank you!", title=escape(review.measure.title))
    return Message(
        news, [section(f"✅ {news}"), actions(link_button(_("Look at the page"), OPEN_PAGE, page))]
    )


def answer_returned(review: Review, _: Texts) -> Message:
    """Pass an editor's question on to the owner."""
    news = _("An editor has a question about your answer on “{title}”:", title=escape(review.measure.title))
    blocks = [section(news), words(plain(review.answer.return_words))]
    if review.answer.request_id:
        button_ = button(_("Update"), UPDATE, review.answer.request_id, style="primary")
        blocks.append(actions(button_))
    return Message(f"{news} {escape(review.answer.return_words)}", blocks)


def measure_state(measure: Measure, page: str, _: Texts) -> Message:
    """Answer how far a measure is, as released."""
    state = state_of(measure)
    said = summary(state, _)
    parts = [bold(measure.title), plain(f"\n{said}")]
    if state.highlight:
        parts.append(plain(f"\n{state.highlight}"))
    if measure.confirmed_at:
        confirmed = _("Confirmed on {day}", day=_.day(measure.confirmed_at))
    else:
        confirmed = _("not confirmed yet")
    return Message(
        f"{escape(measure.title)}: {said}",
        [words(*parts), context(f"{confirmed} · <{page}|" + _("Look at the page") + ">")],
    )


def overview(counts: Sequence[tuple[str | None, Status | None, int]], page: str, _: Texts) -> Message:
    """Answer how the radar stands: measures by field of action and status."""
    total = sum(count for _field, _status, count in counts)
    names = status_names(_)
    order = list(names)
    by_field: dict[str, list[str]] = {}
    for field_name, status, count in sorted(
        counts, key=lambda row: (row[0] is None, row[0] or "", order.index(row[1]))
    ):
        name = field_name or _("not yet assigned")
        by_field.setdefault(name, []).append(f"{names[status]}: {count}")
    title = _.plural("The radar shows {n} measure.", "The radar shows {n} measures.", total)
    lines = "\n".join(f"*{escape(name)}* – {', '.join(parts)}" for name, parts in by_field.items())
    return Message(
        title, [section(title), section(lines or "–"), context(f"<{page}|" + _("Look at the radar") + ">")]
    )
