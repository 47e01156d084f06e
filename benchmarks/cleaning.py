"""How well pages are cleaned, by a scorer and pages that nobody here wrote.

    python benchmarks/cleaning.py SCORER PAGES.jsonl.gz [--html]

SCORER is the benchmark's score_cleaner.py.  The last line is the scorer's own.  The
figures of PAGES that were learned from (benchmarks/train_cleaner.py) flatter; that
script estimates them for publishers that were not.
"""

import subprocess
import sys


def main() -> int:
    """Run the scorer over `outspoken clean --batch`."""
    scorer, pages, *options = sys.argv[1:]
    ours = [sys.executable, "-m", "service.cli", "clean", "--batch"]
    score = [sys.executable, scorer, "--data", pages, *options, "--batch"]
    return subprocess.run([*score, "--", *ours], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
