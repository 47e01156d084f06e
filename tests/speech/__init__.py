"""Voices, engines, loudness and the sealed sound."""
