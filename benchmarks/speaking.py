"""Compare the speed of the engine with stock piper-tts, in one interleaved run.

    python benchmarks/speaking.py [ARTICLE] [--rounds 3]

Each measurement is a process of its own, and the two alternate, so that other load
affects both.  ARTICLE is a page as copied; the default is a packaged text.  Speeds are
compared for the same text, because the engine trims silence that piper-tts counts as
audio.  The last line has the ratios of the medians, and the share of the processor's
limit: 5.6 GFLOP per second of audio (counted from the shapes of a medium voice's graph)
in the CPU time used, against sgemm on one thread.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np

from service.cleaning import clean, load_markers
from service.page import read_text
from service.script import write_script
from voices.catalogue import open_catalogue
from voices.sentence import Script
from voices.system.cpu import cpu_count
from workers.settings import WorkerSettings

SAMPLE = Path(__file__).parent.parent / "samples" / "ferry.txt"
GFLOP = 5.6
VOICE = open_catalogue().find(WorkerSettings().voice)
KINDS = ("ours", "stock", "stock-best", "ours-article", "sgemm")
OPENING = {
    "ours": "from pathlib import Path; from voices.catalogue import open_catalogue;"
    " from voices.open_engine import open_engine;"
    f" open_engine(open_catalogue().find({VOICE.voice.id!r}),"
    f" Path({str(WorkerSettings().voices_cache)!r}))",
    "stock": f"from piper import PiperVoice; PiperVoice.load({str(VOICE.model)!r})",
}
"""Program that opens a voice and exits, to time the start."""


def main() -> None:
    """Run every kind in turn, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("article", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=KINDS)
    given = parser.parse_args()
    if given.kind:
        print(json.dumps(MEASURE[given.kind](script_of(given.article))))
        return
    runs: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(given.rounds):
        for kind in KINDS:
            runs[kind].append(run(kind, given.article))
            print(kind, runs[kind][-1], flush=True)
    print(figures(runs))


def script_of(article: Path) -> Script:
    """Return the sentences of a page."""
    cleaned = clean(read_text(article.read_text("utf-8")), load_markers())
    return write_script(cleaned.article)


def run(kind: str, article: Path) -> dict[str, float]:
    """Measure in a process of its own; `ready` is seconds from one's start."""
    command = [sys.executable, __file__, str(article), "--kind", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    if kind in OPENING:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", OPENING[kind]], check=True)
        figures["ready"] = time.perf_counter() - started
    return figures


def ours(script: Script) -> dict[str, float]:
    """Sentences on as many threads as there are processors, the longest first."""
    from voices.open_engine import open_engine  # noqa: PLC0415 - its import is measured

    engine = open_engine(VOICE, WorkerSettings().voices_cache)
    order = sorted(script.sentences, key=lambda sentence: -len(sentence.spoken))
    engine.speak(order[-1]).sound()
    first = firsts(lambda: next(engine.speak(long_sentence(script)).stream()))
    with ThreadPoolExecutor(cpu_count()) as pool, Stopwatch() as clock:
        sounds = pool.map(
            lambda sentence: engine.speak(sentence).sound().seconds, order
        )
        audio = sum(sounds)
    return clock.figures(audio) | {"first": first}


def ours_article(script: Script) -> dict[str, float]:
    """The whole of it: level, timings and MP3 included."""
    from voices.open_engine import open_engine  # noqa: PLC0415 - as above
    from workers.rendering.render import RenderOptions, render_script  # noqa: PLC0415 - as above

    engine = open_engine(VOICE, WorkerSettings().voices_cache)
    engine.speak(script.sentences[0]).sound()
    with Stopwatch() as clock:
        narration = render_script(
            script, engine, lambda _done, _total: None, RenderOptions(cpu_count())
        )
    return clock.figures(narration.samples / narration.rate)


def stock(script: Script) -> dict[str, float]:
    """piper-tts with its defaults, one sentence after another."""
    from piper import PiperVoice  # noqa: PLC0415 - its import is measured

    voice = PiperVoice.load(str(VOICE.model))
    list(voice.synthesize(script.sentences[0].spoken))
    said = long_sentence(script).spoken
    first = firsts(lambda: next(iter(voice.synthesize(said))))
    with Stopwatch() as clock:
        audio = sum(
            len(chunk.audio_int16_array) / chunk.sample_rate
            for sentence in script.sentences
            for chunk in voice.synthesize(sentence.spoken)
        )
    return clock.figures(audio) | {"first": first}


def stock_best(script: Script) -> dict[str, float]:
    """Stock at its best: a session of one thread that does not spin, our threads."""
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415
    from piper import PiperVoice  # noqa: PLC0415

    voice = PiperVoice.load(str(VOICE.model))
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    voice.session = InferenceSession(str(VOICE.model), options)

    def say(text: str) -> float:
        chunks = voice.synthesize(text)
        return sum(len(chunk.audio_int16_array) / chunk.sample_rate for chunk in chunks)

    order = sorted(script.sentences, key=lambda sentence: -len(sentence.spoken))
    say(order[-1].spoken)
    with ThreadPoolExecutor(cpu_count()) as pool, Stopwatch() as clock:
        audio = sum(pool.map(lambda sentence: say(sentence.spoken), order))
    return clock.figures(audio)


def sgemm(_script: Script) -> dict[str, float]:
    """Measure sgemm on one thread, in GFLOP per second of CPU time."""
    size, times = 1024, 20
    matrix = np.random.default_rng(0).random((size, size), dtype=np.float32)
    matrix @ matrix
    start = time.process_time()
    for _ in range(times):
        matrix @ matrix
    seconds = time.process_time() - start
    return {"gflops": 2 * size**3 * times / seconds / 1e9}


MEASURE = {
    "ours": ours,
    "ours-article": ours_article,
    "sgemm": sgemm,
    "stock": stock,
    "stock-best": stock_best,
}


class Stopwatch:
    """Wall and processor seconds of a block."""

    def __enter__(self) -> Self:
        """Start both."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both."""
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() - self._cpu

    def figures(self, audio: float) -> dict[str, float]:
        """Seconds of audio, of wall and of processor, and the peak in megabytes."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"audio": audio, "wall": self.wall, "cpu": self.cpu, "peak": peak}


def long_sentence(script: Script):  # noqa: ANN201 - a Sentence
    """The sentence nearest to 27 words."""
    return min(
        script.sentences, key=lambda sentence: abs(len(sentence.spoken.split()) - 27)
    )


def firsts(speak) -> float:  # noqa: ANN001 - anything that makes the first sound
    """Median seconds to the first sound, warm."""
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        speak()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def figures(runs: dict[str, list[dict[str, float]]]) -> str:
    """One line of ratios of medians."""

    def median(kind: str, name: str) -> float:
        return statistics.median(run[name] for run in runs[kind])

    cpu = median("ours", "cpu") / median("ours", "audio")
    return (
        f"speed={median('ours', 'audio') / median('ours', 'wall'):.1f}x"
        f" to_stock={median('stock', 'wall') / median('ours', 'wall'):.2f}"
        f" to_best={median('stock-best', 'wall') / median('ours', 'wall'):.2f}"
        f" share={GFLOP / (cpu * median('sgemm', 'gflops')):.2f}"
        f" first={median('ours', 'first') / median('stock', 'first'):.2f}"
        f" ready={median('ours', 'ready') / median('stock', 'ready'):.2f}"
        f" article_cpu={median('ours-article', 'cpu') / median('stock', 'cpu'):.2f}"
        f" peak={median('ours-article', 'peak'):.0f}MB"
    )


if __name__ == "__main__":
    main()
