"""Run migrations in the transaction of `workers.database.migrate`."""

from alembic import context

from workers.database.migrate import VERSION_TABLE
from workers.database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
