"""The catalogue's SQLite file: connections, transactions, migrations, and SQLite's errors in words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from essentialist.catalogue import schema
from essentialist.errors import CatalogError, CatalogTooNew, CatalogUnwritable, NotACatalog
from essentialist.sorting import sort_key
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Mode: TypeAlias = Literal["ro", "ro&immutable=1", "rw", "rwc"]
"""As SQLite has it: to read (a file that nobody writes), to read and write, and to make it where there is none."""

RETRY_S = 0.02
BUSY_S = 60  # how long to wait for another process that is writing


def address(path: Path, mode: Mode) -> str:
    """What SQLite calls a file that is opened in a mode."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def no_catalogue(path: Path) -> CatalogError:
    """What is told where there is no catalogue, or none any more."""
    return CatalogError(f"There is no catalogue at {path}. Run `essentialist analyze FOLDER` to make it.")


@contextmanager
def connected(path: Path, *, mode: Mode = "rwc") -> Iterator[sqlite3.Connection]:
    """A connection to a catalogue file, closed at the end; SQLite's errors are told as CatalogError.

    By "rwc" the file is made where there is none, by "rw" it is not.
    """
    if mode != "rwc" and not path.is_file():
        raise no_catalogue(path)
    name = address(path, mode)
    with explaining(path), closing(sqlite3.connect(name, uri=True, timeout=BUSY_S, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.create_function("fold", 1, fold, deterministic=True)
        db.create_function("sort_key", 2, sort_key, deterministic=True)
        db.execute("PRAGMA foreign_keys = ON")
        yield db


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """SQLite's errors with a catalogue file are told as CatalogError."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a mistake of this program, not of the file
    except sqlite3.DatabaseError as error:
        raise explained(path, error) from error


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to another machine's catalogue, or to the file of its patches: nothing is written, not even beside.

    What the file says is not trusted: text that is not UTF-8 is replaced, and no code in its schema runs.
    """
    is_in_use = Path(f"{path}-wal").exists()  # then its latest rows are there, and SQLite has to lock it
    name = address(path, "ro" if is_in_use else "ro&immutable=1")
    with told_of(path), closing(sqlite3.connect(name, uri=True, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.text_factory = lambda text: text.decode(errors="replace")
        db.execute("PRAGMA trusted_schema = OFF")
        yield db


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """SQLite's errors inside are those of reading another machine's file, and are told as NotACatalog."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.Error as error:
        raise NotACatalog(f"Cannot read {path} ({error}): give the catalog.db of an analysis.") from error


def copy_up_to_date(db: sqlite3.Connection, copy: Path) -> None:
    """Write a copy of an older catalogue, brought to this release's schema."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        db.backup(target)
        target.row_factory = sqlite3.Row
        migrate(target)


def write_ahead(db: sqlite3.Connection) -> None:
    """Let readers read while somebody writes (WAL).

    SQLite waits for nobody when it changes the journal, whatever the time-out: two programs that open a new file at
    the same moment would be one too many.
    """
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_S)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is written inside."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has SQLite roll back by itself
            db.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """Everything read inside is of one moment, whatever others write meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def explained(path: Path, error: sqlite3.DatabaseError) -> CatalogError:
    """What an error of SQLite means for the person at the keyboard."""
    reason = str(error)
    if any(sign in reason for sign in ("not a database", "malformed")):
        return NotACatalog(f"{path} is not a catalogue of essentialist, or is damaged: name another with --catalog.")
    if "locked" in reason:
        return CatalogUnwritable(
            f"Another program has been writing to the catalogue {path} for {BUSY_S} s: wait for its end, then give the"
            " same command again; nothing is lost."
        )
    return CatalogUnwritable(unwritable(path, reason))


def unwritable(path: Path, reason: str) -> str:
    """The line for a catalogue that cannot be opened or written."""
    return (
        f"Cannot use the catalogue {path}: {reason}. Free some space, make the place writable or name another with"
        " --catalog; nothing is lost, and the same command goes on from here."
    )


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise NotACatalog or CatalogTooNew when the file is not one that this release reads.

    A database without any table is one that nobody uses yet, such as the one that a crash left behind.
    """
    with snapshot(db):
        is_ours = db.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
        is_used = bool(db.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master)").fetchone()[0])
        version = version_of(db)
    if is_used and not is_ours:
        raise NotACatalog(f"{path} is a database, but not a catalogue of essentialist: name another with --catalog.")
    if is_ours and version > len(schema.MIGRATIONS):
        raise CatalogTooNew(
            f"{path} was written by a newer essentialist (catalogue version {version}): upgrade this one."
        )


def version_of(db: sqlite3.Connection) -> int:
    """How many migrations were applied to a file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_outdated(db: sqlite3.Connection, path: Path) -> bool:
    """Whether migrations wait for a file that `check` accepts."""
    check(db, path)
    return version_of(db) < len(schema.MIGRATIONS)


def migrate(db: sqlite3.Connection, migrations: Sequence[str] = schema.MIGRATIONS) -> None:
    """Apply the migrations that this file lacks, each in a transaction of its own."""
    while version_of(db) < len(migrations):
        with transaction(db):
            version = version_of(db)  # another process may have been faster
            if version < len(migrations):
                execute_all(db, migrations[version])
                execute_all(db, schema.listing_view(tuple(measured_columns(db))))
                db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {version + 1}")


def execute_all(db: sqlite3.Connection, script: str) -> None:
    """Run a script within the transaction, which `executescript` would commit."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):  # a trigger and a text hold some of these themselves
            db.execute(statement)
            statement = ""


def state_of(db: sqlite3.Connection) -> bytes:
    """The name of what is known of the tracks, see `schema.NAMED`."""
    return bytes(db.execute("SELECT music FROM state").fetchone()[0])


def measured_columns(db: sqlite3.Connection) -> list[str]:
    """The columns of `measurement` that hold values."""
    return [row["name"] for row in db.execute("PRAGMA table_info(measurement)") if row["name"] != "track_id"]


def create(path: Path) -> None:
    """Make the file, or bring it to this release's schema.

    Raises CatalogUnwritable when the place cannot be written, NotACatalog or CatalogTooNew when the file is in use
    for something else.
    """
    if path.is_dir():
        raise NotACatalog(f"{path} is a folder: name a file in it with --catalog.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnwritable(unwritable(path, error.strerror or str(error))) from error
    with connected(path) as db:
        check(db, path)
        write_ahead(db)
        migrate(db)
