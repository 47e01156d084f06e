"""Atomic steps in Redis, one Lua file per step, documented in its header."""

from importlib.resources import files

from redis import Redis
from redis.commands.core import Script


def load_script(redis: Redis, name: str) -> Script:
    """Return a step, to be called with its keys and arguments."""
    source = (files(__package__) / f"{name}.lua").read_text(encoding="utf-8")
    return redis.register_script(source)
