"""Prometheus metrics, read from Redis and the library at every scrape.

Label cardinality is bounded: no label is a key, an id or a path with one in it.
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
from workers.storage.archive import Archive

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text exposition format."""

_LIBRARY_TTL_S = 30
"""TTL of the library's size: measuring it lists every segment."""

_ENDED_PREFIX = "ended_"
"""Prefix of the counters of final states in `Stats`."""


class Metrics:
    """The metrics of one process."""

    def __init__(
        self,
        stats: Stats,
        archive: Archive,
        limit: int | None,
        listeners: Callable[[], int],
    ) -> None:
        """Register the metrics; nothing is read yet.

        Args:
            stats: counters that all processes share.
            archive: its size is measured.
            limit: bytes that the library may use; None for no limit.
            listeners: returns the number of open streams.
        """
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "outspoken_requests",
            "Requests answered by this process.",
            ["route", "status"],
            registry=self._registry,
        )
        sizes = TtlCached(lambda: _library_sizes(archive), _LIBRARY_TTL_S)
        self._registry.register(_Collector(stats, sizes, limit, listeners))

    def count(self, route: str, status: int) -> None:
        """Count a response by its route template and status class."""
        self._requests.labels(route, f"{status // 100}xx").inc()

    def write(self) -> bytes:
        """Return all metrics that can be read, in the text format."""
        return generate_latest(self._registry)


class _Collector:
    """Reads the metrics at every scrape."""

    def __init__(
        self,
        stats: Stats,
        sizes: Callable[[], Mapping[str, int]],
        limit: int | None,
        listeners: Callable[[], int],
    ) -> None:
        self._stats = stats
        self._sizes = sizes
        self._limit = limit
        self._listeners = listeners

    def describe(self) -> Iterable[Metric]:
        """Describe nothing: registration must not need a Redis."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield every metric that can be read now."""
        yield _gauge(
            "listeners", "Open streams of unfinished narrations.", self._listeners()
        )
        try:
            yield from _library_metrics(self._sizes(), self._limit)
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


def _library_metrics(sizes: Mapping[str, int], limit: int | None) -> Iterable[Metric]:
    yield _gauge("library_up", "Whether the library can be read.", 1)
    stored = GaugeMetricFamily(
        "outspoken_library_bytes", "Bytes of audio.", labels=["store"]
    )
    for name, size in sizes.items():
        stored.add_metric([name], size)
    yield stored
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
    yield _gauge("oldest_job_seconds", "Age of the oldest of them.", snapshot.oldest_s)
    yield _gauge("workers", "Workers with a heartbeat.", len(snapshot.workers))
    if snapshot.workers:
        yield _gauge(
            "worker_heartbeat_age_seconds",
            "Age of the oldest heartbeat.",
            max(snapshot.workers.values()),
        )


def _rendering_metrics(counts: Mapping[str, float]) -> Iterable[Metric]:
    audio = counts.get("audio_seconds", 0)
    rendering = counts.get("rendering_seconds", 0)
    jobs = CounterMetricFamily(
        "outspoken_jobs", "Narrations by final state.", labels=["end"]
    )
    for name, count in sorted(counts.items()):
        if name.startswith(_ENDED_PREFIX):
            jobs.add_metric([name.removeprefix(_ENDED_PREFIX)], count)
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


def _library_sizes(archive: Archive) -> dict[str, int]:
    segments = sum(blob.bytes for blob in archive.library.segments.list())
    return {"narrations": archive.usage(), "segments": segments}
