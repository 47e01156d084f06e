"""Where finished audio is kept: by content, put once, read by range.

`open_library` opens the one that an address names.
"""

from workers.library.address import open_library
from workers.library.disk import DiskLibrary
from workers.library.memory import MemoryLibrary
from workers.library.protocol import Library
from workers.library.redis import RedisLibrary

__all__ = ["DiskLibrary", "Library", "MemoryLibrary", "RedisLibrary", "open_library"]
