"""Databases for tests: fixtures, and a PostgreSQL server."""
