"""Migrations of the database, for Alembic; each has one version's changes."""
