"""Create the tables."""

from alembic import op

from workers.database.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    METADATA.create_all(op.get_bind())
