"""Refuse what is too long, too strange or not text, by scans that are linear."""
