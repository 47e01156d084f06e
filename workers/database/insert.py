"""Insert rows that may be there: `insert_if_absent`, `upsert`."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless its primary key is taken; return whether it was inserted."""
    inserted = (
        _insert(connection, table)
        .values(**values)
        .on_conflict_do_nothing()
        # Drivers do not agree on the count of inserted rows.
        .returning(*table.primary_key)
    )
    return connection.execute(inserted).first() is not None


def upsert(connection: Connection, table: Table, **values: object) -> None:
    """Insert a row, or replace the values of the one with its primary key."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table).values(**values)
    changed = {name: value for name, value in values.items() if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
    )


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    # The two have the same methods, but no common class.
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
