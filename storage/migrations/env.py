"""Alembic's way in: runs on the connection that storage.schema hands over."""

from typing import Any, Literal

from alembic import context

from storage import columns


def render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write SQLModel's own column types in words that a migration can import."""
    name = type(thing).__name__
    if kind == "type" and name == "AutoString":
        return "sa.String()"
    if kind == "type" and name == "UTCDateTime":
        return "UTCDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=columns.metadata,
    render_as_batch=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
