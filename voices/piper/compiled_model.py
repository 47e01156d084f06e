"""Files of a compiled voice: four graphs, and how they are joined."""

import json
import logging
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from onnxruntime import InferenceSession

from voices.piper.model import CompiledModel, Names, Shape
from voices.piper.sessions import UNOPTIMIZED, Providers, open_graph
from voices.piper.source import Source
from voices.piper.stages import ReceptiveField, StageBoundary

_LOG = logging.getLogger(__name__)

_CHUNK_BYTES = 1 << 20

_FACTS_FILE, _SHAPE_KEY = "facts.json", "shape"


class Graphs(NamedTuple):
    """The graphs of a compiled voice in onnxruntime's own format."""

    text: bytes
    flow: bytes
    coarse: bytes
    fine: bytes


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled voice in memory: its graphs, and how they are joined."""

    graphs: Graphs
    shape: Shape


def write_compiled(compiled: Compiled, folder: Path) -> None:
    """Write a compiled voice into a folder; raises OSError."""
    crc32 = {}
    for part, graph in compiled.graphs._asdict().items():
        (folder / f"{part}.ort").write_bytes(graph)
        crc32[part] = zlib.crc32(graph)
    # The checksums detect a failing disk; the voice is then compiled again.
    shape = asdict(compiled.shape)
    crc32[_SHAPE_KEY] = _crc32_of(shape)
    facts = {_SHAPE_KEY: shape, "crc32": crc32}
    (folder / _FACTS_FILE).write_text(json.dumps(facts), encoding="utf-8")


def open_compiled(
    folder: Path, source: Source, providers: Providers
) -> CompiledModel | None:
    """Open a compiled voice; None if it is missing, incomplete or damaged."""
    parts = Graphs._fields
    try:
        facts = json.loads((folder / _FACTS_FILE).read_text(encoding="utf-8"))
        crc32 = {part: int(facts["crc32"][part]) for part in (*parts, _SHAPE_KEY)}
        if crc32[_SHAPE_KEY] != _crc32_of(facts[_SHAPE_KEY]):
            return None
        shape = _shape_of(facts[_SHAPE_KEY])
    except (OSError, ValueError, TypeError, KeyError):
        return None

    def open_part(part: str) -> InferenceSession | None:
        return _open(folder / f"{part}.ort", crc32[part], providers)

    with ThreadPoolExecutor(len(parts)) as threads:
        opened = [
            session for session in threads.map(open_part, parts) if session is not None
        ]
    if len(opened) < len(parts):
        _LOG.warning("compiled voice %s is damaged; compiling it again", folder.name)
        return None
    text, flow, coarse, fine = opened
    return CompiledModel(text, flow, coarse, fine, source.synthesis, shape)


def _shape_of(fields: dict[str, Any]) -> Shape:
    flow, coarse, fine = (
        StageBoundary(**boundary | {"field": ReceptiveField(**boundary["field"])})
        for boundary in fields["boundaries"]
    )
    return Shape(
        Names(**fields["names"]), (flow, coarse, fine), bool(fields["windowed"])
    )


def _open(path: Path, crc32: int, providers: Providers) -> InferenceSession | None:
    # By its path: a session that is given bytes keeps a second copy of them.
    try:
        if _crc32(path) == crc32:
            return open_graph(path, providers, level=UNOPTIMIZED, lasting=True)
    # Including when the file disappears meanwhile.
    except Exception as error:  # noqa: BLE001 - onnxruntime has no common error class
        _LOG.warning("%s cannot be opened: %s", path, error)
    return None


def _crc32_of(value: object) -> int:
    return zlib.crc32(json.dumps(value, sort_keys=True).encode())


def _crc32(path: Path) -> int:
    crc32 = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            crc32 = zlib.crc32(chunk, crc32)
    return crc32
