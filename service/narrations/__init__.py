"""Narrations: request them, report their status, build their addresses."""
