"""Write a voice's sample narration to a file."""

from pathlib import Path

from service.article import Article, plain_paragraphs
from service.bulk.outputs import write_as
from service.errors import NothingToRead
from service.script import load_lexicon, write_script
from service.settings import ServiceSettings
from voices.catalogue import open_catalogue
from voices.install.sample_texts import ANY, sample_of
from voices.open_engine import open_engine
from workers.rendering.render import render_script


def write_voice_sample(
    voice_id: str, text: str | None, path: Path, settings: ServiceSettings
) -> float:
    """Narrate a text to a file and return its length in seconds.

    Without `text` the voice reads sample sentences in its own language.  The text is
    prepared like an article; nothing is stored in the library.

    Raises:
        VoiceNotFound: the voice is not installed.
        InvalidVoice: its files are damaged.
        NothingToRead: the text has no words.
        SynthesisFailed: a sentence cannot be spoken.
        EncodingFailed: the audio cannot be encoded.
        StorageFailed: the file cannot be written.
    """
    installed = open_catalogue(settings.voices_folder).find(voice_id)
    tag = installed.voice.language
    paragraph = " ".join(sample_of(tag)) if text is None else text
    language = ANY if tag == "mul" else tag
    article = Article(None, plain_paragraphs([paragraph]), language=language)
    script = write_script(article, lexicon=load_lexicon(settings.lexicon))
    if not script.sentences:
        raise NothingToRead("The text has no words that can be spoken; give another.")
    engine = open_engine(
        installed,
        settings.voices_cache,
        settings.device,
        compile_graph=settings.compile,
    )
    narration = render_script(script, engine, lambda _done, _total: None)
    write_as(narration.mp3, path)
    return narration.samples / narration.rate
