"""The installation is examined: what `outspoken doctor` tells."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis import Redis

from service.cleaning import load_markers
from service.reading_options import announcements_of, pauses_of, selectors_of
from service.script import load_lexicon
from service.script.lexicon import require_known_phonemes
from service.settings import ServiceSettings
from service.supervisor.broker import find_server_program
from voices.catalogue import InstalledVoice, open_catalogue
from voices.errors import OutspokenError
from voices.open_engine import open_engine
from voices.sentence import Sentence, Token
from workers.errors import LibraryFull
from workers.queue.jobs import Jobs
from workers.storage.archive import open_archive, open_records
from workers.storage.atomic_files import translating_os_errors, writable
from workers.storage.blobs import open_library
from workers.storage.pins import Pins
from workers.storage.quota import LIBRARY_IS_FULL
from workers.storage.quotas import library_quota

_HELLO = Sentence("Hello.", (Token("Hello.", None),), pause_after=0)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Something that was looked at."""

    ok: bool
    text: str


def run_checks(settings: ServiceSettings) -> Iterator[CheckResult]:
    """Look at everything that a narration needs, and yield what was found."""
    yield _look(lambda: _data(settings))
    yield _look(lambda: _library(settings))
    yield _look(lambda: _room(settings))
    yield _look(lambda: _reading(settings))
    yield _look(lambda: _markers(settings))
    yield _look(lambda: _lexicon(settings))
    yield _look(lambda: _queue(settings))
    catalogue = open_catalogue(settings.voices_folder)
    for damaged in catalogue.damaged:
        yield CheckResult(ok=False, text=damaged)
    for voice in catalogue.voices:
        yield _look(functools.partial(_voice, catalogue.find(voice.id), settings))
    yield _look(lambda: _default_voice(settings))


def _look(check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(ok=True, text=check())
    except OutspokenError as error:
        return CheckResult(ok=False, text=str(error))


def _data(settings: ServiceSettings) -> str:
    with translating_os_errors(settings.data):
        writable(settings.data)
    return f"data folder {settings.data} can be written"


def _library(settings: ServiceSettings) -> str:
    open_library(settings.library_address).narrations.size("0" * 64)
    return f"library {settings.library_address} answers"


def _room(settings: ServiceSettings) -> str:
    if settings.library_limit is None:
        return "library has no limit"
    references = Pins(open_records(settings))
    archive = open_archive(settings)
    # Nothing is evicted here: what is being made does not matter.
    room = library_quota(settings, archive, references.keys, is_live=lambda _: True)
    if room and room.is_full():
        raise LibraryFull(LIBRARY_IS_FULL)
    return f"library keeps to its limit of {settings.library_limit:,} bytes"


def _reading(settings: ServiceSettings) -> str:
    selectors_of(settings)
    announcements_of(settings)
    pauses_of(settings)
    return "selectors, announcements and pauses are valid"


def _markers(settings: ServiceSettings) -> str:
    load_markers(settings.markers)
    return f"cleaning phrases {settings.markers or 'of the package'} are in order"


def _lexicon(settings: ServiceSettings) -> str:
    require_known_phonemes(
        load_lexicon(settings.lexicon), open_catalogue(settings.voices_folder)
    )
    return f"pronunciations {settings.lexicon or 'of the package'} are in order"


def _queue(settings: ServiceSettings) -> str:
    if settings.redis_url is None:
        return f"queue: serve will start {settings.broker or find_server_program()}"
    Jobs(Redis.from_url(settings.redis_url, decode_responses=True)).ping()
    return "queue: the Redis of OUTSPOKEN_REDIS_URL answers"


def _voice(installed: InstalledVoice, settings: ServiceSettings) -> str:
    engine = open_engine(
        installed,
        settings.voices_cache,
        settings.device,
        compile_graph=settings.compile,
    )
    seconds = engine.speak(_HELLO).sound().seconds
    return f"voice {installed.voice.id} speaks ({engine.description}, {seconds:.1f} s)"


def _default_voice(settings: ServiceSettings) -> str:
    open_catalogue(settings.voices_folder).find(settings.voice)
    return f"default voice {settings.voice} is installed"
