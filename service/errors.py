"""Errors of the API, the command line and the supervisor.

voices.errors.OutspokenError
├── NothingToRead             cleaning left no paragraph
├── ArticleTooLong            more text than the setting allows
├── PageTooLong               more HTML than the setting allows
├── UnsupportedOption         a speed or a format that is not available
├── LanguageNotSpoken         the voice does not speak the article's language
├── UnreadableInput           not text: binary, wrong encoding, not a file
├── InvalidLexicon            a file of pronunciations is not valid
├── InvalidMarkers            a file of cleaning phrases is not valid
├── InvalidSelector           a CSS selector is not valid
├── NarrationNotFound         no narration has this key
├── NarrationPending          requested, not started within the wait
├── NarrationFailed           it was tried and could not be rendered
├── StreamAborted             the rest of a stream cannot follow
├── NotReady                  the service cannot do its work now
├── ArticleNotFound           no article has this id
├── AlreadyRunning            the data folder is in use
├── PortInUse                 the service cannot listen on its port
├── ChildProcessExited        a process of the service exited during start-up
└── InvalidSettings           a setting has a value that is not valid
"""

from voices.errors import OutspokenError


class NothingToRead(OutspokenError):
    """Raised when cleaning leaves no words of a page."""


class ArticleTooLong(OutspokenError):
    """Raised when an article has more characters than the setting allows."""


class PageTooLong(OutspokenError):
    """Raised when HTML has more characters than the setting allows."""


class UnsupportedOption(OutspokenError):
    """Raised when a requested speed or format is not available."""


class LanguageNotSpoken(OutspokenError):
    """Raised when a voice does not speak the language of an article."""


class UnreadableInput(OutspokenError):
    """Raised when the input is not text."""


class InvalidLexicon(OutspokenError):
    """Raised when a file of pronunciations cannot be used."""


class InvalidMarkers(OutspokenError):
    """Raised when a file of cleaning phrases cannot be used."""


class InvalidSelector(OutspokenError):
    """Raised when a CSS selector cannot be parsed."""


class NarrationNotFound(OutspokenError):
    """Raised when no narration has the requested key."""


class NarrationPending(OutspokenError):
    """Raised when rendering does not start while a listener waits."""


class NarrationFailed(OutspokenError):
    """Raised when requested audio could not be rendered."""


class StreamAborted(OutspokenError):
    """Raised while streaming when the rest would not continue the bytes sent."""


class NotReady(OutspokenError):
    """Raised when something that every narration needs is missing."""


class ArticleNotFound(OutspokenError):
    """Raised when no article has the requested id."""


class AlreadyRunning(OutspokenError):
    """Raised when another service uses the same data folder."""


class PortInUse(OutspokenError):
    """Raised when the service cannot listen on its port."""


class ChildProcessExited(OutspokenError):
    """Raised when a process of the service exits during start-up."""


class InvalidSettings(OutspokenError):
    """Raised when a setting has a value that is not valid."""
