"""The guide of the demo: five things to try, each with the right person at the right place."""

from typing import Final

from bot.texts import Texts, language_of, texts
from bot.words import page
from handlers.demo.progress import Progress
from handlers.demo.workspace import ACCOUNTS, GENERAL, NEWS, REVIEW
from sandbox import Guide, Member, Step

MEMBERS: Final[dict[str, Member]] = {account.member.id: account.member for account in ACCOUNTS}
# Who tries what. Whoever reads English stays with the colleague who does, as long as the step allows it.
COLLEAGUES: Final = {"de": "U0KOLLEGIN", "en": "U0NEWCOLL"}
OWNER: Final = "U0EAKTE"
EDITOR: Final = "U0RADAR"
MEASURE: Final = "e-akte"


def guide(progress: Progress, site_url: str, locale: str) -> Guide:
    """Return the guide as far as someone is, in the language of their chat."""
    _ = texts(language_of(locale))
    done, colleague = progress.done, COLLEAGUES[_.language]
    return Guide(
        _("What you can try here"),
        (
            Step(
                _("Publish a post"),
                _(
                    "Press “{button}” in the sidebar, under “Demo”.",
                    button=_("Publish a post"),
                ),
                done.published,
                _as(colleague, _),
                person_id=colleague,
                channel_id=NEWS,
            ),
            Step(
                _("Pitch a story"),
                _("Write {command} into the message field and send the form.", command=f"/funk {_('pitch')}"),
                done.pitched,
                _as(colleague, _),
                person_id=colleague,
                channel_id=GENERAL,
            ),
            Step(
                _("Answer a request"),
                _(
                    "Press “{button}” below the E-Akte, give its new progress and send it.",
                    button=_of(OWNER)("Update"),
                ),
                done.answered,
                _as(OWNER, _),
                person_id=OWNER,
                tab="messages",
            ),
            _release(progress, _),
            Step(
                _("Look at the radar"),
                _("What was released is public at once. Leave the page open: it keeps itself up to date."),
                done.looked,
                _("Open the public page"),
                url=_page(progress, site_url, _),
            ),
        ),
        ending=_("That was all five. Now try what you like!"),
    )


def _release(progress: Progress, _: Texts) -> Step:
    is_released, is_waiting = bool(progress.done.released), progress.done.is_waiting
    button = _of(EDITOR)("Release")
    words = _("Compare before and after in #radar-redaktion and press “{button}”.", button=button)
    if progress.done.answered and not is_released and not is_waiting:
        # Nothing to release comes of “no change”.
        words = _(
            "Here an answer with something new has to wait: give one with “{button}”.",
            button=_of(OWNER)("Update"),
        )
    return Step(
        _("Release the answer"), words, is_released, _as(EDITOR, _), person_id=EDITOR, channel_id=REVIEW
    )


def _page(progress: Progress, site_url: str, _: Texts) -> str:
    released = progress.done.released
    slug = released[0][0] if released else MEASURE
    return page(site_url.rstrip("/"), f"/massnahmen/{slug}", _)


def _as(person_id: str, _: Texts) -> str:
    return _("As {person}", person=MEMBERS[person_id].real_name)


def _of(person_id: str) -> Texts:
    """Return the texts of someone whose buttons are spoken of."""
    return texts(language_of(MEMBERS[person_id].locale))
