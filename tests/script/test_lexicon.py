"""Lexicon entries: matching, file formats, validation."""

import re
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidLexicon
from service.script import Lexicon, explain, normalize_text, write_script
from service.script.lexicon import (
    EntryKind,
    LexiconEntry,
    Wordlist,
    load_lexicon,
    packaged_wordlists,
    parse_wordlist,
    read_pls,
    require_known_phonemes,
    write_pls,
    write_wordlist,
)
from service.script.lexicon.entry import plain_ipa
from service.script.writer import MAX_SPOKEN_CHARACTERS
from tests.support.articles import plain_article
from tests.support.news_texts import TEXTS
from tests.support.paths import ROOT
from voices.catalogue import Catalogue, InstalledVoice, open_catalogue
from voices.sentence import Token
from voices.tone import TONE

PACKAGED, ACRONYMS, INITIALISMS = packaged_wordlists()
OWN = Wordlist(
    "own.toml",
    "en",
    (
        LexiconEntry("Aba", EntryKind.ALIAS, "ah bah"),
        LexiconEntry("Aba Bay", EntryKind.ALIAS, "harbour bay"),
        LexiconEntry("Bay Cove", EntryKind.ALIAS, "cove"),
        LexiconEntry("cafe", EntryKind.ALIAS, "coffee house", case=False),
        LexiconEntry("FARC", EntryKind.WORD),
        LexiconEntry("GOMU", EntryKind.LETTERS),
        LexiconEntry("Kasz Nor", EntryKind.IPA, "kˈɑːʃ nˈɔːɹ"),
        LexiconEntry("MH17", EntryKind.ALIAS, "flight M H seventeen"),
        LexiconEntry("Nish", EntryKind.IPA, "nˈɪʃ"),
        LexiconEntry("Rick", EntryKind.IPA, "ɹˈɪk"),
        LexiconEntry("St. Elo", EntryKind.ALIAS, "Saint Elo"),
        LexiconEntry("ville", EntryKind.ALIAS, "veel", whole_word=False),
        LexiconEntry("Zuid-Oost", EntryKind.IPA, "zˌaʊdˈoʊst"),
    ),
)
LEXICON = Lexicon((OWN,))


def tokens_of(paragraph: str, lexicon: Lexicon = LEXICON) -> list[Token]:
    script = write_script(plain_article(None, (paragraph,)), lexicon=lexicon)
    return [token for sentence in script.sentences for token in sentence.tokens]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Aba rose.", "ah bah rose."),
        ("ABA rose.", "A.B.A rose."),
        ("Abas rose.", "Abas rose."),
        ("Aba's rise", "ah bah's rise."),
        ("Aba’s rise", "ah bah's rise."),
        ("an Aba-based firm", "an ah bah based firm."),
        ("(Aba), 5 km", "ah bah, five kilometers."),
        ("in Aba Bay", "in harbour bay."),
        ("in Aba  Bay", "in harbour bay."),
        ("Aba Bay Cove", "harbour bay Cove."),
        ("the CAFE, the Café", "the coffee house, the Café."),
        ("FARC and GOMU", "Farc and G.O.M.U."),
        ("the GOMUs", "the G-O-M-U's."),
        ("GOMU's men", "G-O-M-U's men."),
        ("near St. Elo now", "near Saint Elo now."),
        ("Marlville grew", "Marl veel grew."),
        ("MH17 fell", "flight M H seventeen fell."),
        ("Kasz Nor", "Kasz Nor."),
        ("read aba.com or #Aba or @Aba", "read aba dot com or hashtag Aba or at Aba."),
    ],
)
def test_lexicon_entry_is_spoken(written: str, spoken: str) -> None:
    assert " ".join(token.spoken for token in tokens_of(written)) == spoken


def test_longest_lexicon_entry_matches_first() -> None:
    spoken = [token.spoken for token in tokens_of("Aba Bay and Aba")]
    assert spoken == ["harbour", "bay", "and", "ah bah."]


def test_words_of_a_lexicon_entry_have_their_own_spans() -> None:
    paragraph = "He met “Kasz Nor’s” men in Aba."
    spoken = [
        (paragraph[token.span.start : token.span.end], token.spoken, token.ipa)
        for token in tokens_of(paragraph)
        if token.span
    ]
    assert spoken[2:4] == [
        ("“Kasz", "Kasz", "kˈɑːʃ"),
        ("Nor’s”", "Nor's", "nˈɔːɹz"),
    ]
    assert spoken[-1] == ("Aba.", "ah bah.", None)


@pytest.mark.parametrize(
    ("written", "ipa"),
    [("Nish's", "nˈɪʃɪz"), ("Rick's", "ɹˈɪks"), ("Zuid-Oost's", "zˌaʊdˈoʊsts")],
)
def test_possessive_of_ipa_entry_ends_with_s_z_or_iz(written: str, ipa: str) -> None:
    [token] = tokens_of(written)
    assert token.ipa == ipa


def test_rules_do_not_match_inside_a_lexicon_entry() -> None:
    lexicon = Lexicon(
        (
            Wordlist(
                "own",
                "en",
                (LexiconEntry("9 May Day", EntryKind.ALIAS, "victory day"),),
            ),
        )
    )
    assert normalize_text("On 9 May Day", lexicon=lexicon) == "On victory day."
    assert "ninth" in normalize_text("On 9 May", lexicon=lexicon)


def test_lexicon_entry_matches_in_a_dateline_without_agency() -> None:
    kyiv = Wordlist(
        "own", "en", (LexiconEntry("Kyiv", EntryKind.ALIAS, "keev", case=False),)
    )
    lexicon = Lexicon((kyiv,))
    spoken = normalize_text("KYIV, Ukraine (AP) — Rain fell.", lexicon=lexicon)
    assert spoken == "keev, Ukraine: Rain fell."
    assert normalize_text("Rain in KYIV fell", lexicon=lexicon) == "Rain in keev fell."
    assert normalize_text("It fell. KYIV: rain", lexicon=lexicon).endswith(
        "keev: rain."
    )


def test_publisher_entry_takes_precedence_over_packaged(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('entries = [{ grapheme = "Kyiv", as = "alias", value = "kay" }]')
    assert normalize_text("Kyiv") == "keev."
    assert normalize_text("Kyiv", lexicon=load_lexicon(own)) == "kay."


def test_lexicon_of_another_language_is_not_used() -> None:
    french = Lexicon((Wordlist("own", "fr", OWN.entries),))
    assert normalize_text("Aba", lexicon=french) == "Aba."
    article = plain_article(None, ("Aba",), language="fr-CA")
    [sentence] = write_script(article, lexicon=french).sentences
    assert sentence.spoken == "ah bah."


@pytest.mark.parametrize(
    ("entries", "error"),
    [
        ("= 3", "not TOML"),
        ("7", "entries must be a list"),
        ("[7]", "entry 1 must be a table"),
        ("[{}]", "entry 1 needs a grapheme"),
        ('[{ grapheme = " ", as = "word" }]', "entry 1 needs a grapheme"),
        ('[{ grapheme = "&", as = "word" }]', "needs a grapheme with a letter"),
        ('[{ grapheme = "A", as = "song" }]', "as must be one of alias, ipa"),
        ('[{ grapheme = "A", as = "alias" }]', "('A') needs a value"),
        ('[{ grapheme = "A", as = "alias", value = "" }]', "value is empty"),
        ('[{ grapheme = "A", as = "alias", value = "[[a]]" }]', "words only"),
        ('[{ grapheme = "A", as = "alias", value = "a. b" }]', "words only"),
        ('[{ grapheme = "A", as = "alias", value = "4 a" }]', "words only"),
        ('[{ grapheme = "A", as = "ipa", value = "ˈ" }]', "with a sound in it"),
        ('[{ grapheme = "A4", as = "ipa", value = "a" }]', "has a digit"),
        ('[{ grapheme = "A4", as = "letters" }]', "has a digit"),
        ('[{ grapheme = "A", as = "word", value = "a" }]', "takes no value"),
        ('[{ grapheme = "A", as = "word", kind = 1 }]', "unknown keys (kind)"),
        ('[{ grapheme = "A", as = "word", case = 1 }]', "case must be true or false"),
        (
            '[{ grapheme = "A", as = "word" }, { grapheme = " A", as = "letters" }]',
            "entry 2 (' A') is for the same word as entry 1",
        ),
    ],
)
def test_invalid_lexicon_entry_is_named(entries: str, error: str) -> None:
    with pytest.raises(InvalidLexicon) as raised:
        parse_wordlist(f"entries = {entries}", "own.toml")
    assert error in str(raised.value)
    assert "own.toml" in str(raised.value)


def test_unreadable_lexicon_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidLexicon, match=r"none\.toml"):
        load_lexicon(tmp_path / "none.toml")
    with pytest.raises(InvalidLexicon, match="unknown keys"):
        parse_wordlist("words = []", "own.toml")


def test_phonemes_are_checked_against_voices_of_the_language(tmp_path: Path) -> None:
    model = tmp_path / "voice.onnx"
    model.with_name("voice.onnx.json").write_text('{"phoneme_id_map": {"a": [3]}}')
    voice = replace(TONE, id="small", language="en-US")
    catalogue = Catalogue([InstalledVoice(voice, model)])
    wordlist = Wordlist("own.toml", "en", (LexiconEntry("Ab", EntryKind.IPA, "ab"),))
    with pytest.raises(InvalidLexicon) as raised:
        require_known_phonemes(Lexicon((wordlist,)), catalogue)
    assert "own.toml: entry 1 ('Ab')" in str(raised.value)
    assert "voice small does not have: b (U+0062)" in str(raised.value)
    require_known_phonemes(
        Lexicon((Wordlist("own", "de", wordlist.entries),)), catalogue
    )
    model.with_name("voice.onnx.json").unlink()
    require_known_phonemes(Lexicon((wordlist,)), catalogue)


def test_plain_ipa_uses_the_notation_of_voices() -> None:
    assert plain_ipa("t͡ʃɛk  ˈʤa.ga:") == "tʃɛk ˈdʒaɡaː"
    assert plain_ipa("ã") == "a\u0303"


PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
         alphabet="{alphabet}" xml:lang="en-US">
  <!-- a comment -->
  <lexeme><grapheme>Nish</grapheme><grapheme>Niš</grapheme>
    <phoneme>niʃ</phoneme><phoneme prefer="true">nˈɪʃ</phoneme></lexeme>
  <lexeme><grapheme>GMO</grapheme><alias>G M O</alias></lexeme>
  <lexeme role="x"><grapheme>Aba</grapheme><alias>ah bah</alias></lexeme>
</lexicon>
"""


def test_read_pls() -> None:
    wordlist = read_pls(PLS.format(alphabet="ipa").encode(), "names.pls")
    assert wordlist.language == "en"
    assert wordlist.entries == (
        LexiconEntry("Nish", EntryKind.IPA, "nˈɪʃ"),
        LexiconEntry("Niš", EntryKind.IPA, "nˈɪʃ"),
        LexiconEntry("GMO", EntryKind.LETTERS),
        LexiconEntry("Aba", EntryKind.ALIAS, "ah bah"),
    )


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("no xml", "not XML"),
        ("<lexicon/>", "not a pronunciation lexicon"),
        (PLS.format(alphabet="x-sampa"), "alphabet is 'x-sampa'; only ipa"),
        (
            PLS.format(alphabet="ipa").replace(
                "<lexicon", '<!DOCTYPE lexicon [<!ENTITY e "x">]><lexicon', 1
            ),
            "DOCTYPE",
        ),
        (PLS.format(alphabet="ipa").replace("Nish<", "<"), "lexeme 1: it needs a"),
    ],
)
def test_read_pls_rejects_invalid_document(document: str, error: str) -> None:
    with pytest.raises(InvalidLexicon) as raised:
        read_pls(document.encode(), "names.pls")
    assert error in str(raised.value)
    assert "names.pls" in str(raised.value)


def test_read_pls_does_not_resolve_entities(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    for encoding in ("utf-8", "utf-16"):
        document = PLS.format(alphabet="ipa").replace("UTF-8", encoding)
        entity = f'<!DOCTYPE l [<!ENTITY e SYSTEM "{secret.as_uri()}">]><lexicon'
        document = document.replace("<lexicon", entity, 1).replace("Nish<", "&e;<")
        with pytest.raises(InvalidLexicon, match="DOCTYPE"):
            read_pls(document.encode(encoding), "names.pls")


def test_pls_round_trip_keeps_spoken_and_ipa() -> None:
    entries = [entry for entry in OWN.entries if entry.case and entry.whole_word]
    wordlist = read_pls(write_pls(Wordlist("own", "en", tuple(entries))), "own")
    for before, after in zip(entries, wordlist.entries, strict=True):
        assert after.spoken == before.spoken
        assert after.ipa == before.ipa


def test_toml_round_trip_keeps_entries() -> None:
    wordlist = parse_wordlist(write_wordlist(OWN), "own.toml")
    by_grapheme = attrgetter("grapheme")
    assert sorted(wordlist.entries, key=by_grapheme) == sorted(
        OWN.entries, key=by_grapheme
    )


def test_explain_names_entry_or_rule_of_each_word() -> None:
    explained = explain("Kasz Nor's $5 in Aba", "en", LEXICON)
    words = [(word.written, word.spoken, word.ipa, word.by) for word in explained]
    entry = "lexicon own.toml: 'Kasz Nor' as ipa"
    assert words[0] == ("Kasz", "Kasz", "kˈɑːʃ", entry)
    assert words[2] == ("$5", "five dollars", None, "rule: money")
    assert words[3] == ("in", "in", None, "left to the voice")
    assert words[-1][1:] == ("ah bah", None, "lexicon own.toml: 'Aba' as alias")


@pytest.mark.parametrize(
    ("wordlist", "least"), [(PACKAGED, 120), (ACRONYMS, 100), (INITIALISMS, 400)]
)
def test_packaged_lexicon_is_sorted_and_names_its_sources(
    wordlist: Wordlist, least: int
) -> None:
    toml = (ROOT / wordlist.source).read_text()
    rows = re.findall(r"^    \{ .*", toml, re.MULTILINE)
    names = [re.findall(r'grapheme = "([^"]+)"', row)[0] for row in rows]
    assert names == sorted(names, key=lambda name: (name.casefold(), name))
    assert len(names) == len(wordlist.entries) >= least
    assert all('seen = "' in row for row in rows)


@pytest.mark.parametrize(
    ("acronym", "ipa"),
    [
        ("ECOWAS", "ˈɛkoʊwɑːs"),
        ("FISA", "fˈaɪzə"),
        ("LIBOR", "lˈaɪbɔːɹ"),
        ("UCAS", "jˈuːkæs"),
        ("UNEP", "jˈuːnɛp"),
        ("UNITA", "juːnˈiːtə"),
    ],
)
def test_packaged_acronym_sounds_like_a_newsreader(acronym: str, ipa: str) -> None:
    [sentence] = write_script(plain_article(None, (f"{acronym} said so.",))).sentences
    assert sentence.tokens[0].ipa == ipa


def test_voices_have_the_phonemes_of_packaged_lexicons() -> None:
    require_known_phonemes(load_lexicon(), open_catalogue())


@given(TEXTS, st.lists(st.sampled_from([entry.grapheme for entry in OWN.entries])))
def test_lexicon_entries_are_spoken_in_any_text(text: str, names: list[str]) -> None:
    paragraph = " ".join([text, *names, text])
    script = write_script(plain_article(None, (paragraph,)), lexicon=LEXICON)
    again = write_script(plain_article(None, (paragraph,)), lexicon=LEXICON)
    assert script == again
    position = 0
    for sentence in script.sentences:
        assert 0 < len(sentence.spoken) <= MAX_SPOKEN_CHARACTERS
        assert not any(character.isdigit() for character in sentence.spoken)
        assert "[" not in sentence.spoken
        for token in sentence.tokens:
            assert token.span is not None
            assert position <= token.span.start < token.span.end <= len(paragraph)
            position = token.span.start


@given(
    st.text(max_size=40),
    st.sampled_from(list(EntryKind)),
    st.text(max_size=40),
    st.tuples(st.booleans(), st.booleans()),
)
def test_lexicon_entry_is_rejected_or_spoken(
    grapheme: str, kind: EntryKind, value: str, flags: tuple[bool, bool]
) -> None:
    entry = LexiconEntry(grapheme, kind, value, *flags)
    try:
        wordlist = parse_wordlist(
            write_wordlist(Wordlist("own", "en", (entry,))), "own"
        )
    except (InvalidLexicon, UnicodeEncodeError):
        return
    spoken = normalize_text(f"The {grapheme} is", lexicon=Lexicon((wordlist,)))
    assert not re.search(r"[\d\[\]]", spoken)
