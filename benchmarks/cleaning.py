"""Score the cleaner with an external scorer on external pages.

    python benchmarks/cleaning.py SCORER PAGES.jsonl.gz [--html]

SCORER is the benchmark's score_cleaner.py.  The last line is the scorer's.
Pages used for training (benchmarks/train_cleaner.py) score too high; that script
estimates the figures for unseen publishers.
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
