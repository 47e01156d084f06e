"""Tests of the database, over SQLite and PostgreSQL."""
