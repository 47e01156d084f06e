"""Names are said as a lexicon has them."""

import re
from dataclasses import replace
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
from service.script.writer import MOST_SPOKEN
from tests.script.test_script import TEXT
from tests.support.articles import plain_article
from tests.support.paths import ROOT
from voices.catalogue import Catalogue, InstalledVoice, open_catalogue
from voices.sentence import Token
from voices.tone import TONE

NONE = Lexicon(())
[PACKAGED] = packaged_wordlists()
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
def test_an_entry_is_said(written: str, spoken: str) -> None:
    said = " ".join(token.spoken for token in tokens_of(written))
    assert said == spoken


def test_the_longest_entry_is_taken_first() -> None:
    said = [token.spoken for token in tokens_of("Aba Bay and Aba")]
    assert said == ["harbour", "bay", "and", "ah bah."]


def test_the_words_of_an_entry_keep_their_own_spans() -> None:
    paragraph = "He met “Kasz Nor’s” men in Aba."
    heard = [
        (paragraph[one.span.start : one.span.end], one.spoken, one.ipa)
        for one in tokens_of(paragraph)
        if one.span
    ]
    assert heard[2:4] == [
        ("“Kasz", "Kasz", "kˈɑːʃ"),
        ("Nor’s”", "Nor's", "nˈɔːɹz"),
    ]
    assert heard[-1] == ("Aba.", "ah bah.", None)


@pytest.mark.parametrize(
    ("written", "ipa"),
    [("Nish's", "nˈɪʃɪz"), ("Rick's", "ɹˈɪks"), ("Zuid-Oost's", "zˌaʊdˈoʊsts")],
)
def test_a_possessive_of_given_sounds_has_its_sound(written: str, ipa: str) -> None:
    [token] = tokens_of(written)
    assert token.ipa == ipa


def test_later_rules_do_not_look_inside_an_entry() -> None:
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


def test_a_place_in_a_dateline_is_said_and_its_agency_is_not() -> None:
    kyiv = Wordlist(
        "own", "en", (LexiconEntry("Kyiv", EntryKind.ALIAS, "keev", case=False),)
    )
    lexicon = Lexicon((kyiv,))
    said = normalize_text("KYIV, Ukraine (AP) — Rain fell.", lexicon=lexicon)
    assert said == "keev, Ukraine: Rain fell."
    assert normalize_text("Rain in KYIV fell", lexicon=lexicon) == "Rain in keev fell."
    assert normalize_text("It fell. KYIV: rain", lexicon=lexicon).endswith(
        "keev: rain."
    )


def test_a_publishers_entry_goes_before_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('entries = [{ grapheme = "Kyiv", as = "alias", value = "kay" }]')
    assert normalize_text("Kyiv") == "keev."
    assert normalize_text("Kyiv", lexicon=load_lexicon(own)) == "kay."


def test_an_entry_of_another_language_is_not_used() -> None:
    french = Lexicon((Wordlist("own", "fr", OWN.entries),))
    assert normalize_text("Aba", lexicon=french) == "Aba."
    article = plain_article(None, ("Aba",), language="fr-CA")
    [sentence] = write_script(article, lexicon=french).sentences
    assert sentence.spoken == "ah bah."


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("= 3", "no TOML"),
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
def test_what_is_wrong_in_a_lexicon_is_named(entries: str, said: str) -> None:
    with pytest.raises(InvalidLexicon) as raised:
        parse_wordlist(f"entries = {entries}", "own.toml")
    assert said in str(raised.value)
    assert "own.toml" in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidLexicon, match=r"none\.toml"):
        load_lexicon(tmp_path / "none.toml")
    with pytest.raises(InvalidLexicon, match="unknown keys"):
        parse_wordlist("words = []", "own.toml")


def test_sounds_are_held_against_the_voices_of_the_language(tmp_path: Path) -> None:
    model = tmp_path / "voice.onnx"
    model.with_name("voice.onnx.json").write_text('{"phoneme_id_map": {"a": [3]}}')
    voice = replace(TONE, id="small", language="en-US")
    catalogue = Catalogue([InstalledVoice(voice, model)])
    wordlist = Wordlist("own.toml", "en", (LexiconEntry("Ab", EntryKind.IPA, "ab"),))
    with pytest.raises(InvalidLexicon) as raised:
        require_known_phonemes(Lexicon((wordlist,)), catalogue)
    assert "own.toml: entry 1 ('Ab')" in str(raised.value)
    assert "voice small does not know: b (U+0062)" in str(raised.value)
    require_known_phonemes(
        Lexicon((Wordlist("own", "de", wordlist.entries),)), catalogue
    )
    model.with_name("voice.onnx.json").unlink()
    require_known_phonemes(Lexicon((wordlist,)), catalogue)


def test_sounds_are_written_as_voices_write_them() -> None:
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


def test_a_w3c_lexicon_is_read() -> None:
    wordlist = read_pls(PLS.format(alphabet="ipa").encode(), "names.pls")
    assert wordlist.language == "en"
    assert wordlist.entries == (
        LexiconEntry("Nish", EntryKind.IPA, "nˈɪʃ"),
        LexiconEntry("Niš", EntryKind.IPA, "nˈɪʃ"),
        LexiconEntry("GMO", EntryKind.LETTERS),
        LexiconEntry("Aba", EntryKind.ALIAS, "ah bah"),
    )


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("no xml", "no XML"),
        ("<lexicon/>", "no pronunciation lexicon"),
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
def test_a_lexicon_that_is_no_pls_is_refused(document: str, said: str) -> None:
    with pytest.raises(InvalidLexicon) as raised:
        read_pls(document.encode(), "names.pls")
    assert said in str(raised.value)
    assert "names.pls" in str(raised.value)


def test_entities_of_a_lexicon_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    for encoding in ("utf-8", "utf-16"):
        document = PLS.format(alphabet="ipa").replace("UTF-8", encoding)
        entity = f'<!DOCTYPE l [<!ENTITY e SYSTEM "{secret.as_uri()}">]><lexicon'
        document = document.replace("<lexicon", entity, 1).replace("Nish<", "&e;<")
        with pytest.raises(InvalidLexicon, match="DOCTYPE"):
            read_pls(document.encode(encoding), "names.pls")


def test_what_goes_out_as_a_w3c_lexicon_comes_in_the_same() -> None:
    whole = [one for one in OWN.entries if one.case and one.whole_word]
    again = read_pls(write_pls(Wordlist("own", "en", tuple(whole))), "own")
    for before, after in zip(whole, again.entries, strict=True):
        assert after.spoken == before.spoken
        assert after.ipa == before.ipa


def test_what_is_written_as_toml_is_read_the_same() -> None:
    again = parse_wordlist(write_wordlist(OWN), "own.toml")
    assert sorted(again.entries, key=lambda one: one.grapheme) == sorted(
        OWN.entries, key=lambda one: one.grapheme
    )


def test_why_a_word_is_said_so_is_told() -> None:
    told = explain("Kasz Nor's $5 in Aba", "en", LEXICON)
    reasons = [(one.written, one.spoken, one.ipa, one.by) for one in told]
    entry = "lexicon own.toml: 'Kasz Nor' as ipa"
    assert reasons[0] == ("Kasz", "Kasz", "kˈɑːʃ", entry)
    assert reasons[2] == ("$5", "five dollars", None, "rule: money")
    assert reasons[3] == ("in", "in", None, "left to the voice")
    assert reasons[-1][1:] == ("ah bah", None, "lexicon own.toml: 'Aba' as alias")


def test_the_packaged_lexicon_is_sorted_and_says_where_names_were_seen() -> None:
    toml = (ROOT / "voices/lexicons/en.toml").read_text()
    rows = re.findall(r"^    \{ .*", toml, re.MULTILINE)
    names = [re.findall(r'grapheme = "([^"]+)"', row)[0] for row in rows]
    assert names == sorted(names, key=lambda name: (name.casefold(), name))
    assert len(names) == len(PACKAGED.entries) >= 120
    assert all('seen = "' in row for row in rows)
    require_known_phonemes(load_lexicon(), open_catalogue())


@given(TEXT, st.lists(st.sampled_from([one.grapheme for one in OWN.entries])))
def test_whatever_is_written_around_entries_can_be_said(
    text: str, names: list[str]
) -> None:
    paragraph = " ".join([text, *names, text])
    script = write_script(plain_article(None, (paragraph,)), lexicon=LEXICON)
    again = write_script(plain_article(None, (paragraph,)), lexicon=LEXICON)
    assert script == again
    at = 0
    for sentence in script.sentences:
        assert 0 < len(sentence.spoken) <= MOST_SPOKEN
        assert not any(character.isdigit() for character in sentence.spoken)
        assert "[" not in sentence.spoken
        for token in sentence.tokens:
            assert token.span is not None
            assert at <= token.span.start < token.span.end <= len(paragraph)
            at = token.span.start


@given(
    st.text(max_size=40),
    st.sampled_from(list(EntryKind)),
    st.text(max_size=40),
    st.tuples(st.booleans(), st.booleans()),
)
def test_an_entry_is_refused_or_can_be_said(
    grapheme: str, how: EntryKind, value: str, flags: tuple[bool, bool]
) -> None:
    entry = LexiconEntry(grapheme, how, value, *flags)
    try:
        wordlist = parse_wordlist(
            write_wordlist(Wordlist("own", "en", (entry,))), "own"
        )
    except (InvalidLexicon, UnicodeEncodeError):
        return
    spoken = normalize_text(f"The {grapheme} is", lexicon=Lexicon((wordlist,)))
    assert not re.search(r"[\d\[\]]", spoken)
