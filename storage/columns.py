"""Kinds of columns that several tables share. Imported before any table, so that constraints have names."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, MetaData
from sqlmodel import SQLModel

# Names that migrations can rely on, equal on both engines.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING


def choice(kind: type[StrEnum]) -> Any:
    """Return the column type of one of the values of `kind`: text with a CHECK, on both engines."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
