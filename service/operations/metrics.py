"""What an operator sees, for Prometheus: read from Redis and the library when asked.

No label is without a bound: none is a key, an id or a path with one in it.
"""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)

from service.ttl_cache import TtlCached
from workers.errors import QueueUnavailable, StorageFailed
from workers.queue.stats import Snapshot, Stats
from workers.storage.blobs import Library

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text exposition format."""

_COUNTED = 30
"""Seconds for which a count of the library is good: it looks at every file."""

_ENDED = "ended_"


class Metrics:
    """Everything that is measured, for one process."""

    def __init__(
        self,
        stats: Stats,
        library: Library,
        limit: int | None,
        listeners: Callable[[], int],
    ) -> None:
        """Read from `stats` and `library`, of which `limit` bytes may be used.

        `listeners` tells how many listen to what is being made.
        """
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "outspoken_requests",
            "Requests answered by this process.",
            ["route", "status"],
            registry=self._registry,
        )
        stores = TtlCached(lambda: _bytes(library), _COUNTED)
        self._registry.register(_Collector(stats, stores, limit, listeners))

    def count(self, route: str, status: int) -> None:
        """Count an answer by the template of its route and the class of its status."""
        self._requests.labels(route, f"{status // 100}xx").inc()

    def write(self) -> bytes:
        """Return everything that can be had, in the text format."""
        return generate_latest(self._registry)


class _Collector:
    """Reads the metrics when they are scraped."""

    def __init__(
        self,
        stats: Stats,
        stores: Callable[[], Mapping[str, int]],
        limit: int | None,
        listeners: Callable[[], int],
    ) -> None:
        self._stats = stats
        self._stores = stores
        self._limit = limit
        self._listeners = listeners

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registration does not need Redis."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield every metric that can be read now."""
        yield _gauge(
            "listeners", "Open streams of narrations being rendered.", self._listeners()
        )
        try:
            yield from _storage_metrics(self._stores(), self._limit)
        except StorageFailed:
            yield _gauge("library_up", "Whether the library can be read.", 0)
        try:
            snapshot = self._stats.snapshot()
        except QueueUnavailable:
            yield _gauge("redis_up", "Whether the queue's Redis answers.", 0)
            return
        yield _gauge("redis_up", "Whether the queue's Redis answers.", 1)
        yield from _queue_metrics(snapshot)
        yield from _rendering_metrics(snapshot.counts)
        yield from _voice_metrics(snapshot)


def _storage_metrics(stores: Mapping[str, int], limit: int | None) -> Iterable[Metric]:
    yield _gauge("library_up", "Whether the library can be read.", 1)
    kept = GaugeMetricFamily(
        "outspoken_library_bytes", "Bytes of audio.", labels=["store"]
    )
    for store, size in stores.items():
        kept.add_metric([store], size)
    yield kept
    if limit is not None:
        yield _gauge("library_limit_bytes", "OUTSPOKEN_LIBRARY_LIMIT.", limit)


def _queue_metrics(snapshot: Snapshot) -> Iterable[Metric]:
    depth = GaugeMetricFamily(
        "outspoken_queue_depth", "Messages that wait for a worker.", labels=["lane"]
    )
    for lane, waiting in snapshot.waiting.items():
        depth.add_metric([lane], waiting)
    yield depth
    yield _gauge("jobs_live", "Narrations queued or rendering.", snapshot.live)
    yield _gauge(
        "oldest_job_seconds",
        "Seconds since the oldest live job was requested.",
        snapshot.oldest_s,
    )
    yield _gauge("workers", "Workers with a recent heartbeat.", len(snapshot.workers))
    if snapshot.workers:
        yield _gauge(
            "worker_heartbeat_age_seconds",
            "Age of the oldest heartbeat among them.",
            max(snapshot.workers.values()),
        )


def _rendering_metrics(counts: Mapping[str, float]) -> Iterable[Metric]:
    audio, rendering = (
        counts.get("audio_seconds", 0),
        counts.get("rendering_seconds", 0),
    )
    jobs = CounterMetricFamily(
        "outspoken_jobs", "Narrations by final state.", labels=["end"]
    )
    for name, count in sorted(counts.items()):
        if name.startswith(_ENDED):
            jobs.add_metric([name.removeprefix(_ENDED)], count)
    yield jobs
    sentences = CounterMetricFamily(
        "outspoken_sentences",
        "Sentences, rendered or from the cache.",
        labels=["source"],
    )
    for source in ("rendered", "cached"):
        sentences.add_metric([source], counts.get(f"sentences_{source}", 0))
    yield sentences
    yield _counter("audio_seconds", "Seconds of audio rendered.", audio)
    yield _counter("rendering_seconds", "Seconds that rendering took.", rendering)
    yield _counter("bytes", "Bytes of audio rendered.", counts.get("bytes", 0))
    if rendering and audio:
        yield _gauge(
            "real_time_factor",
            "Seconds of rendering per second of audio.",
            rendering / audio,
        )


def _voice_metrics(snapshot: Snapshot) -> Iterable[Metric]:
    info = InfoMetricFamily(
        "outspoken_voice", "Engine of each voice.", labels=["voice"]
    )
    for voice, engine in sorted(snapshot.voices.items()):
        info.add_metric([voice], {"engine": engine})
    yield info


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"outspoken_{name}", help_text, value)


def _counter(name: str, help_text: str, value: float) -> Metric:
    return CounterMetricFamily(f"outspoken_{name}", help_text, value)


def _bytes(library: Library) -> dict[str, int]:
    stores = {"narrations": library.narrations, "segments": library.segments}
    return {
        name: sum(item.bytes for item in store.list()) for name, store in stores.items()
    }
