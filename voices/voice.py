"""A `Voice`, as its manifest describes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """Metadata of a voice, known without opening its model."""

    id: str
    """Its name in settings, requests and links, such as "en_US-joe-medium"."""

    language: str
    """BCP 47 tag of the language it speaks, such as "en-US"."""

    licence: str
    """Licence of its recordings, from its model card."""

    credit: str
    """Credit for the voice or its data, from its model card."""

    sample_rate: int
    """Samples per second."""

    model_sha256: str
    """Hash of its model file when it was installed."""

    gain_db: float
    """Gain that brings it to `TARGET_LUFS` (voices.loudness.limiter)."""

    def speaks(self, language: str) -> bool:
        """Whether this voice can read text in `language`.

        The primary subtags must agree: an en-US voice reads "en" and "en-GB".  A voice
        of language "mul" reads all.
        """
        if self.language == "mul":
            return True
        return self.language.split("-")[0] == language.split("-", maxsplit=1)[0].lower()
