"""`outspoken lexicon`: how names are said."""

import sys
from pathlib import Path

import click

from service.cli.sources import read_bytes
from service.script import Lexicon, explain, load_lexicon
from service.script.lexicon import (
    Wordlist,
    packaged_wordlists,
    read_pls,
    read_wordlist,
    require_known_phonemes,
    write_pls,
    write_wordlist,
)
from service.settings import read_settings
from voices.catalogue import Catalogue, open_catalogue
from workers.storage.atomic_files import replace_file, translating_os_errors

_FILE = click.Path(path_type=Path)


@click.group()
def lexicon() -> None:
    """Check and exchange pronunciations, and see how a word is said."""


@lexicon.command()
@click.argument("file", required=False, type=_FILE)
def check(file: Path | None) -> None:
    """Check FILE, or everything that is in use: OUTSPOKEN_LEXICON and the package's.

    Example: outspoken lexicon check names.toml
    """
    wordlists = (
        (read_wordlist(file),)
        if file
        else load_lexicon(read_settings().lexicon).wordlists
    )
    require_known_phonemes(Lexicon(wordlists), _catalogue())
    for one in wordlists:
        click.echo(f"{one.source}: {len(one.entries)} entries are in order")


@lexicon.command("explain")
@click.argument("word")
@click.option("--language", default="en", show_default=True, help="Of the text.")
def explain_word(word: str, language: str) -> None:
    """Tell how a word or a short phrase is said, and why.

    Example: outspoken lexicon explain Kyiv
    """
    print_explanation(word, language)


@lexicon.command("import")
@click.argument("file", metavar="FILE.pls", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="A TOML file; default: stdout.")
def import_pls(file: Path, output: Path | None) -> None:
    """Turn a W3C pronunciation lexicon (PLS 1.0) into a TOML file.

    Example: outspoken lexicon import names.pls -o names.toml
    """
    wordlist = read_pls(read_bytes(str(file)), str(file))
    require_known_phonemes(Lexicon((wordlist,)), _catalogue())
    _put(write_wordlist(wordlist).encode(), output)


@lexicon.command("export")
@click.argument("file", required=False, metavar="[FILE.toml]", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="A PLS file; default: stdout.")
def export_pls(file: Path | None, output: Path | None) -> None:
    """Turn FILE, else OUTSPOKEN_LEXICON, else the package's, into PLS 1.0.

    Example: outspoken lexicon export names.toml -o names.pls
    """
    wordlist = _chosen(file or read_settings().lexicon)
    _put(write_pls(wordlist), output)
    lost = sum(not (one.case and one.whole_word) for one in wordlist.entries)
    if lost:
        click.echo(
            f"{lost} entries lose their case or whole_word, for which PLS has no word.",
            err=True,
        )


def print_explanation(phrase: str, language: str = "en") -> None:
    """Print a line for every word of a phrase: written, said, why."""
    # Half a character of a strange argument cannot be printed; it becomes "?".
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    for one in explain(phrase, language, load_lexicon(read_settings().lexicon)):
        said = f"/{one.ipa}/" if one.ipa else one.spoken
        click.echo(f"{one.written}\t{said}\t{one.by}")


def _catalogue() -> Catalogue:
    return open_catalogue(read_settings().voices_folder)


def _chosen(path: Path | None) -> Wordlist:
    return read_wordlist(path) if path else next(packaged_wordlists())


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
        return
    with translating_os_errors(output):
        replace_file(output, content)
