"""What came of something a person did."""

from dataclasses import dataclass, field

from sandbox.state.records import View


@dataclass(frozen=True)
class Outcome:
    """What came of something a person did.

    Attributes:
        errors: block_id to the sentence at that field, when a form was refused.
        failure: a sentence for the person when the app did not answer in time, or not as it should.
        is_closed: the form is closed now.
        view: the view as the app has changed it, or the one it has put on top.
    """

    errors: dict[str, str] = field(default_factory=dict)
    failure: str | None = None
    is_closed: bool = False
    view: View | None = None

    @property
    def ok(self) -> bool:
        """Whether the app took it."""
        return not self.errors and self.failure is None
