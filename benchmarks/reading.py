"""Score the reading of numbers, dates and names, and time the script writer.

    python benchmarks/reading.py SCORER CASES.jsonl

SCORER is the benchmark's score_reader.py: it compares sounds, not spellings.  CASES
has one JSON object per line with "id", "class", "written" and "spoken".  The last line
has the scorer's figures, the mean of the five classes most common in news, and the
median time per sentence in milliseconds, without caches.
"""

import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service.script import normalize_text

COMMONEST = ("abbreviation", "date", "money", "range", "time")


def main() -> None:
    """Score, then measure."""
    scorer, cases = (Path(given) for given in sys.argv[1:3])
    command = shlex.join([sys.executable, "-m", "service.cli", "script", "--batch"])
    with tempfile.NamedTemporaryFile() as answers:
        subprocess.run(
            [sys.executable, scorer, cases, "--cmd", command, "--json", answers.name],
            check=True,
        )
        found = json.loads(Path(answers.name).read_text("utf-8"))
    five = [found["per"][name] for name in COMMONEST if name in found["per"]]
    print(
        f"accuracy={found['spoken']:.3f} core={found['core']:.3f}"
        f" commonest={statistics.mean(five):.3f} median={milliseconds(cases):.2f}ms"
    )


def milliseconds(cases: Path) -> float:
    """Median time to say one case, the first of all not counted."""
    times = []
    for line in cases.read_text("utf-8").splitlines():
        text = json.loads(line)["written"]
        start = time.perf_counter()
        normalize_text(text)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
