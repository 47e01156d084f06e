"""Scripts whose words are spoken as they are written."""

import re

from voices.sentence import TITLE, Script, Sentence, Span, Token
from workers.narration import Timing, Transcript

RATE = 22_050
_TOKEN_S = 0.35


def script_of(title: str, *sentences: str) -> Script:
    """Return a script whose words are said as they are written."""
    titled = sentence_of(title, TITLE, pause=900)
    body = [sentence_of(text, number) for number, text in enumerate(sentences)]
    return Script("en", (titled, *body))


def sentence_of(text: str, paragraph: int = 0, pause: int = 400) -> Sentence:
    """Return a sentence whose words are said as they are written."""
    tokens = tuple(
        Token(word[0], Span(paragraph, word.start(), word.end()))
        for word in re.finditer(r"\S+", text)
    )
    return Sentence(text, tokens, pause)


def transcript_of(script: Script, token_s: float = _TOKEN_S) -> Transcript:
    """Return the transcript of a script whose tokens all take the same time."""
    timings, position = [], 0
    for number, sentence in enumerate(script.sentences):
        start, words = position, []
        for _ in sentence.tokens:
            words.append((position, position + round(token_s * RATE)))
            position = words[-1][1]
        timings.append(Timing(number, start, position, tuple(words)))
        position += sentence.pause_after * RATE // 1000
    return Transcript(script, tuple(timings), RATE)
