"""A sentence that is being said: its words are known before its sound is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voices.audio import Audio


@dataclass(frozen=True, slots=True)
class Sounding:
    """Where a token sounds, in samples from the first of its sentence."""

    start: int
    end: int
    """One past its last sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """A sentence on its way to the ear.

    Whichever way the sound is asked for, it is the same to the sample.
    """

    words: tuple[Sounding, ...]
    """One a token, in their order; the last may end in silence that is not kept."""

    rate: int
    """Samples a second."""

    pieces: Callable[[bool], Iterator[Audio]]
    """Makes the sound, piece by piece; told whether the first piece is wanted soon."""

    def stream(self) -> Iterator[Audio]:
        """Make the sound from its beginning, the first piece as soon as can be.

        Raises SynthesisFailed.
        """
        return self.pieces(True)  # noqa: FBT003 - the one argument there is

    def sound(self) -> Audio:
        """Make the whole sound in the least time; raises SynthesisFailed."""
        return Audio.join(self.pieces(False), self.rate)  # noqa: FBT003 - as above
