"""Headline detection: choose the title among the lines above the body."""
