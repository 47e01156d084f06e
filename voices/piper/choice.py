"""Which of the three ways a voice is run: the best that proves itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from voices.errors import VoiceBroken
from voices.memory import give_back
from voices.piper.compile import (
    Compiled,
    alone,
    keep_compiled,
    kept_model,
    model_of,
)
from voices.piper.model import Floats, Model, StockModel
from voices.piper.sessions import Providers, open_graph
from voices.piper.source import Source

_LOG = logging.getLogger(__name__)

_ALIKE = 90.0
"""Decibels of signal over difference from which a compiled voice sounds as it did: the
difference is that of sums in another order.  109 were measured of the packaged voice,
and of what it says 90 (one word) to 112."""

_SYMBOLS = 60
"""Symbols of what is said to compare the two: about two seconds."""

_ATTEMPTS = 3
"""Times that another thing is said before the two are held to be different."""


def open_model(source: Source, cache: Path | None, providers: Providers) -> Model:
    """Open a voice, compiled if it can be.

    Args:
        source: the voice as it was installed.
        cache: folder of compiled voices; None, or one that cannot be written, has the
            voice compiled each time, in the machine's folder of temporary files.
        providers: of onnxruntime, the first that is there counts.

    Raises VoiceBroken when the voice is damaged or no Piper voice.
    """
    try:
        return _opened(source, cache, providers)
    finally:
        # Opening takes twice what stays open.
        give_back()


def _opened(source: Source, cache: Path | None, providers: Providers) -> Model:
    if cache is not None:
        try:
            return _kept(source, cache, providers)
        except OSError as error:
            _LOG.warning("compiled voices cannot be kept in %s: %s", cache, error)
    try:
        with TemporaryDirectory(prefix="outspoken-") as folder:
            return _best(source, providers, Path(folder))[0]
    except OSError as error:
        _LOG.warning("voices cannot be compiled, nothing can be written: %s", error)
    return _best(source, providers, None)[0]


def _kept(source: Source, cache: Path, providers: Providers) -> Model:
    if kept := kept_model(source, cache, providers):
        return kept
    with alone(source, cache, providers) as folder:
        if kept := kept_model(source, cache, providers):
            return kept
        model, compiled = _best(source, providers, folder)
        if compiled is None:
            return model
        try:
            keep_compiled(compiled, source, cache, providers)
        except OSError as error:
            _LOG.warning("compiled voices cannot be kept in %s: %s", cache, error)
            return model
        _LOG.info("voice %s is compiled for this machine", source.voice.id)
    # What was opened to be compared goes before it is opened again: of both, a process
    # would grow to 700 MB.
    del model
    give_back()
    return kept_model(source, cache, providers) or model_of(compiled, source, providers)


def _best(
    source: Source, providers: Providers, folder: Path | None
) -> tuple[Model, Compiled | None]:
    # onnx takes half a second to import; a voice that is compiled does without it.
    from voices.piper.anatomy import AnatomyUnknownError  # noqa: PLC0415
    from voices.piper.optimise import Optimiser  # noqa: PLC0415
    from voices.piper.surgery import Surgery  # noqa: PLC0415

    try:
        surgery = Surgery(source)
    except AnatomyUnknownError as error:
        _LOG.warning("voice %s is not repeatable: %s", source.voice.id, error)
        return _stock(source, providers), None
    if folder is not None:
        try:
            compiled = surgery.compiled(Optimiser(providers, folder))
            model = model_of(compiled, source, providers)
            resemblance = _resemblance(model, surgery.seeded(providers), source)
            if resemblance >= _ALIKE:
                return model, compiled
            reason = f"it would sound different ({resemblance:.0f} dB)"
        except OSError:
            raise
        # onnxruntime's errors derive from Exception alone; whatever it refuses is a
        # verdict on the rewriting, and the voice speaks without it.
        except Exception as error:  # noqa: BLE001
            reason = str(error)
        _LOG.warning("voice %s is not compiled: %s", source.voice.id, reason)
    with _refused_as_broken(source):
        return surgery.seeded(providers), None


def _stock(source: Source, providers: Providers) -> Model:
    with _refused_as_broken(source):
        session = open_graph(source.graph(), providers)
    return StockModel(session, source.manner, source.config.hop_length)


@contextmanager
def _refused_as_broken(source: Source) -> Iterator[None]:
    """Say VoiceBroken of what onnxruntime refuses; its errors have no common base."""
    try:
        yield
    except VoiceBroken:
        raise
    except Exception as error:
        message = f"Voice {source.voice.id} is no Piper voice; choose another."
        raise VoiceBroken(message) from error


def _resemblance(model: Model, original: Model, source: Source) -> float:
    """Decibels by which a voice's sound exceeds what compiling changed of it.

    How long a symbol lasts is rounded up to whole frames: one that lasts almost so many
    may come out longer by a frame after sums in another order, and what follows cannot
    be compared.  It is rare; then something else is said.
    """
    symbols = sorted(
        {one for ids in source.config.phoneme_id_map.values() for one in ids}
    )
    for attempt in range(_ATTEMPTS):
        said = tuple(symbols[(at + attempt) % len(symbols)] for at in range(_SYMBOLS))
        one, other = (each.render(said, b"alike") for each in (model, original))
        if np.array_equal(one.frames, other.frames):
            frames = int(one.frames.sum())
            sound, before = (each.sound(0, frames, frames) for each in (one, other))
            return _decibels(before, sound - before)
    return 0.0


def _decibels(signal: Floats, difference: Floats) -> float:
    strong, weak = (
        max(float(np.square(one, dtype=np.float64).sum()), 1e-30)
        for one in (signal, difference)
    )
    return 10 * float(np.log10(strong / weak))
