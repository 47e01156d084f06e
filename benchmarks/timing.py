"""Compare word timings with an independent forced alignment.

    python benchmarks/timing.py [ARTICLE]

Each sentence is rendered and aligned by pocketsphinx, which includes a model and is
needed here only; sentences with words missing from its dictionary are skipped.  To
measure the aligner's own error, the same words are rendered one at a time with silence
between, where every start is known.  The last line has, in milliseconds, the median and
the 95th percentile of the difference of word starts, and of the aligner's error.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pocketsphinx import Decoder
from scipy.signal import resample_poly

from service.cleaning import clean, load_markers
from service.page import read_text
from service.script import write_script
from voices.catalogue import open_catalogue
from voices.engine import Engine
from voices.open_engine import open_engine
from voices.sentence import Sentence, Token
from workers.settings import WorkerSettings

SAMPLE = Path(__file__).parent.parent / "samples" / "ferry.txt"
RATE = 16_000
"""Sample rate of the aligner."""

GAP = 0.3
"""Seconds of silence between words that are spoken alone."""


def main() -> None:
    """Speak, align, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("article", type=Path, nargs="?", default=SAMPLE)
    given = parser.parse_args()
    page = read_text(given.article.read_text("utf-8"))
    script = write_script(clean(page, load_markers()).article)
    engine = open_engine(
        open_catalogue().find(WorkerSettings().voice), WorkerSettings().voices_cache
    )
    decoder = Decoder(samprate=RATE, bestpath=False, loglevel="FATAL")
    ours, own, sentences = [], [], 0
    for sentence in script.sentences:
        words = [word_of(token) for token in sentence.tokens]
        if not all(word and decoder.lookup_word(word) for word in words):
            continue
        sentences += 1
        ours += differences(decoder, engine, sentence, words)
        own += own_errors(decoder, engine, sentence, words)
    print(
        f"sentences={sentences} words={len(ours)}"
        f" median={np.median(ours):.0f}ms p95={np.percentile(ours, 95):.0f}ms"
        f" aligner_median={np.median(own):.0f}ms"
        f" aligner_p95={np.percentile(own, 95):.0f}ms"
    )


def word_of(token: Token) -> str:
    """The token as the dictionary spells it; empty when it is not one word."""
    word = token.spoken.strip(".,;:!?").lower()
    return word if re.fullmatch(r"[a-z']+", word) else ""


def differences(
    decoder: Decoder, engine: Engine, sentence: Sentence, words: list[str]
) -> Iterator[float]:
    """Milliseconds between our starts of words and the aligner's."""
    utterance = engine.speak(sentence)
    heard = aligned(decoder, utterance.sound().samples, utterance.rate, words)
    for word, start in zip(utterance.words, heard, strict=False):
        yield abs(word.start / utterance.rate - start) * 1000


def own_errors(
    decoder: Decoder, engine: Engine, sentence: Sentence, words: list[str]
) -> Iterator[float]:
    """Milliseconds by which the aligner misses starts that are known."""
    rate = engine.voice.sample_rate
    gap = np.zeros(round(GAP * rate), dtype=np.int16)
    track, starts = [gap], []
    length = len(gap)
    for token in sentence.tokens:
        alone = engine.speak(Sentence(token.spoken, (token,), 0)).sound().samples
        loud = np.flatnonzero(np.abs(alone.astype(np.float64)) > 0.02 * 32767)
        starts.append((length + int(loud[0])) / rate)
        track += [alone, gap]
        length += len(alone) + len(gap)
    heard = aligned(decoder, np.concatenate(track), rate, words)
    for known, start in zip(starts, heard, strict=False):
        yield abs(known - start) * 1000


def aligned(
    decoder: Decoder, samples: np.ndarray, rate: int, words: list[str]
) -> list[float]:
    """Seconds at which each word starts; empty when it cannot be aligned."""
    sound = resample_poly(samples.astype(np.float64), RATE, rate)
    silence = np.zeros(RATE // 5)
    padded = np.concatenate([silence, sound, silence]).astype(np.int16)
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw(padded.tobytes(), full_utt=True)
    decoder.end_utt()
    segments = [
        segment.start_frame / 100 - 0.2
        for segment in decoder.seg() or []
        if not segment.word.startswith(("<", "["))
    ]
    return segments if len(segments) == len(words) else []


if __name__ == "__main__":
    main()
