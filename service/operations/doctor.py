"""Check an installation, for `outspoken doctor`."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis import Redis

from service.cleaning import load_markers
from service.reading_options import announcements_of, page_options_of, pauses_of
from service.script import load_lexicon
from service.script.lexicon import require_known_phonemes
from service.settings import ServiceSettings
from service.supervisor.embedded_redis import find_server_program
from voices.catalogue import InstalledVoice, open_catalogue
from voices.errors import OutspokenError
from voices.open_engine import open_engine
from voices.sentence import Sentence, Token
from workers.database import open_database
from workers.database.migrate import read_version
from workers.errors import LibraryFull
from workers.queue.jobs import Jobs
from workers.storage.atomic_files import require_writable, translating_os_errors
from workers.storage.blobs import open_library
from workers.storage.library_quota import LIBRARY_IS_FULL, LibraryQuota

_GREETING = Sentence("Hello.", (Token("Hello.", None),), pause_after=0)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check."""

    ok: bool

    text: str
    """The result, or the problem and how to fix it."""


def run_checks(settings: ServiceSettings) -> Iterator[CheckResult]:
    """Check settings, folders, queue and voices; yield one result per check."""
    yield _check(lambda: _data(settings))
    yield _check(lambda: _library(settings))
    yield _check(lambda: _database(settings))
    yield _check(lambda: _library_limit(settings))
    yield _check(lambda: _reading(settings))
    yield _check(lambda: _markers(settings))
    yield _check(lambda: _lexicon(settings))
    yield _check(lambda: _queue(settings))
    catalogue = open_catalogue(settings.voices_folder)
    for damaged in catalogue.damaged:
        yield CheckResult(ok=False, text=damaged)
    for voice in catalogue.voices:
        yield _check(functools.partial(_voice, catalogue.find(voice.id), settings))
    yield _check(lambda: _default_voice(settings))


def _check(check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(ok=True, text=check())
    except OutspokenError as error:
        return CheckResult(ok=False, text=str(error))


def _data(settings: ServiceSettings) -> str:
    with translating_os_errors(settings.data):
        require_writable(settings.data)
    return f"data folder {settings.data} can be written"


def _library(settings: ServiceSettings) -> str:
    library = open_library(
        settings.library_address,
        settings.data,
        settings.redis_url,
        for_requests=True,
    )
    library.narrations.size("0" * 64)
    return f"library {settings.library_address} answers"


def _database(settings: ServiceSettings) -> str:
    database = open_database(settings.database_address)
    return f"database {database.place} answers (version {read_version(database)})"


def _library_limit(settings: ServiceSettings) -> str:
    if settings.library_limit is None:
        return "library has no limit"
    database = open_database(settings.database_address)
    if LibraryQuota(database, settings.library_limit).is_full():
        raise LibraryFull(LIBRARY_IS_FULL)
    return f"library is below its limit of {settings.library_limit:,} bytes"


def _reading(settings: ServiceSettings) -> str:
    page_options_of(settings)
    announcements_of(settings)
    pauses_of(settings)
    return "page options, announcements and pauses are valid"


def _markers(settings: ServiceSettings) -> str:
    load_markers(settings.markers)
    return f"cleaning phrases {settings.markers or 'of the package'} are valid"


def _lexicon(settings: ServiceSettings) -> str:
    require_known_phonemes(
        load_lexicon(settings.lexicon), open_catalogue(settings.voices_folder)
    )
    return f"pronunciations {settings.lexicon or 'of the package'} are valid"


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
    seconds = engine.speak(_GREETING).sound().seconds
    return f"voice {installed.voice.id} speaks ({engine.description}, {seconds:.1f} s)"


def _default_voice(settings: ServiceSettings) -> str:
    open_catalogue(settings.voices_folder).find(settings.voice)
    return f"default voice {settings.voice} is installed"
