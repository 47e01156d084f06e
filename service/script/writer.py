"""From an article to everything that will be said, in order."""

from dataclasses import replace

from service.article import Article, ParagraphKind
from service.script.announcements import Announcements, announce
from service.script.lexicon import Lexicon, packaged_lexicon
from service.script.paragraph import MOST_SPOKEN, ParagraphReader
from service.script.pauses import Pauses
from service.script.structure import pause_after
from voices.sentence import TITLE, Script, Sentence

__all__ = ["MOST_SPOKEN", "normalize_text", "write_script"]


def write_script(
    article: Article,
    pauses: Pauses = Pauses(),  # noqa: B008 - frozen
    lexicon: Lexicon | None = None,
    announcements: Announcements = Announcements(),  # noqa: B008 - frozen
) -> Script:
    """Write what is said for a cleaned article: the title, then its paragraphs.

    Every token's span is in code points of its paragraph as given (`TITLE` for the
    title), in order; those of an announcement that no one wrote have none.  A sentence
    with nothing to say (only symbols) is left out, so a script of such sentences alone
    is empty, and announces nothing.  The same arguments give the same script.  Without
    a lexicon the packaged one is used.
    """
    reader = _reader(article.language, pauses, lexicon)
    title = reader.read(article.title, TITLE) if article.title else []
    body: list[Sentence] = []
    for number, paragraph in enumerate(article.paragraphs):
        if paragraph.kind is ParagraphKind.CODE:
            continue
        written = reader.read(paragraph.text, number, opening=not body)
        pause = pause_after(article.paragraphs, number, pauses)
        body += _followed_by(pause, written)
    if not title and not body:
        return Script(article.language, ())
    publication = announcements.publication
    intro = announce(announcements.intro, article, publication, reader)
    outro = announce(announcements.outro, article, publication, reader)
    headline = () if announcements.has_title else _followed_by(pauses.title, title)
    return Script(article.language, (*intro, *headline, *body, *outro))


def normalize_text(
    text: str, language: str = "en", lexicon: Lexicon | None = None
) -> str:
    """Return the spoken form of one piece of clean prose, on one line."""
    spoken = _reader(language, Pauses(), lexicon).read(text, 0, opening=True)
    return " ".join(sentence.spoken for sentence in spoken)


def _reader(language: str, pauses: Pauses, lexicon: Lexicon | None) -> ParagraphReader:
    return ParagraphReader(
        language, packaged_lexicon() if lexicon is None else lexicon, pauses
    )


def _followed_by(pause: int, sentences: list[Sentence]) -> list[Sentence]:
    """Sentences with a pause of their own after the last."""
    if sentences:
        sentences[-1] = replace(sentences[-1], pause_after=pause)
    return sentences
