"""Read and write wordlists as TOML.

language = "en"
entries = [
    { grapheme = "Kyiv", as = "alias", value = "keev", case = false },
]
"""

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from service.errors import InvalidLexicon
from service.script.lexicon.entry import EntryKind, LexiconEntry, validation_error
from service.script.lexicon.wordlist import Lexicon, Wordlist, primary

_KEYS = {"language", "entries"}
_TEXTS = {"grapheme", "as", "value", "seen"}
_FLAGS = {"case", "whole_word"}
_PACKAGED = "voices/lexicons"


def load_lexicon(path: Path | None = None) -> Lexicon:
    """Read a publisher's wordlist, if any, followed by the packaged ones.

    Raises:
        InvalidLexicon: The file cannot be read or an entry is not valid.
    """
    own = [read_wordlist(path)] if path else []
    return Lexicon((*own, *packaged_wordlists()))


def packaged_wordlists() -> Iterator[Wordlist]:
    """Read the packaged wordlists, in the order of their names."""
    folder = files("voices").joinpath("lexicons")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield parse_wordlist(file.read_text("utf-8"), f"{_PACKAGED}/{file.name}")


def read_wordlist(path: Path) -> Wordlist:
    """Read a wordlist from a file.

    Raises:
        InvalidLexicon: The file is not UTF-8 text, or see `parse_wordlist`.
    """
    try:
        toml = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidLexicon(
            f"{path} cannot be read as UTF-8 text; check the path and the encoding."
        ) from error
    return parse_wordlist(toml, str(path))


def parse_wordlist(toml: str, source: str) -> Wordlist:
    """Parse a wordlist; `source` names it in errors.

    Raises:
        InvalidLexicon: The text is not TOML, an entry has unknown keys or invalid
            values, or two entries are for the same word.
    """
    try:
        document = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise InvalidLexicon(
            f"Correct {source}, which is not TOML: {error}."
        ) from error
    unknown = ", ".join(sorted(document.keys() - _KEYS))
    _require(not unknown, source, f"it has unknown keys ({unknown})")
    language = document.get("language", "en")
    _require(isinstance(language, str), source, "language must be a string")
    rows = document.get("entries", [])
    _require(isinstance(rows, list), source, "entries must be a list")
    entries = [
        _entry_of(row, f"entry {number}", source) for number, row in enumerate(rows, 1)
    ]
    return checked(Wordlist(source, primary(language), tuple(entries)))


def checked(wordlist: Wordlist) -> Wordlist:
    """Return a wordlist unchanged if all entries are valid.

    Raises:
        InvalidLexicon: An entry is not valid or is a duplicate; names the first.
    """
    number_of: dict[tuple[bool, str], int] = {}
    for number, entry in enumerate(wordlist.entries, 1):
        where = f"entry {number} ({entry.grapheme!r})"
        error = validation_error(entry)
        _require(error is None, wordlist.source, f"{where} {error}")
        key = entry.case, entry.plain if entry.case else entry.plain.casefold()
        earlier = number_of.setdefault(key, number)
        duplicate = f"{where} is for the same word as entry {earlier}"
        _require(earlier == number, wordlist.source, duplicate)
    return wordlist


def write_wordlist(wordlist: Wordlist) -> str:
    """Return a wordlist as TOML, with its entries sorted."""
    rows = sorted(map(_row_of, wordlist.entries), key=str.casefold)
    return "\n".join(
        [f"language = {_quoted(wordlist.language)}", "entries = [", *rows, "]", ""]
    )


def _entry_of(
    row: Any,  # noqa: ANN401 - parsed TOML
    where: str,
    source: str,
) -> LexiconEntry:
    _require(isinstance(row, dict), source, f"{where} must be a table in braces")
    grapheme = row.get("grapheme")
    has_grapheme = isinstance(grapheme, str) and bool(grapheme.strip())
    _require(has_grapheme, source, f"{where} needs a grapheme")
    where = f"{where} ({grapheme!r})"
    unknown = ", ".join(sorted(row.keys() - _TEXTS - _FLAGS))
    _require(not unknown, source, f"{where} has unknown keys ({unknown})")
    for name in row.keys() & _TEXTS:
        _require(
            isinstance(row[name], str), source, f"{where}: {name} must be a string"
        )
        _require(bool(row[name].strip()), source, f"{where}: {name} is empty")
    for name in row.keys() & _FLAGS:
        is_flag = isinstance(row[name], bool)
        _require(is_flag, source, f"{where}: {name} must be true or false")
    known = ", ".join(EntryKind)
    _require(
        row.get("as") in set(EntryKind), source, f"{where}: as must be one of {known}"
    )
    return LexiconEntry(
        grapheme,
        EntryKind(row["as"]),
        row.get("value", ""),
        case=row.get("case", True),
        whole_word=row.get("whole_word", True),
    )


def _row_of(entry: LexiconEntry) -> str:
    pairs = [("grapheme", _quoted(entry.grapheme)), ("as", _quoted(entry.kind.value))]
    if entry.value:
        pairs.append(("value", _quoted(entry.value)))
    for name, value in (("case", entry.case), ("whole_word", entry.whole_word)):
        if not value:
            pairs.append((name, "false"))
    row = ", ".join(f"{name} = {value}" for name, value in pairs)
    return f"    {{ {row} }},"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, except that TOML requires DEL to be escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _require(condition: bool, source: str, error: str) -> None:  # noqa: FBT001 - a condition
    if not condition:
        raise InvalidLexicon(f"Correct {source}: {error}.")
