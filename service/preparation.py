"""An article is prepared: cleaned, written as a script, and given its key."""

from dataclasses import dataclass

from service.article import Article
from service.cleaning import Cleaned, Markers, clean, load_markers
from service.errors import ArticleTooLong, LanguageNotSpoken, NothingToRead
from service.page.language import language_name
from service.script import Announcements, Lexicon, Pauses, load_lexicon, write_script
from service.script.lexicon import require_known_phonemes
from service.settings import ServiceSettings
from voices.catalogue import Catalogue, open_catalogue
from voices.sentence import Script
from voices.voice import Voice
from workers.narration import JobSpec, NarrationKey, narration_key


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article that is ready to be read: nothing left to decide."""

    cleaned: Cleaned
    script: Script
    voice: Voice
    key: NarrationKey

    @property
    def order(self) -> JobSpec:
        """What a worker needs to make it."""
        return JobSpec(self.key, self.voice.id, self.script)


@dataclass(frozen=True, slots=True)
class ArticlePreparer:
    """How articles are prepared: who can read, what is cut, how words are said."""

    catalogue: Catalogue
    markers: Markers
    lexicon: Lexicon
    pauses: Pauses
    announcements: Announcements
    default_voice: str
    max_characters: int

    def prepare(self, article: Article, voice_id: str | None = None) -> PreparedArticle:
        """Clean an article, write its script and name its narration.

        Raises NothingToRead, ArticleTooLong, VoiceNotFound or LanguageNotSpoken.
        """
        voice = self.catalogue.find(voice_id or self.default_voice).voice
        self._require_spoken(article.language, voice)
        cleaned = clean(article, self.markers)
        read = (cleaned.article.title or "", *cleaned.article.paragraphs)
        length = sum(len(text) for text in read)
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
            message = (
                "The article has no words that can be spoken; check what was sent."
            )
            raise NothingToRead(message)
        return PreparedArticle(cleaned, script, voice, narration_key(script, voice))

    def _require_spoken(self, language: str, voice: Voice) -> None:
        if voice.speaks(language):
            return
        name = language_name(language)
        # The tone, which has no model, hums every language and speaks none.
        able = [
            one.id
            for one in self.catalogue.voices
            if one.speaks(language) and self.catalogue.find(one.id).model
        ]
        if able:
            raise LanguageNotSpoken(
                f"The article is in {name}, and voice {voice.id} does not speak it;"
                f" choose one of: {', '.join(able)}."
            )
        raise LanguageNotSpoken(
            f"The article is in {name}, and no voice here speaks it; install one that"
            " does, or say which language it is in if it is another."
        )


def load_preparer(settings: ServiceSettings) -> ArticlePreparer:
    """Put a studio together from the settings; no voice is loaded.

    Raises InvalidMarkers or InvalidLexicon.
    """
    catalogue = open_catalogue(settings.voices_folder)
    lexicon = load_lexicon(settings.lexicon)
    # Another voice may lack a sign: it then says the word by its own rules.
    voices = [catalogue.find(voice.id) for voice in catalogue.voices]
    default = [one for one in voices if one.voice.id == settings.voice and one.model]
    require_known_phonemes(lexicon, Catalogue(default or voices))
    return ArticlePreparer(
        catalogue=catalogue,
        markers=load_markers(settings.markers),
        lexicon=lexicon,
        pauses=Pauses.of_seconds(settings.pauses),
        announcements=settings.announcements,
        default_voice=settings.voice,
        max_characters=settings.max_characters,
    )
