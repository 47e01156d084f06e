"""What a voice is compiled to, in a folder: its parts, and how they fit together."""

import json
import logging
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from onnxruntime import InferenceSession

from voices.piper.model import CompiledModel, Names, Shape
from voices.piper.sessions import AS_IT_IS, Providers, open_graph
from voices.piper.source import Source
from voices.piper.stages import ReceptiveField, StageBoundary

_LOG = logging.getLogger(__name__)

_PIECE = 1 << 20
"""Bytes of a file that are read at once."""

_FACTS, _SHAPE = "facts.json", "shape"


class Graphs(NamedTuple):
    """The parts of a compiled voice in onnxruntime's own format."""

    text: bytes
    flow: bytes
    coarse: bytes
    fine: bytes


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a voice is compiled to."""

    graphs: Graphs
    shape: Shape


def write_compiled(compiled: Compiled, folder: Path) -> None:
    """Write it into a folder; raises OSError."""
    crc32 = {}
    for part, graph in compiled.graphs._asdict().items():
        (folder / f"{part}.ort").write_bytes(graph)
        crc32[part] = zlib.crc32(graph)
    # By their sums a disk that has failed is noticed, and they are made anew.
    shape = asdict(compiled.shape)
    crc32[_SHAPE] = _crc32_of(shape)
    facts = {_SHAPE: shape, "crc32": crc32}
    (folder / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


def open_compiled(
    folder: Path, source: Source, providers: Providers
) -> CompiledModel | None:
    """Open what was written; None when there is nothing, or it is not whole."""
    parts = Graphs._fields
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        crc32 = {part: int(facts["crc32"][part]) for part in (*parts, _SHAPE)}
        if crc32[_SHAPE] != _crc32_of(facts[_SHAPE]):
            return None
        shape = _shape_of(facts[_SHAPE])
    except (OSError, ValueError, TypeError, KeyError):
        return None

    def open_part(part: str) -> InferenceSession | None:
        return _open(folder / f"{part}.ort", crc32[part], providers)

    with ThreadPoolExecutor(len(parts)) as threads:
        opened = [
            session for session in threads.map(open_part, parts) if session is not None
        ]
    if len(opened) < len(parts):
        _LOG.warning("compiled voice %s is damaged and is made anew", folder.name)
        return None
    text, flow, coarse, fine = opened
    return CompiledModel(text, flow, coarse, fine, source.manner, shape)


def _shape_of(fields: dict[str, Any]) -> Shape:
    flow, coarse, fine = (
        StageBoundary(**joint | {"reach": ReceptiveField(**joint["reach"])})
        for joint in fields["joints"]
    )
    return Shape(
        Names(**fields["names"]), (flow, coarse, fine), bool(fields["windowed"])
    )


def _open(path: Path, crc32: int, providers: Providers) -> InferenceSession | None:
    # By its path: given bytes, a session keeps them beside its own copy.
    try:
        if _crc32(path) == crc32:
            return open_graph(path, providers, level=AS_IT_IS, lasting=True)
    # Also when it is taken away in between, of which onnxruntime says what it likes.
    except Exception as error:  # noqa: BLE001 - its errors derive from Exception alone
        _LOG.warning("%s cannot be opened: %s", path, error)
    return None


def _crc32_of(value: object) -> int:
    return zlib.crc32(json.dumps(value, sort_keys=True).encode())


def _crc32(path: Path) -> int:
    crc32 = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            crc32 = zlib.crc32(piece, crc32)
    return crc32
