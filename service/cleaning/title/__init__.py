"""Headline detection: which line above the body is the title."""
