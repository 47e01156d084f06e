"""Prepare an article: parse, clean, write its script, compute its key."""

from dataclasses import dataclass, replace
from typing import Protocol

from service.article import Article, ContentSource, Omitted, ParagraphKind
from service.cleaning import Cleaned, Cut, Markers, clean, load_markers
from service.cleaning.report import CleaningReport
from service.errors import (
    ArticleTooLong,
    LanguageNotSpoken,
    NothingToRead,
    UnsupportedOption,
)
from service.page import PageOptions, read_html, read_markdown, read_text
from service.page.bounds.lengths import check_text
from service.page.bounds.readable import check_readable
from service.page.language import language_name
from service.reading_options import announcements_of, page_options_of, pauses_of
from service.script import Announcements, Lexicon, Pauses, load_lexicon, write_script
from service.script.lexicon import require_known_phonemes
from service.settings import ServiceSettings
from voices.catalogue import Catalogue, open_catalogue
from voices.sentence import Script
from voices.voice import Voice
from workers.narration import NORMAL_SPEED, JobSpec, NarrationKey, narration_key

_CODE = "code"
"""Rule of program code."""

_WHOLE_PAGE = ("body",)
"""Selectors that include everything, for an article that is sent alone."""

_AROUND_ARTICLE = frozenset(
    {"after-body", "aside", "before-body", "beside-body", "menu"}
)
"""Rules of markup for what is around an article; one that is sent alone has nothing
around it, so an `aside` is a part of it."""


@dataclass(frozen=True, slots=True)
class ArticleRequest:
    """An article as it was sent, and how to read it.

    Exactly one of text, html and markdown is set.
    """

    text: str | None = None
    html: str | None = None
    markdown: str | None = None

    title: str | None = None
    """Replaces the title that the page itself gives."""

    byline: str | None = None
    published: str | None = None
    modified: str | None = None
    url: str | None = None
    image: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()

    source: ContentSource | None = None
    """What was sent, a page or the article alone; None to detect it."""

    clean: bool = True
    """Whether to clean at all; if not, everything but program code is read as sent.

    An article alone (`source`) is cleaned: advertisement markers and repeats are cut,
    what its markup hides is not read, and its headline is found.
    """

    voice: str | None = None
    """Id of the voice; None for the default voice."""

    speed: float = NORMAL_SPEED
    format: str = "mp3"


@dataclass(frozen=True, slots=True)
class PreparedSummary:
    """What a request is answered about a prepared article."""

    key: NarrationKey
    voice: str
    title: str | None
    byline: str | None
    report: CleaningReport


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article that is ready to be rendered."""

    cleaned: Cleaned
    script: Script
    voice: Voice
    key: NarrationKey
    speed: float = NORMAL_SPEED

    @property
    def spec(self) -> JobSpec:
        """The job spec that a worker needs to render it."""
        return JobSpec(self.key, self.voice.id, self.script, self.speed)

    @property
    def summary(self) -> PreparedSummary:
        """Its key, metadata and cuts, without the script."""
        article = self.cleaned.article
        report = CleaningReport.of(self.cleaned)
        return PreparedSummary(
            self.key, self.voice.id, article.title, article.byline, report
        )


class Preparer(Protocol):
    """Prepares articles, in this process or in others."""

    def prepare(self, request: ArticleRequest) -> PreparedArticle:
        """Do what `ArticlePreparer.prepare` does."""
        ...


@dataclass(frozen=True, slots=True)
class ArticlePreparer:
    """Prepares articles: holds voices, cleaning rules and pronunciations."""

    catalogue: Catalogue
    markers: Markers
    lexicon: Lexicon
    pauses: Pauses
    announcements: Announcements
    default_voice: str
    max_characters: int
    max_html: int

    page_options: PageOptions
    """Which parts of the publisher's pages are read."""

    def prepare(self, request: ArticleRequest) -> PreparedArticle:
        """Parse and clean an article, write its script and compute its key.

        Raises:
            UnreadableInput: It is binary or was decoded in the wrong encoding.
            PageTooLong: The HTML or Markdown is longer than the limit, or has too many
                elements; the text has too many lines.
            ArticleTooLong: The cleaned article is longer than the limit.
            NothingToRead: Cleaning left no words that can be spoken.
            VoiceNotFound: No voice with this id is installed.
            LanguageNotSpoken: The voice does not speak the article's language.
            UnsupportedOption: The speed or the format is not available.
        """
        if request.speed != NORMAL_SPEED or request.format != "mp3":
            message = (
                f"Speed {request.speed:g} in format {request.format} is not available;"
                " use speed 1 and format mp3."
            )
            raise UnsupportedOption(message)
        article = read_article(request, self.page_options, self.max_html)
        voice = self.catalogue.find(request.voice or self.default_voice).voice
        self._require_spoken(article.language, voice)
        cleaned = clean(article, self.markers) if request.clean else _as_sent(article)
        texts = (cleaned.article.title or "", *cleaned.article.texts)
        length = sum(len(text) for text in texts)
        if length > self.max_characters:
            message = (
                f"The article has {length:,} characters and {self.max_characters:,} are"
                " allowed; shorten it or raise OUTSPOKEN_MAX_CHARACTERS."
            )
            raise ArticleTooLong(message)
        script = write_script(
            cleaned.article, self.pauses, self.lexicon, self.announcements
        )
        if not script.sentences:
            message = "The article has no words that can be spoken; check the text."
            raise NothingToRead(message)
        key = narration_key(script, voice, request.speed)
        return PreparedArticle(cleaned, script, voice, key, request.speed)

    def _require_spoken(self, language: str, voice: Voice) -> None:
        if voice.speaks(language):
            return
        name = language_name(language)
        # The tone, which has no model, hums every language and speaks none.
        speakers = [
            other.id
            for other in self.catalogue.voices
            if other.speaks(language) and self.catalogue.find(other.id).model
        ]
        if speakers:
            raise LanguageNotSpoken(
                f"The article is in {name}, and voice {voice.id} does not speak it;"
                f" choose one of: {', '.join(speakers)}."
            )
        raise LanguageNotSpoken(
            f"The article is in {name}, and no installed voice speaks it; install one"
            " that does, or set its language if this is wrong."
        )


def load_preparer(settings: ServiceSettings) -> ArticlePreparer:
    """Build a preparer from the settings; no voice is loaded.

    Raises:
        InvalidSettings: A selector, template or pause is not valid.
        InvalidMarkers: The publisher's file of cleaning phrases cannot be used.
        InvalidLexicon: The publisher's file of pronunciations cannot be used.
    """
    catalogue = open_catalogue(settings.voices_folder)
    lexicon = load_lexicon(settings.lexicon)
    # Only the default voice must know every phoneme: another one that lacks a phoneme
    # says the word by its own rules.
    voices = [catalogue.find(voice.id) for voice in catalogue.voices]
    default = [
        voice for voice in voices if voice.voice.id == settings.voice and voice.model
    ]
    require_known_phonemes(lexicon, Catalogue(default or voices))
    return ArticlePreparer(
        catalogue=catalogue,
        markers=load_markers(settings.markers),
        lexicon=lexicon,
        pauses=pauses_of(settings),
        announcements=announcements_of(settings),
        default_voice=settings.voice,
        max_characters=settings.max_characters,
        max_html=settings.max_html,
        page_options=page_options_of(settings),
    )


def read_article(
    request: ArticleRequest, options: PageOptions, limit: int | None
) -> Article:
    """Parse what was sent, and omit program code, which cannot be read aloud.

    Code is omitted before cleaning, so that it is neither taken for the headline nor
    for prose around other lines.

    Args:
        request: the article as it was sent.
        options: which parts of the publisher's pages are read.
        limit: the most characters of HTML or Markdown.

    Raises:
        PageTooLong: the HTML or Markdown is longer than the limit.
    """
    article = _parse(request, options, limit)
    if request.source is ContentSource.ARTICLE:
        article = _without_exclusions(article)
    return _omit_code(
        replace(
            article,
            source=request.source,
            language=request.language or article.language,
            byline=request.byline or article.byline,
            published=request.published or article.published,
        )
    )


def _parse(request: ArticleRequest, options: PageOptions, limit: int | None) -> Article:
    check_readable(request.text or request.html or request.markdown or "")
    if request.html is not None:
        if request.source is ContentSource.ARTICLE:
            options = replace(options, include=_WHOLE_PAGE)
        return read_html(
            request.html,
            url=request.url,
            title=request.title,
            options=options,
            limit=limit,
        )
    if request.markdown is not None:
        return read_markdown(
            request.markdown, title=request.title, options=options, limit=limit
        )
    text = request.text or ""
    check_text(text)
    return read_text(text, title=request.title)


def _without_exclusions(article: Article) -> Article:
    """Return an article without the omissions that assume a page around it."""
    omitted = tuple(
        omission for omission in article.omitted if omission.rule not in _AROUND_ARTICLE
    )
    return replace(article, omitted=omitted, extraction=None)


def _omit_code(article: Article) -> Article:
    omitted = {omission.line for omission in article.omitted}
    code = [
        Omitted(line, _CODE)
        for line, paragraph in enumerate(article.paragraphs)
        if paragraph.kind is ParagraphKind.CODE and line not in omitted
    ]
    omissions = sorted((*article.omitted, *code), key=lambda omission: omission.line)
    return replace(article, omitted=tuple(omissions))


def _as_sent(article: Article) -> Cleaned:
    """Return an article without cleaning; only program code is cut."""
    cuts = tuple(
        Cut(_CODE, paragraph.text, line)
        for line, paragraph in enumerate(article.paragraphs)
        if paragraph.kind is ParagraphKind.CODE
    )
    kept = tuple(
        paragraph
        for paragraph in article.paragraphs
        if paragraph.kind is not ParagraphKind.CODE
    )
    return Cleaned(replace(article, paragraphs=kept, omitted=()), cuts)
