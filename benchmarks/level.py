"""Measure loudness and peaks of finished narrations.

    python benchmarks/level.py PAGES.jsonl.gz [--articles 20] [--voice ID]

PAGES has one JSON object per line with "text", a page as copied.  Each article is
narrated to MP3 and decoded, because encoding raises peaks.  Needs pyloudnorm for the
loudness and scipy for true peaks.  The last line has mean and extremes in LUFS and the
highest true peak.
"""

import argparse
import gzip
import json
import statistics
import subprocess
from itertools import islice
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pyloudnorm
from scipy.signal import resample_poly

from service.cleaning import clean, load_markers
from service.page import read_text
from service.script import write_script
from voices.catalogue import open_catalogue
from voices.open_engine import open_engine
from voices.system.cpu import cpu_count
from workers.rendering.render import RenderOptions, render_script
from workers.settings import WorkerSettings

_FINER = 4
"""Times as many samples in which a peak between samples is sought (BS.1770-5)."""


def main() -> None:
    """Narrate, decode, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--voice", default=WorkerSettings().voice)
    given = parser.parse_args()
    settings = WorkerSettings()
    installed = open_catalogue(settings.voices_folder).find(given.voice)
    engine = open_engine(installed, settings.voices_cache)
    markers = load_markers()
    loudness, peaks = [], []
    with gzip.open(given.pages, "rt", encoding="utf-8") as file:
        pages = [json.loads(line) for line in islice(file, given.articles)]
    for page in pages:
        script = write_script(clean(read_text(page["text"]), markers).article)
        narration = render_script(
            script, engine, lambda _done, _total: None, RenderOptions(cpu_count())
        )
        sound = decoded(narration.mp3, narration.rate)
        meter = pyloudnorm.Meter(narration.rate)
        loudness.append(meter.integrated_loudness(sound))
        peaks.append(20 * np.log10(np.abs(resample_poly(sound, _FINER, 1)).max()))
        print(
            f"{len(sound) / narration.rate:7.1f} s {loudness[-1]:6.2f} LUFS "
            f"{peaks[-1]:6.2f} dBTP",
            flush=True,
        )
    print(
        f"articles={len(pages)} mean={statistics.mean(loudness):.2f}LUFS"
        f" lowest={min(loudness):.2f} highest={max(loudness):.2f}"
        f" peak={max(peaks):.2f}dBTP"
    )


def decoded(mp3: bytes, rate: int) -> np.ndarray:
    """Decode to samples of -1 to 1."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    options = ["-i", "-", "-f", "f32le", "-ac", "1", "-ar", str(rate), "-"]
    raw = subprocess.run(
        [ffmpeg, "-v", "error", *options], input=mp3, capture_output=True, check=True
    ).stdout
    return np.frombuffer(raw, dtype=np.float32)


if __name__ == "__main__":
    main()
