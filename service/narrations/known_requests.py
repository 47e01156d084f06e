"""Remember what requests were read as, so that a repeated one is not prepared again.

News frontends send the text of an article with each page view, and cleaning it takes
much longer than finding its narration.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import asdict

from service.preparation import ArticleRequest, PreparedSummary
from workers.narration import NarrationKey

_MAX_CHARACTERS = 8_000_000
"""Characters of what is remembered; a summary has one or two thousand."""


class KnownRequests:
    """Summaries of prepared articles by content, in memory of this process.

    The least recently used ones are forgotten.  They are valid as long as the process:
    settings, voices and reading rules do not change in it.
    """

    def __init__(self, max_characters: int = _MAX_CHARACTERS) -> None:
        """Remember summaries of `max_characters` in all."""
        self._max_characters = max_characters
        self._characters = 0
        self._lock = threading.Lock()
        self._summaries: OrderedDict[str, PreparedSummary] = OrderedDict()

    def find(self, request: ArticleRequest) -> PreparedSummary | None:
        """Return what an equal request was read as, if it is remembered."""
        digest = _digest(request)
        with self._lock:
            if digest not in self._summaries:
                return None
            self._summaries.move_to_end(digest)
            return self._summaries[digest]

    def remember(self, request: ArticleRequest, summary: PreparedSummary) -> None:
        """Remember what a request was read as."""
        digest = _digest(request)
        with self._lock:
            self._forget(digest)
            self._summaries[digest] = summary
            self._characters += _characters(summary)
            while self._characters > self._max_characters:
                self._forget(next(iter(self._summaries)))

    def forget(self, key: NarrationKey) -> None:
        """Forget all requests that were read as one narration."""
        with self._lock:
            same = [name for name, kept in self._summaries.items() if kept.key == key]
            for digest in same:
                self._forget(digest)

    def _forget(self, digest: str) -> None:
        summary = self._summaries.pop(digest, None)
        if summary is not None:
            self._characters -= _characters(summary)


def _digest(request: ArticleRequest) -> str:
    canonical = json.dumps(asdict(request), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _characters(summary: PreparedSummary) -> int:
    return len(json.dumps(asdict(summary)))
