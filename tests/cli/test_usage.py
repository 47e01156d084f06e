"""Help, and errors of input and usage, of every command."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service.cli.main import outspoken
from tests.support.cli import call
from tests.support.service import environment, run

UNREADABLE = {
    "missing": (
        None,
        "page.txt cannot be read (No such file or directory); check its name.",
    ),
    "empty": (b"", "There is no text to read"),
    "blank": (b"\n\n \n", "There is no text to read"),
    "nothing to read": (b"Menu\nSearch\nAdvertisement\n", "All 3 lines were cut"),
    "a program": (b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe", "ext"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "ext"),
}
"""Content of a file, and a part of the error message."""


@pytest.mark.parametrize("command", ["narrate", "clean", "script"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_input_is_reported_in_one_sentence(
    tmp_path: Path, name: str, command: str
) -> None:
    content, message = UNREADABLE[name]
    if content is not None:
        (tmp_path / "page.txt").write_bytes(content)
    done = call(command, "page.txt", data=tmp_path / "data")
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.startswith("outspoken: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_error_is_one_sentence_in_a_process_of_its_own(data: Path) -> None:
    """No library writes to stderr or changes the exit code at exit."""
    done = run("narrate", "missing.txt", data=data)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "outspoken: missing.txt: missing.txt cannot be read (No such file or"
        " directory); check its name.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("narrate",),
        ("narrate", "page.txt", "--nonsense"),
        ("narrate", "page.txt", "--jobs", "0"),
        ("narrate", "page.txt", "page.txt", "-o", "one.mp3"),
        ("narrate", "page.txt", "folder/page.txt", "-o", "out/"),
        ("narrate", "page.txt", "-o", "-"),
        ("serve", "--port", "x"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    page: Path, data: Path, arguments: tuple[str, ...]
) -> None:
    assert page.exists()
    done = call(*arguments, data=data)
    assert done.returncode == 2
    assert done.stderr.startswith("outspoken: ")
    assert "--help" in done.stderr
    assert done.stderr.count("\n") == 1


def commands(group: click.Group = outspoken, path: str = "") -> Iterator[str]:
    """Yield every command as it is typed, such as "voices list"; groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{path}{name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")


GROUPS = ["", "lexicon", "voices"]


def test_groups_of_commands_are_all_tested() -> None:
    parents = {command.rpartition(" ")[0] for command in commands()}
    assert parents == set(GROUPS)


@pytest.mark.parametrize(
    "command", [command for command in commands() if command not in GROUPS]
)
def test_help_of_every_command_has_an_example(data: Path, command: str) -> None:
    done = call(*command.split(), "--help", data=data)
    assert done.returncode == 0
    assert "Example:" in done.stdout
    assert f"outspoken {command}" in done.stdout


@pytest.mark.parametrize("group", GROUPS)
def test_help_lists_every_command_with_a_one_line_summary(
    data: Path, group: str
) -> None:
    done = call(*group.split(), "--help", data=data)
    assert done.returncode == 0
    _, _, listed = done.stdout.partition("Commands:\n")
    summaries = dict(line.split(maxsplit=1) for line in listed.splitlines())
    paths = (command.rpartition(" ") for command in commands())
    assert set(summaries) == {name for parent, _, name in paths if parent == group}
    for summary in summaries.values():
        assert summary[0].isupper()
        assert summary.endswith(".")
        assert not summary.endswith("..."), "it is cut off"


def test_help_imports_no_heavy_module() -> None:
    """Importing the synthesiser and the HTML parser takes a second."""
    heavy = {"numpy", "onnxruntime", "piper", "trafilatura", "lxml", "celery"}
    program = f"""
import sys
from service.cli import main
sys.argv = ["outspoken", "--help"]
main()
print("heavy:", *sorted({heavy} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Usage:")
    assert done.stdout.splitlines()[-1] == "heavy:"
