"""The database: what must outlive Redis, in tables.

    database = open_database(address)        SQLite or PostgreSQL, migrated
    with database.read() as connection:      one snapshot
    with database.write() as connection:     one transaction, committed at the end

`workers.database.tables` has the tables.
"""

from workers.database.database import Database, lock
from workers.database.open_database import memory_database, open_database

__all__ = ["Database", "lock", "memory_database", "open_database"]
