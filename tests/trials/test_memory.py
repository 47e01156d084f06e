"""Trial of the memory that bulk rendering needs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = [pytest.mark.live, pytest.mark.trial]

MAX_PEAK_MB = 450
"""Peak memory of one process of bulk work, in megabytes."""

BULK = """
import json, sys
from dataclasses import replace
from pathlib import Path
from benchmarks.memory import held
from service.preparation import ArticleRequest, load_preparer
from service.settings import ServiceSettings
from voices.open_engine import open_engine
from workers.rendering.render import RenderOptions, render_script

preparer = load_preparer(ServiceSettings())
engine = open_engine(preparer.catalogue.find("en_US-joe-medium"), Path(sys.argv[2]))
text = Path(sys.argv[1]).read_text("utf-8")
article = preparer.prepare(ArticleRequest(text=text)).script
long = replace(article, sentences=article.sentences * 4)
after = []
for script in (long, article, article, article):
    render_script(script, engine, lambda done, total: None, RenderOptions(2))
    after.append(held())
figures = {"kind": engine.kind, "peak": held("VmHWM"), "after": after}
print(json.dumps(figures))
"""


def test_memory_of_bulk_work_is_bounded(tmp_path: Path) -> None:
    """It compiles the voice, renders a quarter of an hour of audio, then more."""
    completed = subprocess.run(
        [sys.executable, "-c", BULK, ROOT / "samples" / "ferry.txt", tmp_path],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    figures = json.loads(completed.stdout)
    assert figures["kind"] == "compiled"
    assert figures["peak"] < MAX_PEAK_MB
    assert figures["after"][-1] < figures["after"][0] + 20
