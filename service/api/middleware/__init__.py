"""ASGI middleware: limits, checks and headers of every request."""
