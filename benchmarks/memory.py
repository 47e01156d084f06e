"""Measure the memory of a bulk process, article by article.

    python benchmarks/memory.py PAGES.jsonl.gz [--articles 20] [--cache DIR]

PAGES has one JSON object per line with "text", a page as copied.  Each is prepared and
rendered with one thread per core, with segments on disk as in a worker.  With an empty
folder as DIR the voice is compiled first, as on a new machine, in another process whose
peak is printed separately.  One line per article has the process's megabytes after it;
the last line has those after the first and last article, and the peak.
"""

import argparse
import gzip
import json
import resource
import tempfile
from itertools import islice
from pathlib import Path

from service.preparation import ArticleRequest, load_preparer
from service.settings import ServiceSettings
from voices.open_engine import open_engine
from voices.system.cpu import cpu_count
from workers.rendering.render import RenderOptions, render_script
from workers.rendering.segment_log import SegmentLog
from workers.storage.blobs import DiskBlobStore


def main() -> None:
    """Narrate, and look at the process after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--cache", type=Path, default=ServiceSettings().voices_cache)
    given = parser.parse_args()
    studio = load_preparer(ServiceSettings())
    engine = open_engine(studio.catalogue.find(ServiceSettings().voice), given.cache)
    compiler = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"opened: {held():.0f} MB, by a compiler of {compiler:.0f} (0: none)")
    after = []
    with gzip.open(given.pages, "rt", encoding="utf-8") as file:
        pages = [json.loads(line) for line in islice(file, given.articles)]
    with tempfile.TemporaryDirectory() as folder:
        shelf = DiskBlobStore(Path(folder))
        for page in pages:
            prepared = studio.prepare(ArticleRequest(text=page["text"]))
            reel = SegmentLog(shelf, prepared.key, 1)
            narration = render_script(
                prepared.script,
                engine,
                lambda _done, _total: None,
                RenderOptions(cpu_count()),
                reel,
            )
            reel.remove()
            after.append(held())
            print(
                f"{narration.samples / narration.rate:7.1f} s {after[-1]:6.0f} MB",
                flush=True,
            )
    print(
        f"articles={len(after)} first={after[0]:.0f}MB last={after[-1]:.0f}MB"
        f" most={max(after):.0f}MB peak={held('VmHWM'):.0f}MB"
    )


def held(what: str = "VmRSS") -> float:
    """Megabytes of the process that are in memory now; as VmHWM, that ever were.

    Not by getrusage: there a process begins with the peak of the one that started it.
    """
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    (line,) = (line for line in status if line.startswith(f"{what}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
