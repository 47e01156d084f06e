"""Normalized texts of written news: dates, amounts, names, marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piper.phonemize_espeak import EspeakPhonemizer

from service.script import normalize_text, write_script
from service.script.english.numbers.number_words import (
    cardinal,
    decade,
    number,
    ordinal,
    year,
)
from service.script.plain_text import fold_characters
from tests.support.articles import plain_article

DATES = [
    ("It was signed on Feb 8.", "It was signed on February eighth."),
    ("The vote (Mar 3) was close.", "The vote, March third, was close."),
    ("On Sept. 5, 2019, it rained.", "On September fifth, twenty nineteen, it rained."),
    (
        "He was born on 9 Nov 1989.",
        "He was born on the ninth of November nineteen eighty nine.",
    ),
    ("the 3rd of June", "the third of June."),
    ("from Apr 2-5", "from April second to fifth."),
    ("In May 20 people left.", "In May twenty people left."),
    ("on 2024-12-01", "on December first, twenty twenty four."),
    ("since 1905 and 2008", "since nineteen oh five and two thousand eight."),
    ("the 1990s and the '60s", "the nineteen nineties and the sixties."),
    ("the 2023-24 season", "the twenty twenty three twenty four season."),
    ("the 1939-45 war", "the nineteen thirty nine to forty five war."),
    ("mid-2030s", "mid twenty thirties."),
    (
        "1800 people came in 1800.",
        "one thousand eight hundred people came in eighteen hundred.",
    ),
    ("2024's budget", "twenty twenty four's budget."),
]
TIMES = [
    ("at 7:30 a.m. Tuesday", "at seven thirty A-M Tuesday."),
    ("at 6.45pm on Friday", "at six forty five PM on Friday."),
    ("by 8:05 P.M. ET", "by eight oh five PM Eastern."),
    ("open 9am-5pm", "open nine A-M to five PM."),
    ("the 18:40 train", "the eighteen forty train."),
    ("kick-off at 9:00", "kick-off at nine o'clock."),
    ("at 0600 GMT", "at oh six hundred G.M.T."),
    ("ran it in 2:01:39", "ran it in two hours one minute and thirty nine seconds."),
]
MONEY = [
    ("a $4.1 billion takeover", "a four point one billion dollar takeover."),
    ("It paid $4.1 billion for it.", "It paid four point one billion dollars for it."),
    ("S$2.5m", "two point five million Singapore dollars."),
    ("US$70 and HK$9", "seventy US dollars and nine Hong Kong dollars."),
    ("A$3bn", "three billion Australian dollars."),
    ("£1 and £2", "one pound and two pounds."),
    ("€15k", "fifteen thousand euros."),
    ("¥900tn", "nine hundred trillion yen."),
    ("$6.49", "six dollars and forty nine cents."),
    ("$6.00", "six dollars."),
    ("$0.75", "seventy five cents."),
    ("80p", "eighty pence."),
    ("a record $90m fine", "a record ninety million dollar fine."),
    ("$20-$30", "twenty to thirty dollars."),
    ("$2-3 million", "two to three million dollars."),
    ("Rs 40 crore", "forty crore rupees."),
    ("RM75", "seventy five ringgit."),
    ("EUR 12 million", "twelve million euros."),
    ("$80/barrel", "eighty dollars per barrel."),
    ("its $7 million in debt", "its seven million dollars in debt."),
]
MEASURES = [
    ("up 3.5%", "up three point five percent."),
    ("-0.2% and +4%", "minus zero point two percent and plus four percent."),
    ("15bps", "fifteen basis points."),
    ("a 75bp cut", "a seventy five basis point cut."),
    ("10-12 per cent", "ten to twelve per cent."),
    ("8%-9%", "eight to nine percent."),
    ("90km/h", "ninety kilometers per hour."),
    ("1 km", "one kilometer."),
    ("a 42km run", "a forty two kilometer run."),
    ("31C", "thirty one degrees Celsius."),
    ("-5°F", "minus five degrees Fahrenheit."),
    ("3.1m barrels", "three point one million barrels."),
    ("2.4m Germans", "two point four million Germans."),
    ("the 200m final", "the two hundred meter final."),
    ("700 sq km", "seven hundred square kilometers."),
    ("6ft 2in", "six foot two."),
    ("a 5.8-magnitude quake", "a five point eight magnitude quake."),
]
NUMBERS = [
    ("1,250 troops", "one thousand two hundred fifty troops."),
    ("the 21st and 103rd", "the twenty first and one hundred third."),
    ("20-30 boats", "twenty to thirty boats."),
    ("a third, or 1/3", "a third, or one third."),
    ("2½ years", "two and a half years."),
    ("agent 007", "agent zero zero seven."),
    ("6\N{NO-BREAK SPACE}000 homes", "six thousand homes."),
    ("iOS 17.4.1", "iOS seventeen point four point one."),
    ("call 202-555-0143", "call two zero two, five five five, zero one four three."),
    ("dial 999", "dial nine nine nine."),
]
SCORES = [
    ("They won 4-2.", "They won four two."),
    ("a 1-0 victory", "a one nil victory."),
    ("The house voted 61-39.", "The house voted sixty one to thirty nine."),
    ("a 5-4 ruling", "a five to four ruling."),
    ("won 6-3, 7-6 (8-6)", "won six three, seven six, eight six."),
    ("the 9/11 attacks", "the nine eleven attacks."),
    ("a 50-50 chance, 24/7", "a fifty fifty chance, twenty four seven."),
]
NAMES = [
    ("Lt. Gen. Ada Moss", "Lieutenant General Ada Moss."),
    ("Gov. Lee and Sen. Roy", "Governor Lee and Senator Roy."),
    ("Mr Day and Mrs. Day", "Mister Day and Missus Day."),
    ("St. Lucia and Elm St. in town", "Saint Lucia and Elm Street in town."),
    ("No. 10 and Nos. 4", "number ten and numbers four."),
    ("Acme Inc. and Bolt & Co.", "Acme Incorporated and Bolt and Company."),
    ("Lions vs. Bears", "Lions versus Bears."),
    ("fruit, e.g. figs, etc.", "fruit, for example figs, et cetera."),
    ("Reno, Nev., is hot", "Reno, Nevada, is hot."),
    ("George VI after World War II", "George the sixth after World War two."),
    ("Super Bowl LIV", "Super Bowl fifty four."),
    ("Part C of Act IV", "Part C of Act four."),
    ("Malcolm X spoke", "Malcolm X spoke."),
]
LETTERS = [
    ("the U.S. Navy", "the US Navy."),
    ("U.S.-led talks", "US led talks."),
    ("the US-led force", "the US-led force."),
    ("J.R.R. Tolkien", "J.R.R Tolkien."),
    ("Philip A. Hart", "Philip eh Hart."),
    ("an F-35 and the G7", "an F thirty five and the G seven."),
    ("an A380", "an A-three eighty."),
    ("CO2 and H5N1", "C.O two and H five N one."),
    ("Covid-19", "Covid nineteen."),
    ("AT&T's plan", "A.T and T's plan."),
    ("The WHO said who", "The W.H.O said who."),
    ("an IT company", "an IT company."),
    ("Q2 sales", "second quarter sales."),
]
MARKS = [
    ("“Why?” she asked.", "Why? she asked."),
    ("Wait ... no", "Wait, no."),
    ("It fell \N{EM DASH} fast.", "It fell, fast."),
    ("Q&amp;A", "Q and eh."),
    ("**Bold** and [a link](https://x.example/y)", "Bold and a link."),
    ("Good \N{PARTY POPPER} news", "Good news."),
    ("A rise[3] in prices", "A rise in prices."),
    ("www.example.org/news", "W.W.W dot example dot org slash news."),
    ("See www.example.org/news now.", "See example dot org slash news now."),
    ("#SaveOurSeas", "hashtag Save Our Seas."),
    ("LIMA: Rain fell.", "Lima: Rain fell."),
    ("NEW DELHI (AP) \N{EM DASH} Rain fell.", "New Delhi: Rain fell."),
    ("\N{PARTY POPPER} ***", ""),
]
SPOKEN = [
    *(DATES + TIMES + MONEY + MEASURES + NUMBERS),
    *(SCORES + NAMES + LETTERS + MARKS),
]


@pytest.mark.parametrize(("written", "spoken"), SPOKEN)
def test_normalize_text_reads_news_like_a_newsreader(written: str, spoken: str) -> None:
    assert normalize_text(written) == spoken


def test_number_words_of_cardinals_ordinals_and_years() -> None:
    assert cardinal(0) == "zero"
    assert cardinal(1_000_001) == "one million one"
    assert cardinal(10**15 - 1).startswith("nine hundred ninety nine trillion")
    assert ordinal(12) == "twelfth"
    assert ordinal(20) == "twentieth"
    assert year("2000") == "two thousand"
    assert year("1600") == "sixteen hundred"
    assert decade("2000") == "two thousands"
    assert decade("1900") == "nineteen hundreds"
    assert number("0.05") == "zero point zero five"
    assert number("9" * 16) == " ".join(["nine"] * 16)


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en-US", "March fourth, twenty twenty four."),
        ("en-GB", "the third of April, twenty twenty four."),
    ],
)
def test_numeric_date_order_follows_the_language(language: str, spoken: str) -> None:
    article = plain_article(title=None, paragraphs=("03/04/2024",), language=language)
    assert write_script(article).sentences[0].spoken == spoken


NASTY = [
    "Dr. Smith vs. Mr. Jones, Jr. met Gov. Lee at No. 10.",
    "The U.S. Senate and the U.K. and the E.U. etc.. agreed..",
    "He left at 10 a.m.. for St. John's, N.L.",
    "“Is it? Really?!” he asked the F.B.I. at 1 a.m.",
    "Yahoo! and Jeopardy! rose 3.5% to $1.2bn... or so",
    "Visit www.example.com/a.b?c=d!e or mail j.doe@example.com.",
    "v1.2.3, 10.0.0.1, 3:45.6 and .5 [[not phonemes]]",
    "日本。東京！ 你好？ ok",
    "One: two; three \N{EM DASH} four - five (six) [seven] {eight}",
    "x" * 2000,
    "1234567890" * 60,
    "word " * 400,
]


@pytest.mark.parametrize("written", NASTY)
def test_espeak_reads_each_sentence_as_one_utterance(written: str) -> None:
    phonemizer = EspeakPhonemizer()
    for sentence in write_script(plain_article(None, (written,))).sentences:
        # espeak would speak a remainder of an earlier call in this one.
        phonemizer.phonemize("en-us", "Flush this.")
        assert len(phonemizer.phonemize("en-us", sentence.spoken)) == 1


@pytest.mark.parametrize(
    ("written", "phonemes"),
    [
        ("at 1 a.m.", "wˈʌnˈeɪˈɛm"),
        ("at 9 AM on Monday", "nˈaɪnˈeɪˈɛm"),
        ("Philip A. Hart", "ˈeɪhˈɑːɹt"),
        ("the WHO said", "dˌʌbəljˌuːˌeɪtʃˈoʊ"),
        ("US-led", "jˌuːˈɛslˈɛd"),
    ],
)
def test_espeak_spells_initialisms(written: str, phonemes: str) -> None:
    phonemizer = EspeakPhonemizer()
    phonemizer.phonemize("en-us", "Flush this.")
    [spoken, *_] = phonemizer.phonemize("en-us", normalize_text(written))
    assert phonemes in "".join(spoken).replace(" ", "")


AMOUNTS = st.lists(
    st.one_of(
        st.integers(0, 10**7).map(str),
        st.sampled_from([*" -/:.,$£%+()'x", "km", "pm", "m", "May ", "Q", "won "]),
    ),
    max_size=12,
).map("".join)


@given(AMOUNTS, st.sampled_from(["en-US", "en-GB"]))
def test_normalize_text_leaves_no_digit_to_the_voice(
    written: str, language: str
) -> None:
    spoken = normalize_text(written, language)
    assert not any(character.isdigit() for character in spoken)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("105 and 1,005", "one hundred and five and one thousand and five."),
        (
            "1,200 and 5,000,020",
            "one thousand two hundred and five million and twenty.",
        ),
        (
            "112th of 250,000",
            "one hundred and twelfth of two hundred and fifty thousand.",
        ),
    ],
)
def test_british_numbers_have_and(written: str, spoken: str) -> None:
    assert normalize_text(written, "en-GB") == spoken


def test_footnote_ends_its_sentence_and_is_not_read() -> None:
    article = plain_article(None, ("The city grew.[3] It fell.2 It rose again.",))
    said = [sentence.spoken for sentence in write_script(article).sentences]
    assert said == ["The city grew.", "It fell.", "It rose again."]


def test_folded_letters_keep_the_span_of_the_written_word() -> None:
    text = "She met Nguyễn in 北京 today."
    [sentence] = write_script(plain_article(None, (text,))).sentences
    written = [text[token.span.start : token.span.end] for token in sentence.tokens]
    assert written == ["She", "met", "Nguyễn", "in", "today."]
    assert sentence.spoken == "She met Nguyen in today."


def test_token_of_thousands_of_letters_and_digits_is_named_once() -> None:
    token = "c3RhdGVtZW50Zm9yYWNo" * 200
    article = plain_article(None, (f"The key {token} is new.",))
    [sentence] = write_script(article).sentences
    assert sentence.spoken == "The key a long code is new."


def test_token_in_a_language_without_rules_is_silent() -> None:
    token = "c3RhdGVtZW50Zm9yYWNo" * 200
    article = plain_article(None, (f"Der Wert {token} ist neu.",), language="de")
    assert write_script(article).sentences[0].spoken == "Der Wert ist neu."


@pytest.mark.parametrize("code", ["c3RhdGVt" * 5000, "1234567890" * 5000, "x" * 40000])
def test_rules_see_a_short_text_in_place_of_an_endless_code(code: str) -> None:
    plain = fold_characters(f"The key {code} is new.")
    assert len(plain.text) < 60
    assert plain.ends[len("The key ")] == len("The key ") + len(code)
