"""What every process needs before it works: a store that is up to date, and words for what is missing."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from bot.texts import texts
from storage import schema
from storage.store import Store, StoreError


class StartError(Exception):
    """The program can't start; the message says in a sentence what to do."""


def open_store(settings: Settings, *, migrate: bool = False) -> Store:
    """Open the store of the settings.

    Raises:
        StartError: it can't be reached, or lacks migrations.
    """
    _ = texts(settings.locale)
    try:
        store = Store(settings.database_url)
    except StoreError as error:
        sentence = _(
            "STADTFUNK_DATABASE_URL is not a database address. "
            "It begins with sqlite:/// or postgresql:// and names a database."
        )
        raise StartError(sentence) from error
    try:
        if migrate:
            schema.migrate(store)
        if schema.is_current(store):
            return store
        sentence = _("The store is not up to date. Please run: python bot.py migrate")
    except (SQLAlchemyError, OSError):
        sentence = _(
            "The database {name} can't be reached. Is it running, and is the address right?", name=store.name
        )
    except schema.NewerStoreError as error:
        sentence = _("The store was made by a newer version of Stadtfunk ({revision}).", revision=error)
    except StoreError as error:
        sentence = _("The store {name} can't be brought up to date: {reason}.", name=store.name, reason=error)
    store.close()
    raise StartError(sentence)


@contextmanager
def alone(store: Store, settings: Settings) -> Iterator[None]:
    """Keep an SQLite file for one assistant; PostgreSQL is shared by any number.

    Raises:
        StartError: another one works on it.
    """
    if store.file is None:
        yield
        return
    with store.file.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            _ = texts(settings.locale)
            sentence = _("Another assistant already works on {file}. Please stop it first.", file=store.file)
            raise StartError(sentence) from error
        yield


def port_taken(host: str, port: int, settings: Settings) -> str:
    """Say that something else listens there."""
    _ = texts(settings.locale)
    return _("{host}:{port} is in use. Stop what runs there or choose another port.", host=host, port=port)
