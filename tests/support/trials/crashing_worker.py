"""A worker whose voice crashes or hangs at certain words, for trials.

    python -m tests.support.trials.crashing_worker

The tone voice, except that "crash" is a fault of its code and "hang" never ends.
"""

import os
import signal
import threading
from pathlib import Path

from voices.catalogue import InstalledVoice
from voices.engine import Engine, Utterance
from voices.sentence import Sentence
from voices.tone import ToneEngine
from workers.process.worker import run_worker
from workers.settings import WorkerSettings


class CrashingEngine(ToneEngine):
    """Crashes its worker, or hangs, at certain words."""

    def speak(self, sentence: Sentence) -> Utterance:
        if "crash" in sentence.spoken:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "hang" in sentence.spoken:
            threading.Event().wait()
        return super().speak(sentence)


def open_crashing(
    installed: InstalledVoice, cache: Path | None, device: str, *, compile_graph: bool
) -> Engine:
    del installed, cache, device, compile_graph
    return CrashingEngine()


if __name__ == "__main__":
    settings = WorkerSettings()
    assert settings.redis_url
    run_worker(settings, settings.redis_url, open_crashing)
