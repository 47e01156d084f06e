"""Bring a database's tables up to date: `migrate`."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from workers.database.database import Database, lock, without_time_limits
from workers.errors import DatabaseTooNew, StorageFailed

VERSION = "0001"
"""Version of the tables that this program uses: the last of the migrations."""

VERSION_TABLE = "outspoken_version"
"""Table with the version; a database that has it is this program's."""

_MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(database: Database) -> None:
    """Create or upgrade the tables, once among all processes.

    Everything happens in one transaction: a killed process leaves the old version.

    Raises:
        DatabaseTooNew: A newer version of the program wrote it.
        DatabaseUnavailable: It does not answer.
        StorageFailed: It is another program's, or cannot be written.
    """
    if read_version(database) == VERSION:
        return
    with database.write() as connection, without_time_limits(connection):
        lock(connection, VERSION_TABLE)
        _require_ours(connection, database.place)
        _upgrade(connection)


def read_version(database: Database) -> str | None:
    """Return the version of the tables; None if there are none yet.

    Raises:
        DatabaseUnavailable: It does not answer.
        StorageFailed: It cannot be read.
    """
    with database.read() as connection:
        return _find_version(connection)


def _find_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    version: str | None = found.scalar()
    return version


def _require_ours(connection: Connection, place: str) -> None:
    tables = inspect(connection).get_table_names()
    if tables and VERSION_TABLE not in tables:
        message = (
            f"The database {place} has tables of another program; set"
            " OUTSPOKEN_DATABASE_URL to a database of its own."
        )
        raise StorageFailed(message)
    version = _find_version(connection)
    if version is not None and not _is_known(version):
        message = (
            f"A newer Outspoken wrote the database {place} (version {version}, this"
            f" program knows {VERSION}); upgrade Outspoken or restore a backup."
        )
        raise DatabaseTooNew(message)


def _is_known(version: str) -> bool:
    return any(_MIGRATIONS.joinpath("versions").glob(f"{version}_*.py"))


def _upgrade(connection: Connection) -> None:
    # Loaded only when it is needed: most starts find the tables up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
