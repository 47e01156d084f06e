"""What a voice is asked to say: a `Script` of `Sentence`s made of `Token`s."""

from dataclasses import dataclass

TITLE = -1
"""The paragraph number of a span that lies in the article's title."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the cleaned article that a spoken word stands for."""

    paragraph: int
    """Index of the cleaned paragraph, from 0; `TITLE` for the title."""

    start: int
    """First code point, counted in the paragraph as the reader sees it."""

    end: int
    """One past the last code point."""


@dataclass(frozen=True, slots=True)
class Token:
    """One written word, and what is said for it.

    "8)" in "Feb 8)" is said "eighth,": punctuation that shapes the voice stays with
    the spoken word.
    """

    spoken: str
    """What the voice reads: words and prosodic punctuation, never empty."""

    span: Span | None
    """The written words it stands for; None for words that no one wrote."""

    ipa: str | None = None
    """How it is said, in the International Phonetic Alphabet, with stress marks and
    without punctuation; None leaves that to the voice's own rules."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing a voice is asked to say."""

    text: str
    """As written, for captions and highlights."""

    tokens: tuple[Token, ...]
    """What is said, in order; at least one."""

    pause_after: int
    """Silence after the sentence, in milliseconds."""

    @property
    def spoken(self) -> str:
        """The whole sentence as the voice reads it."""
        return " ".join(token.spoken for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that is to be said, in order: the identity of a narration."""

    language: str
    """BCP 47 tag of the language it is written in, such as "en" or "en-GB"."""

    sentences: tuple[Sentence, ...]
