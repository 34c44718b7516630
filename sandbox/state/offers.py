"""What whoever starts a sandbox puts on its page: buttons, links and a guide, in each reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")
# The same for everyone, or made for a reader's locale, such as `en-GB`.
Offer: TypeAlias = T | Callable[[str], T]


@dataclass(frozen=True)
class Step:
    """Something to try out, and whether it was done.

    Attributes:
        title: what it is, in two or three words.
        words: a sentence that says how it is done.
        label: the words of the link to where it is done.
        person_id: through whom one sees the place; none for a page elsewhere.
        channel_id: the channel to see.
        tab: `home` or `messages`, to see the app instead.
        url: a page elsewhere, opened beside this one.
    """

    title: str
    words: str
    is_done: bool
    label: str
    person_id: str | None = None
    channel_id: str | None = None
    tab: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Guide:
    """What there is to try out, shown on the page until it is put away.

    Attributes:
        ending: a sentence for when all is done.
    """

    title: str
    steps: tuple[Step, ...]
    ending: str

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.is_done), None)


def offered(offer: Offer[T], locale: str) -> T:
    """Return what is offered to someone whose chat is set to `locale`."""
    return offer(locale) if callable(offer) else offer
