"""Narrations: request one, follow its state, withdraw it."""
