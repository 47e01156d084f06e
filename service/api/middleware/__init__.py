"""ASGI middleware: body limit, request metrics."""
