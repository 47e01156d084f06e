"""What can go wrong between an article and the queue.

voices.errors.OutspokenError
├── NothingToRead             cleaning left no paragraph
├── ArticleTooLong            more text than the setting allows
├── PageTooLong               more HTML than the setting allows
├── UnsupportedOption         a speed or a format that is not available
├── LanguageNotSpoken         the voice does not speak the article's language
├── UnreadableInput           not text: binary, wrong encoding, not a file
├── InvalidLexicon             a file of pronunciations is wrong
├── InvalidMarkers             a file of cleaning phrases is wrong
├── InvalidSelector             a CSS selector cannot be understood
├── NarrationNotFound         nobody asked for a narration of this key
├── NarrationPending          asked for, not ready within the wait
├── NarrationFailed           it was tried and could not be made
├── StreamAborted           what is listened to cannot be gone on with
├── NotReady                  the service cannot do its work now
├── ArticleNotFound           no article has this id
├── AlreadyRunning            the data folder is in use
├── PortInUse                 the service cannot listen on its port
├── ChildProcessExited        a process of the service exited during start-up
└── InvalidSettings             a setting has a value that it cannot have
"""

from voices.errors import OutspokenError


class NothingToRead(OutspokenError):
    """Raised when nothing of a page is left after cleaning."""


class ArticleTooLong(OutspokenError):
    """Raised when an article has more characters than is allowed."""


class PageTooLong(OutspokenError):
    """Raised when HTML has more characters than is allowed."""


class UnsupportedOption(OutspokenError):
    """Raised when a speed or a format is asked for that is not available."""


class LanguageNotSpoken(OutspokenError):
    """Raised when a voice does not speak the language of an article."""


class UnreadableInput(OutspokenError):
    """Raised when what was given is not text."""


class InvalidLexicon(OutspokenError):
    """Raised when a file of pronunciations cannot be used."""


class InvalidMarkers(OutspokenError):
    """Raised when a file of cleaning phrases cannot be used."""


class InvalidSelector(OutspokenError):
    """Raised when a CSS selector cannot be understood."""


class NarrationNotFound(OutspokenError):
    """Raised when nobody asked for a narration of this key."""


class NarrationPending(OutspokenError):
    """Raised when audio is asked for before it is ready."""


class NarrationFailed(OutspokenError):
    """Raised when audio is asked for that could not be made."""


class StreamAborted(OutspokenError):
    """Raised while streaming when the rest would not continue the bytes sent."""


class NotReady(OutspokenError):
    """Raised when something is away that every narration needs."""


class ArticleNotFound(OutspokenError):
    """Raised when no article has the id that was asked for."""


class AlreadyRunning(OutspokenError):
    """Raised when another service uses the same data folder."""


class PortInUse(OutspokenError):
    """Raised when the service cannot listen on its port."""


class ChildProcessExited(OutspokenError):
    """Raised when a process of the service exits during start-up."""


class InvalidSettings(OutspokenError):
    """Raised when a setting has a value that it cannot have."""
