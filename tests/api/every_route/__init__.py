"""Tests of HTTP's rules on every route of the API."""
