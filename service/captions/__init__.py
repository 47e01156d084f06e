"""Captions: timings of a narration in the formats that players read."""
