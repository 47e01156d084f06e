"""Input of the engines: a `Script` of `Sentence`s made of `Token`s."""

from dataclasses import dataclass

TITLE = -1
"""The paragraph number of a span in the article's title."""


@dataclass(frozen=True, slots=True)
class Span:
    """The range of the cleaned article that a token was made from."""

    paragraph: int
    """Index of the cleaned paragraph, from 0; `TITLE` for the title."""

    start: int
    """First code point, counted in the paragraph as the reader sees it."""

    end: int
    """One past the last code point."""


@dataclass(frozen=True, slots=True)
class Token:
    """A written word and its spoken form.

    "8)" in "Feb 8)" is spoken as "eighth,": prosodic punctuation stays with the word.
    """

    spoken: str
    """Text for the voice: words and prosodic punctuation, never empty."""

    span: Span | None
    """The written words; None for inserted words."""

    ipa: str | None = None
    """Its pronunciation in the International Phonetic Alphabet, with stress marks and
    without punctuation; None applies the voice's own rules."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that an engine speaks."""

    text: str
    """As written, for captions and highlights."""

    tokens: tuple[Token, ...]
    """The spoken words, in order; at least one."""

    pause_after: int
    """Silence after the sentence, in milliseconds."""

    @property
    def spoken(self) -> str:
        """The whole sentence as the voice reads it."""
        return " ".join(token.spoken for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Script:
    """The sentences of a narration, in order; part of its key."""

    language: str
    """BCP 47 tag of the language it is written in, such as "en" or "en-GB"."""

    sentences: tuple[Sentence, ...]
