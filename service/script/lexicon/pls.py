"""Read and write W3C Pronunciation Lexicon Specification 1.0 documents.

<lexicon version="1.0" alphabet="ipa" xml:lang="en"
         xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Kyiv</grapheme><alias>keev</alias></lexeme>
</lexicon>
"""

from collections.abc import Iterator

from lxml import etree

from service.errors import InvalidLexicon
from service.script.lexicon.entry import EntryKind, LexiconEntry
from service.script.lexicon.files import checked
from service.script.lexicon.wordlist import Wordlist, primary

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ALPHABET = "ipa"


def read_pls(document: bytes, source: str) -> Wordlist:
    """Parse a PLS document; `source` names it in errors.

    Each grapheme of a lexeme becomes an entry with the lexeme's preferred
    pronunciation, else its first.  Graphemes are whole words whose capitals must match.

    Raises:
        InvalidLexicon: The document is not PLS, has a document type (entities could
            refer to files) or an alphabet other than IPA, or an entry is not valid.
    """
    root = _parse(document, source)
    if root.tag != f"{{{NAMESPACE}}}lexicon":
        raise InvalidLexicon(
            f"{source} is not a pronunciation lexicon; convert it to W3C PLS 1.0."
        )
    alphabet = root.get("alphabet", _ALPHABET)
    entries = [
        entry
        for number, lexeme in enumerate(root.iterfind(f"{{{NAMESPACE}}}lexeme"), 1)
        for entry in _entries_of(lexeme, alphabet, f"{source}: lexeme {number}")
    ]
    language = primary(root.get(_LANG, "en"))
    return checked(Wordlist(source, language, tuple(dict.fromkeys(entries))))


def write_pls(wordlist: Wordlist) -> bytes:
    """Return a wordlist as a PLS document.

    PLS has no `letters` and `word`, which become aliases; `case` and `whole_word` are
    lost.
    """
    root = etree.Element(
        f"{{{NAMESPACE}}}lexicon",
        {"version": "1.0", "alphabet": _ALPHABET, _LANG: wordlist.language},
        nsmap={None: NAMESPACE},  # type: ignore[dict-item]  # None is the default namespace
    )
    for entry in wordlist.entries:
        lexeme = etree.SubElement(root, f"{{{NAMESPACE}}}lexeme")
        etree.SubElement(lexeme, f"{{{NAMESPACE}}}grapheme").text = entry.grapheme
        name = "alias" if entry.ipa is None else "phoneme"
        pronunciation = etree.SubElement(lexeme, f"{{{NAMESPACE}}}{name}")
        pronunciation.text = _alias_of(entry) if entry.ipa is None else entry.ipa
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _alias_of(entry: LexiconEntry) -> str:
    # Other software expects spaces between letters, not our dots.
    return " ".join(entry.letters) if entry.kind is EntryKind.LETTERS else entry.spoken


def _parse(document: bytes, source: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidLexicon(f"Correct {source}, which is not XML: {error}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise InvalidLexicon(
            f"Remove the document type (DOCTYPE) from {source}; entities are not read."
        )
    return root


def _entries_of(
    lexeme: etree._Element, alphabet: str, where: str
) -> Iterator[LexiconEntry]:
    graphemes = [
        _text(element) for element in lexeme.iterfind(f"{{{NAMESPACE}}}grapheme")
    ]
    pronunciations = [
        element
        for element in lexeme
        if element.tag in {f"{{{NAMESPACE}}}alias", f"{{{NAMESPACE}}}phoneme"}
    ]
    if not pronunciations or not all(graphemes) or not graphemes:
        raise InvalidLexicon(
            f"Correct {where}: it needs a grapheme and an alias or a phoneme."
        )
    chosen = next(
        (element for element in pronunciations if element.get("prefer") == "true"),
        pronunciations[0],
    )
    kind = (
        EntryKind.ALIAS if etree.QName(chosen).localname == "alias" else EntryKind.IPA
    )
    alphabet = chosen.get("alphabet", alphabet)
    if kind is EntryKind.IPA and alphabet != _ALPHABET:
        raise InvalidLexicon(
            f"Correct {where}: its alphabet is {alphabet!r}; only ipa is read."
        )
    for grapheme in graphemes:
        yield _entry_of(grapheme, kind, _text(chosen))


def _entry_of(grapheme: str, kind: EntryKind, value: str) -> LexiconEntry:
    spelled = LexiconEntry(grapheme, EntryKind.LETTERS)
    # PLS spells a word with an alias such as "I M F".
    return (
        spelled if value == _alias_of(spelled) else LexiconEntry(grapheme, kind, value)
    )


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
