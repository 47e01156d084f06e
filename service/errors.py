"""Errors of the service.

voices.errors.OutspokenError
├── NothingToRead         cleaning left no paragraph
├── ArticleTooLong        more text than the setting allows
├── PageTooLong           more HTML, or deeper, than can be read
├── ArticleTooComplex     its preparation was stopped by a time or memory limit
├── PreparersBusy         all processes that prepare articles are busy
├── UnsupportedOption     a speed or a format that is not available
├── LanguageNotSpoken     the voice does not speak the article's language
├── UnreadableInput       not text: binary, wrong encoding, not a file
├── InvalidLexicon        a lexicon file is invalid
├── InvalidMarkers        a markers file is invalid
├── InvalidSelector       a CSS selector is invalid
├── NarrationNotFound     no narration has this key
├── SegmentNotFound       a playlist has no segment of this number
├── NarrationPending      not ready within the wait
├── NarrationFailed       it could not be rendered
├── StreamAborted         the rest would not continue the bytes sent
├── NotReady              something that every narration needs is unavailable
├── ArticleNotFound       no article has this id
├── ArticleOutdated       a revision that was modified later is stored
├── AudioOff              an article that has no audio
├── PreconditionFailed    the article is not as If-Match requires
├── RevisionOutdated      a later revision of the article was stored
├── CutsNotFound          what was cut is not recorded
├── InvalidCursor         it is not the position of a list
├── AlreadyRunning        the data folder is in use
├── BackupRefused         the folder holds something else than a backup
├── PortInUse             the service cannot listen on its port
├── ChildProcessExited    a process of the service exited during start-up
└── InvalidSettings       a setting has an invalid value
"""

from voices.errors import OutspokenError


class NothingToRead(OutspokenError):
    """Cleaning left no paragraph of a page."""


class ArticleTooLong(OutspokenError):
    """An article has more characters than the setting allows."""


class PageTooLong(OutspokenError):
    """HTML has more characters, or deeper nesting, than can be read."""


class ArticleTooComplex(OutspokenError):
    """The preparation of an article was stopped by a limit of time or memory."""


class PreparersBusy(OutspokenError):
    """All processes that prepare articles are busy for too long."""


class UnsupportedOption(OutspokenError):
    """The requested speed or format is not available."""


class LanguageNotSpoken(OutspokenError):
    """The voice does not speak the language of the article."""


class UnreadableInput(OutspokenError):
    """The input is not text."""


class InvalidLexicon(OutspokenError):
    """A lexicon file is invalid."""


class InvalidMarkers(OutspokenError):
    """A markers file is invalid."""


class InvalidSelector(OutspokenError):
    """A CSS selector is invalid."""


class NarrationNotFound(OutspokenError):
    """No narration has this key."""


class SegmentNotFound(OutspokenError):
    """The playlist of a narration has no segment of this number."""


class NarrationPending(OutspokenError):
    """The audio is not ready within the wait."""


class NarrationFailed(OutspokenError):
    """The narration could not be rendered."""


class StreamAborted(OutspokenError):
    """The rest of a stream would not continue the bytes sent."""


class NotReady(OutspokenError):
    """Something that every narration needs is unavailable."""


class ArticleNotFound(OutspokenError):
    """No article has this id."""


class ArticleOutdated(OutspokenError):
    """The stored revision of an article was modified after the one that was sent."""


class AudioOff(OutspokenError):
    """The publisher switched the audio of an article off."""


class PreconditionFailed(OutspokenError):
    """An article is not as a conditional request requires."""


class RevisionOutdated(OutspokenError):
    """A request names a revision that is not the article's latest."""


class CutsNotFound(OutspokenError):
    """What was cut from an article is not recorded."""


class InvalidCursor(OutspokenError):
    """A cursor is not the position of a list."""


class AlreadyRunning(OutspokenError):
    """Another service uses the data folder."""


class BackupRefused(OutspokenError):
    """A folder that must not be overwritten by a backup, or there is no database."""


class PortInUse(OutspokenError):
    """The service cannot listen on its port."""


class ChildProcessExited(OutspokenError):
    """A process of the service exited during start-up."""


class InvalidSettings(OutspokenError):
    """A setting has an invalid value."""
