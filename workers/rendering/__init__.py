"""Render scripts to narrations, committed segment by segment."""
