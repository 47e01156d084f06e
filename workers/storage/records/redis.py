"""Records in Redis, next to a library in Redis."""

import json
from typing import cast

from redis import Redis

from workers.storage.records.codec import load_document
from workers.storage.records.protocol import Document
from workers.storage.redis_storage import require_noeviction, translating_storage_errors

_PREFIX = "outspoken:records:"


class RedisRecords:
    """One hash a kind."""

    def __init__(self, redis: Redis) -> None:
        """Keep documents through a client that returns bytes."""
        self._redis = redis
        self._lasting = False

    def create(self, kind: str, name: str, document: Document) -> bool:
        """Keep a document unless the name is taken."""
        with translating_storage_errors():
            self._require_lasting()
            return bool(self._redis.hsetnx(_PREFIX + kind, name, json.dumps(document)))

    def replace(self, kind: str, name: str, document: Document) -> None:
        """Keep a document in the place of any that has the name."""
        with translating_storage_errors():
            self._require_lasting()
            self._redis.hset(_PREFIX + kind, name, json.dumps(document))

    def find(self, kind: str, name: str) -> Document | None:
        """Return the document of this name, or None."""
        with translating_storage_errors():
            text = self._redis.hget(_PREFIX + kind, name)
        if text is None:
            return None
        return load_document(cast("bytes", text), f"{kind}/{name}")

    def remove(self, kind: str, name: str) -> None:
        """Take a document away, if it is there."""
        with translating_storage_errors():
            self._redis.hdel(_PREFIX + kind, name)

    def names(self, kind: str) -> list[str]:
        """Return every name of a kind, sorted."""
        with translating_storage_errors():
            names = cast("list[bytes]", self._redis.hkeys(_PREFIX + kind))
        return sorted(name.decode() for name in names)

    def _require_lasting(self) -> None:
        if not self._lasting:
            require_noeviction(self._redis)
            self._lasting = True
