"""Write what a narration says by paragraphs: as cues, as plain text."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from service.captions.cues import Cue, is_spaced, paragraphs_of
from service.captions.pieces import columns, split_sentence
from service.captions.timing_map import TimedSentence, timed_sentences
from workers.narration import Transcript

PARAGRAPH_END = "\n\n"
"""What is between two paragraphs of the plain text."""

_PARAGRAPH_COLUMNS = 65
"""Longest line of a paragraph's cue, as podcast apps ask for."""


def wrap_paragraphs(transcript: Transcript) -> Iterator[Cue]:
    """Yield a cue for each paragraph and each announcement, in lines of 65 columns."""
    for sentences in paragraphs_of(timed_sentences(transcript)):
        first, last = sentences[0], sentences[-1]
        text = "".join(spaced_sentences(sentences))
        yield Cue(first.start, last.end, tuple(_lines(sentences)), text)


def write_text(transcript: Transcript) -> str:
    """Return what is read as plain text, with an empty line between paragraphs."""
    paragraphs = (
        "".join(spaced_sentences(sentences))
        for sentences in paragraphs_of(timed_sentences(transcript))
    )
    return PARAGRAPH_END.join(paragraphs) + "\n"


def spaced_sentences(sentences: Sequence[TimedSentence]) -> Iterator[str]:
    """Yield the texts of a paragraph's sentences, each with the space before it."""
    if sentences:
        yield sentences[0].text
    for before, after in pairwise(sentences):
        yield " " * is_spaced(before, after) + after.text


def _lines(sentences: Sequence[TimedSentence]) -> Iterator[str]:
    line, before = "", None
    for sentence in sentences:
        spaced = before is not None and is_spaced(before, sentence)
        before = sentence
        for piece in split_sentence(sentence, is_spaced=spaced):
            longer = f"{line}{' ' * piece.is_spaced}{piece.text}"
            if line and columns(longer) > _PARAGRAPH_COLUMNS:
                yield line
                longer = piece.text
            line = longer
    yield line
