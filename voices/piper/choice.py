"""Which of the three ways a voice is run: the best that proves itself."""

import logging
from pathlib import Path

import numpy as np

from voices.errors import VoiceBroken
from voices.piper.compile import (
    Providers,
    Thirds,
    alone,
    keep_thirds,
    kept_model,
    model_of,
)
from voices.piper.model import Model, StockModel
from voices.piper.sessions import open_graph
from voices.piper.source import Source

_LOG = logging.getLogger(__name__)

_ALIKE = 90.0
"""Decibels of signal over difference from which a compiled voice sounds as it did: the
difference is that of sums in another order.  107 to 116 were measured."""

_SYMBOLS = 60
"""Symbols of what is said to compare the two: about two seconds."""


def open_model(source: Source, cache: Path | None, providers: Providers) -> Model:
    """Open a voice, compiled if it can be.

    Args:
        source: the voice as it was installed.
        cache: folder of compiled voices; None, or one that cannot be written, has the
            voice compiled in memory each time.
        providers: of onnxruntime, the first that is there counts.

    Raises VoiceBroken when the voice is damaged or no Piper voice.
    """
    if cache is not None:
        try:
            return _kept(source, cache, providers)
        except OSError as error:
            _LOG.warning("compiled voices cannot be kept in %s: %s", cache, error)
    return _best(source, providers)[0]


def _kept(source: Source, cache: Path, providers: Providers) -> Model:
    if kept := kept_model(source, cache, providers):
        return kept
    with alone(source, cache, providers):
        if kept := kept_model(source, cache, providers):
            return kept
        model, thirds = _best(source, providers)
        if thirds is not None:
            keep_thirds(thirds, source, cache, providers)
            _LOG.info("voice %s is compiled for this machine", source.voice.id)
        return model


def _best(source: Source, providers: Providers) -> tuple[Model, Thirds | None]:
    # onnx takes half a second to import; a voice that is compiled does without it.
    from voices.piper.anatomy import AnatomyUnknownError  # noqa: PLC0415
    from voices.piper.surgery import Surgery  # noqa: PLC0415

    try:
        surgery = Surgery(source)
        seeded = surgery.seeded(providers)
    except AnatomyUnknownError as error:
        _LOG.warning("voice %s is not repeatable: %s", source.voice.id, error)
        return _stock(source, providers), None
    try:
        thirds = surgery.thirds()
        model = model_of(thirds, source, providers)
        resemblance = _resemblance(model, seeded, source)
    # onnxruntime's errors derive from Exception alone; whatever it refuses is a verdict
    # on the rewriting, and the voice speaks without it.
    except Exception as error:  # noqa: BLE001
        _LOG.warning("voice %s is not compiled: %s", source.voice.id, error)
        return seeded, None
    if resemblance < _ALIKE:
        _LOG.warning(
            "voice %s is not compiled: it would sound different (%.0f dB)",
            source.voice.id,
            resemblance,
        )
        return seeded, None
    return model, thirds


def _stock(source: Source, providers: Providers) -> Model:
    try:
        session = open_graph(source.graph(), providers)
    except VoiceBroken:
        raise
    except Exception as error:  # see `_best`
        message = f"Voice {source.voice.id} is no Piper voice; choose another."
        raise VoiceBroken(message) from error
    return StockModel(session, source.manner, source.config.hop_length)


def _resemblance(model: Model, original: Model, source: Source) -> float:
    """Decibels by which a voice's sound exceeds what compiling changed of it."""
    symbols = sorted(
        {one for ids in source.config.phoneme_id_map.values() for one in ids}
    )
    said = tuple(symbols[at % len(symbols)] for at in range(_SYMBOLS))
    one, other = (each.render(said, b"alike") for each in (model, original))
    if not np.array_equal(one.frames, other.frames):
        return 0.0
    frames = int(one.frames.sum())
    sound, before = one.sound(0, frames), other.sound(0, frames)
    difference = float(np.square(sound - before, dtype=np.float64).sum())
    signal = float(np.square(before, dtype=np.float64).sum())
    return 10 * float(np.log10(max(signal, 1e-30) / max(difference, 1e-30)))
