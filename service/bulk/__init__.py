"""Bulk narration: many articles to files, without a queue."""
