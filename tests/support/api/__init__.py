"""Serve and use the API in tests."""
