"""How the workspace says no."""


class RefusedError(Exception):
    """The workspace refuses; `code` is Slack's word for the reason, such as `channel_not_found`."""

    def __init__(self, code: str, *messages: str, **facts: str) -> None:
        """Keep the code.

        Args:
            code: Slack's word.
            messages: what is wrong in detail, for the developer.
            facts: more that the answer says.
        """
        super().__init__(code)
        self.code = code
        self.messages = messages
        self.facts = facts
