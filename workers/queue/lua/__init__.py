"""What Redis does in one step, as Lua: one file a step, documented in its head."""

from importlib.resources import files

from redis import Redis
from redis.commands.core import Script


def load_script(redis: Redis, name: str) -> Script:
    """Return a step, ready to be called with its keys and arguments."""
    source = (files(__package__) / f"{name}.lua").read_text(encoding="utf-8")
    return redis.register_script(source)
