"""Rendering: a script becomes a narration, committed segment by segment."""
