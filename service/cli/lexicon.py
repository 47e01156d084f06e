"""`outspoken lexicon`: check, explain and exchange pronunciations."""

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
    """Check, explain and exchange pronunciations."""


@lexicon.command()
@click.argument("file", required=False, type=_FILE)
def check(file: Path | None) -> None:
    """Check FILE, or every lexicon in use.

    In use are OUTSPOKEN_LEXICON and the packaged lexicons.

    Example: outspoken lexicon check names.toml
    """
    wordlists = (
        (read_wordlist(file),)
        if file
        else load_lexicon(read_settings().lexicon).wordlists
    )
    require_known_phonemes(Lexicon(wordlists), _catalogue())
    for wordlist in wordlists:
        click.echo(f"{wordlist.source}: {len(wordlist.entries)} entries are valid")


@lexicon.command("explain")
@click.argument("word")
@click.option(
    "--language", default="en", show_default=True, help="Language of the text."
)
def explain_word(word: str, language: str) -> None:
    """Print how a word or a short phrase is said, and why.

    Example: outspoken lexicon explain Kyiv
    """
    print_explanation(word, language)


@lexicon.command("import")
@click.argument("file", metavar="FILE.pls", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="A TOML file; default: stdout.")
def import_pls(file: Path, output: Path | None) -> None:
    """Convert a W3C pronunciation lexicon (PLS 1.0) to TOML.

    Example: outspoken lexicon import names.pls -o names.toml
    """
    wordlist = read_pls(read_bytes(str(file)), str(file))
    require_known_phonemes(Lexicon((wordlist,)), _catalogue())
    _put(write_wordlist(wordlist).encode(), output)


@lexicon.command("export")
@click.argument("file", required=False, metavar="[FILE.toml]", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="A PLS file; default: stdout.")
def export_pls(file: Path | None, output: Path | None) -> None:
    """Convert FILE to PLS 1.0.

    Without FILE it converts OUTSPOKEN_LEXICON, else the packaged lexicon.

    Example: outspoken lexicon export names.toml -o names.pls
    """
    wordlist = _chosen(file or read_settings().lexicon)
    _put(write_pls(wordlist), output)
    lossy = sum(not (entry.case and entry.whole_word) for entry in wordlist.entries)
    if lossy:
        click.echo(
            f"{lossy} entries lose `case` or `whole_word`, which PLS cannot express.",
            err=True,
        )


def print_explanation(phrase: str, language: str = "en") -> None:
    """Print one line per word of a phrase: written, spoken, reason."""
    # A lone surrogate in an argument cannot be printed; it becomes "?".
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    for word in explain(phrase, language, load_lexicon(read_settings().lexicon)):
        spoken = f"/{word.ipa}/" if word.ipa else word.spoken
        click.echo(f"{word.written}\t{spoken}\t{word.by}")


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
