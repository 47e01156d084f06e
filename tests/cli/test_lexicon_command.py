"""`outspoken lexicon`: check, explain and exchange pronunciations."""

from pathlib import Path

from tests.support.cli import call


def test_explain_prints_the_rule_of_each_word(data: Path) -> None:
    done = call("lexicon", "explain", "Kyiv's $3bn", data=data)
    kyiv, amount = (line.split("\t") for line in done.stdout.splitlines())
    assert kyiv[:2] == ["Kyiv's", "keev's"]
    assert kyiv[2] == "lexicon voices/lexicons/en.toml: 'Kyiv' as alias"
    assert amount == ["$3bn", "three billion dollars", "rule: money"]
    plain = call("lexicon", "explain", "harbour", data=data).stdout
    assert plain == "harbour\tharbour\tleft to the voice\n"


def test_publishers_lexicon_applies_to_script_and_check(page: Path, data: Path) -> None:
    page.with_name("own.toml").write_text(
        'entries = [{ grapheme = "Ferry", as = "alias", value = "big boat" }]'
    )
    spoken = call("script", page, data=data, lexicon="own.toml").stdout
    assert spoken.startswith("big boat sails again")
    assert call("lexicon", "check", data=data, lexicon="own.toml").stdout.startswith(
        "own.toml: 1 entries are valid\n"
    )


def test_exported_lexicon_can_be_imported(page: Path, data: Path) -> None:
    own = page.with_name("own.toml")
    own.write_text('entries = [{ grapheme = "Ty", as = "ipa", value = "tˈaɪ" }]')
    done = call("lexicon", "export", own, "-o", "own.pls", data=data)
    assert done.returncode == 0, done.stderr
    imported = call("lexicon", "import", "own.pls", data=data)
    assert '{ grapheme = "Ty", as = "ipa", value = "tˈaɪ" }' in imported.stdout


def test_invalid_lexicon_is_named_in_one_sentence(page: Path, data: Path) -> None:
    own = page.with_name("own.toml")
    own.write_text(
        'entries = [{ grapheme = "Ty", as = "ipa", value = "t\u0283\u00e4" }]'
    )
    for command in (("script", page), ("lexicon", "check", own)):
        done = call(*command, data=data, lexicon="own.toml")
        assert done.returncode == 1
        assert "own.toml: entry 1 ('Ty')" in done.stderr
        assert "U+0308" in done.stderr
        assert done.stderr.count("\n") == 1
