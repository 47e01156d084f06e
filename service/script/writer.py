"""Write the script of an article."""

from dataclasses import replace

from service.article import Article, ParagraphKind
from service.script.announcements import Announcements, announce
from service.script.lexicon import Lexicon, packaged_lexicon
from service.script.paragraph import MAX_SPOKEN_CHARACTERS, ParagraphReader
from service.script.pauses import Pauses
from service.script.structure import pause_after
from voices.sentence import TITLE, Script, Sentence

__all__ = ["MAX_SPOKEN_CHARACTERS", "normalize_text", "write_script"]


def write_script(
    article: Article,
    pauses: Pauses = Pauses(),  # noqa: B008 - frozen
    lexicon: Lexicon | None = None,
    announcements: Announcements = Announcements(),  # noqa: B008 - frozen
) -> Script:
    """Write the script of a cleaned article: the title, then its paragraphs.

    Each token's span is in code points of its paragraph as passed (`TITLE` for the
    title); spans are in order, and words of announcements have none.  Sentences of
    symbols only and program code are left out; if no others remain, the script is
    empty and has no announcements.  The same arguments give the same script.  The
    default is the packaged lexicon.
    """
    reader = _reader(article.language, pauses, lexicon)
    title = reader.read(article.title, TITLE) if article.title else []
    body: list[Sentence] = []
    for number, paragraph in enumerate(article.paragraphs):
        if paragraph.kind is ParagraphKind.CODE:
            continue
        sentences = reader.read(paragraph.text, number, opening=not body)
        pause = pause_after(article.paragraphs, number, pauses)
        body += _set_last_pause(pause, sentences)
    if not title and not body:
        return Script(article.language, ())
    publication = announcements.publication
    intro = announce(announcements.intro, article, publication, reader)
    outro = announce(announcements.outro, article, publication, reader)
    headline = () if announcements.has_title else _set_last_pause(pauses.title, title)
    return Script(article.language, (*intro, *headline, *body, *outro))


def normalize_text(
    text: str, language: str = "en", lexicon: Lexicon | None = None
) -> str:
    """Return the spoken form of a piece of clean prose, on one line."""
    sentences = _reader(language, Pauses(), lexicon).read(text, 0, opening=True)
    return " ".join(sentence.spoken for sentence in sentences)


def _reader(language: str, pauses: Pauses, lexicon: Lexicon | None) -> ParagraphReader:
    return ParagraphReader(
        language, packaged_lexicon() if lexicon is None else lexicon, pauses
    )


def _set_last_pause(pause: int, sentences: list[Sentence]) -> list[Sentence]:
    """Set the pause after the last sentence, in milliseconds."""
    if sentences:
        sentences[-1] = replace(sentences[-1], pause_after=pause)
    return sentences
