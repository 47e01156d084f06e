"""Scripts whose words are spoken as they are written."""

import re

from voices.sentence import TITLE, Script, Sentence, Span, Token


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
