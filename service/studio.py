"""An article is prepared: cleaned, written as a script, and given its key."""

from dataclasses import dataclass

from service.article import Article
from service.cleaning import Cleaned, Markers, clean, load_markers
from service.errors import ArticleTooLong, LanguageNotSpoken, NothingToRead
from service.script import write_script
from service.settings import Settings
from voices.catalogue import Catalogue, open_catalogue
from voices.sentence import Script
from voices.voice import Voice
from workers.narration import NarrationKey, narration_key
from workers.queue import Order


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article that is ready to be read: nothing left to decide."""

    cleaned: Cleaned
    script: Script
    voice: Voice
    key: NarrationKey

    @property
    def order(self) -> Order:
        """What a worker needs to make it."""
        return Order(self.key, self.voice.id, self.script)


@dataclass(frozen=True, slots=True)
class Studio:
    """How articles are prepared: who can read, what is cut, how much is too much."""

    catalogue: Catalogue
    markers: Markers
    default_voice: str
    max_characters: int

    def prepare(self, article: Article, voice_id: str | None = None) -> Prepared:
        """Clean an article, write its script and name its narration.

        Raises NothingToRead, ArticleTooLong, VoiceNotFound or LanguageNotSpoken.
        """
        voice = self.catalogue.find(voice_id or self.default_voice).voice
        cleaned = clean(article, self.markers)
        read = (cleaned.article.title or "", *cleaned.article.paragraphs)
        length = sum(len(text) for text in read)
        if length > self.max_characters:
            message = (
                f"The article has {length:,} characters and {self.max_characters:,} are"
                " allowed; shorten it or raise OUTSPOKEN_MAX_CHARACTERS."
            )
            raise ArticleTooLong(message)
        script = write_script(cleaned.article)
        if not script.sentences:
            message = (
                "The article has no words that can be spoken; check what was sent."
            )
            raise NothingToRead(message)
        if not voice.speaks(script.language):
            message = (
                f"Voice {voice.id} does not speak {script.language!r}; choose a voice"
                " that does (`outspoken voices list`)."
            )
            raise LanguageNotSpoken(message)
        return Prepared(cleaned, script, voice, narration_key(script, voice))


def open_studio(settings: Settings) -> Studio:
    """Put a studio together from the settings; no voice is loaded.

    Raises MarkersBroken.
    """
    return Studio(
        catalogue=open_catalogue(),
        markers=load_markers(settings.markers),
        default_voice=settings.voice,
        max_characters=settings.max_characters,
    )
