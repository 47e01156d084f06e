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
        shelves = TtlCached(lambda: _bytes(library), _COUNTED)
        self._registry.register(_Collector(stats, shelves, limit, listeners))

    def count(self, route: str, status: int) -> None:
        """Count an answer by the template of its route and the class of its status."""
        self._requests.labels(route, f"{status // 100}xx").inc()

    def write(self) -> bytes:
        """Return everything that can be had, in the text format."""
        return generate_latest(self._registry)


class _Collector:
    """What is found out when somebody asks."""

    def __init__(
        self,
        stats: Stats,
        shelves: Callable[[], Mapping[str, int]],
        limit: int | None,
        listeners: Callable[[], int],
    ) -> None:
        self._stats = stats
        self._shelves = shelves
        self._limit = limit
        self._listeners = listeners

    def describe(self) -> Iterable[Metric]:
        """Say nothing ahead: to be registered must not need a Redis."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield every figure that can be had now."""
        yield _gauge(
            "listeners", "Who listen to what is being made.", self._listeners()
        )
        try:
            yield from _shelf_figures(self._shelves(), self._limit)
        except StorageFailed:
            yield _gauge("library_up", "Whether the library can be read.", 0)
        try:
            census = self._stats.census()
        except QueueUnavailable:
            yield _gauge("redis_up", "Whether the queue's Redis answers.", 0)
            return
        yield _gauge("redis_up", "Whether the queue's Redis answers.", 1)
        yield from _queue_figures(census)
        yield from _work_figures(census.counts)
        yield from _engine_figures(census)


def _shelf_figures(shelves: Mapping[str, int], limit: int | None) -> Iterable[Metric]:
    yield _gauge("library_up", "Whether the library can be read.", 1)
    kept = GaugeMetricFamily(
        "outspoken_library_bytes", "Bytes of audio.", labels=["shelf"]
    )
    for shelf, size in shelves.items():
        kept.add_metric([shelf], size)
    yield kept
    if limit is not None:
        yield _gauge("library_limit_bytes", "OUTSPOKEN_LIBRARY_LIMIT.", limit)


def _queue_figures(census: Snapshot) -> Iterable[Metric]:
    depth = GaugeMetricFamily(
        "outspoken_queue_depth", "Messages that wait for a worker.", labels=["lane"]
    )
    for lane, waiting in census.waiting.items():
        depth.add_metric([lane], waiting)
    yield depth
    yield _gauge("jobs_live", "Narrations that are queued or made.", census.live)
    yield _gauge(
        "oldest_job_seconds", "Since the oldest of them was asked for.", census.oldest
    )
    yield _gauge("workers", "Workers that gave a sign of life.", len(census.workers))
    if census.workers:
        yield _gauge(
            "worker_heartbeat_age_seconds",
            "Since the last sign of life of the worker that has been silent longest.",
            max(census.workers.values()),
        )


def _work_figures(counts: Mapping[str, float]) -> Iterable[Metric]:
    audio, making = counts.get("audio_seconds", 0), counts.get("making_seconds", 0)
    jobs = CounterMetricFamily(
        "outspoken_jobs", "Narrations by how they ended.", labels=["end"]
    )
    for name, count in sorted(counts.items()):
        if name.startswith(_ENDED):
            jobs.add_metric([name.removeprefix(_ENDED)], count)
    yield jobs
    sentences = CounterMetricFamily(
        "outspoken_sentences", "Sentences, made or remembered.", labels=["source"]
    )
    for source in ("made", "remembered"):
        sentences.add_metric([source], counts.get(f"sentences_{source}", 0))
    yield sentences
    yield _counter("audio_seconds", "Seconds of audio that were made.", audio)
    yield _counter("making_seconds", "Seconds that making it took.", making)
    yield _counter("bytes", "Bytes of audio that were made.", counts.get("bytes", 0))
    if making and audio:
        yield _gauge(
            "real_time_factor", "Seconds of making a second of audio.", making / audio
        )


def _engine_figures(census: Snapshot) -> Iterable[Metric]:
    info = InfoMetricFamily("outspoken_voice", "What speaks.", labels=["voice"])
    for voice, engine in sorted(census.voices.items()):
        info.add_metric([voice], {"engine": engine})
    yield info


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"outspoken_{name}", told, value)


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(f"outspoken_{name}", told, value)


def _bytes(library: Library) -> dict[str, int]:
    shelves = {"narrations": library.narrations, "segments": library.segments}
    return {
        name: sum(item.bytes for item in shelf.list())
        for name, shelf in shelves.items()
    }
