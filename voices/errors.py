"""Errors of finding, opening and running a voice.

    OutspokenError                every error with a message for a person
    ├── VoiceError
    │   ├── VoiceNotFound         no installed voice has this name
    │   ├── InvalidVoice          its files are missing, damaged or not a Piper voice
    │   ├── VoiceNotAccepted      it cannot be added under its name or licence
    │   └── DownloadFailed        its files could not be fetched whole
    ├── SynthesisFailed           a sentence could not be spoken
    ├── workers.errors …          encoding, library, records, queue
    └── service.errors …          articles, API and command line

Each message is one sentence that says what to do, and never quotes an article.
"""


class OutspokenError(Exception):
    """Base of every error whose message is meant for a person."""


class VoiceError(OutspokenError):
    """A voice cannot be used."""


class VoiceNotFound(VoiceError):
    """Raised when no installed voice has the name that was asked for."""


class InvalidVoice(VoiceError):
    """Raised when a voice's files are missing, damaged or not a Piper voice."""


class VoiceNotAccepted(VoiceError):
    """Raised when a voice is not added: its name is taken, its licence not accepted."""


class DownloadFailed(VoiceError):
    """Raised when a voice's files cannot be fetched, or are not those announced."""


class SynthesisFailed(OutspokenError):
    """Raised when an engine could not speak a sentence."""
