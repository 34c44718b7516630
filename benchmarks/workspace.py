"""The workspace the benchmarks work in: a newsroom, its channel and one colleague of its team."""

from typing import Final

from handlers.chat.manifest import manifest
from sandbox import BOT_USER_ID, Channel, Member, Seed

EDITOR: Final = Member("U0REDAKTION", "redaktion", "Redaktion", "Digitale Kommunikation")
COMMS: Final = "C0REDAKTION"


def seed() -> Seed:
    """Return what the workspace starts with."""
    return Seed(
        team="Stadt",
        domain="stadt",
        members=(EDITOR,),
        channels=(Channel(COMMS, "redaktion", members=(EDITOR.id, BOT_USER_ID)),),
        manifest=manifest(),
    )
