"""Who speaks: a `Voice`, as its manifest describes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """An installed voice; known without opening its model."""

    id: str
    """Its name in settings, requests and links, such as "en_US-joe-medium"."""

    language: str
    """BCP 47 tag of the language it speaks, such as "en-US"."""

    licence: str
    """Under which its recordings may be used, as its model card says."""

    credit: str
    """Whose voice or data it is, as its model card says."""

    sample_rate: int
    """Samples a second of the sound it makes."""

    model_sha256: str
    """Hash of its model file, written down when it was installed."""

    gain_db: float
    """Decibels that bring its sound to `LOUDNESS` (voices.loudness.limiter)."""

    def speaks(self, language: str) -> bool:
        """Whether text in `language` may be read by this voice.

        The primary subtags must agree: an en-US voice reads "en" and "en-GB".  A voice
        of language "mul" reads all.
        """
        if self.language == "mul":
            return True
        return self.language.split("-")[0] == language.split("-", maxsplit=1)[0].lower()
