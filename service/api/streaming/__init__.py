"""Streaming: send a narration while it is being rendered."""
