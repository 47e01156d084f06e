"""Documentation matches the code: settings, routes, commands, errors, paths."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service.api import create_app
from service.api.__main__ import open_context
from service.api.problems import STATUS
from service.cli.main import outspoken
from service.settings import ServiceSettings
from tests.support.paths import ROOT
from voices.errors import OutspokenError

GROUPS = {"VoiceError"}
REFERENCE = (ROOT / "docs" / "REFERENCE.md").read_text()
README = (ROOT / "README.md").read_text()


def section(title: str) -> str:
    return REFERENCE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_setting_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `OUTSPOKEN_(\w+)`", section("Settings"), re.MULTILINE)
    assert documented == sorted(documented)
    assert set(documented) == {name.upper() for name in ServiceSettings.model_fields}


def commands_of(
    group: click.Group, path: str = "outspoken"
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is not a group, with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, name
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_every_command_and_option_is_documented() -> None:
    commands = section("Commands")
    rows = {
        match[1]: match[0]
        for match in re.finditer(
            r"^\| `(outspoken [a-z ]+[a-z]).*$", commands, re.MULTILINE
        )
    }
    defined = dict(commands_of(outspoken))
    assert set(rows) == set(defined)
    for name, command in defined.items():
        documented = set(re.findall(r"--?[a-z]+(?:-[a-z]+)*", rows[name]))
        for option in command.params:
            if isinstance(option, click.Option):
                assert set(option.opts) & documented, f"{name}: {option.opts}"


def test_every_route_is_documented_with_its_access_and_no_other(
    tmp_path: Path,
) -> None:
    documented = set()
    for methods, path, access in re.findall(
        r"^\| ((?:`?[A-Z]+`?,? )+)`?(/\S*?)` \| (\w+) \|",
        section("Routes"),
        re.MULTILINE,
    ):
        names = re.findall("[A-Z]+", methods)
        documented |= {(method, path, access) for method in names}
    settings = ServiceSettings(
        data=tmp_path, redis_url="redis://absent", _env_file=None
    )
    app = create_app(open_context(settings))
    there = {
        (method.upper(), path, operation["x-access"])
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }
    assert documented == there | {("GET", "/", "public")}


def errors(base: type[OutspokenError]) -> set[str]:
    found: set[str] = set()
    for error in base.__subclasses__():
        # A class that only groups others is never raised.
        found |= errors(error) | ({error.__name__} - GROUPS)
    return found


def test_every_error_is_documented_with_its_status() -> None:
    documented = re.findall(r"^\| `([A-Z]\w+)`", section("Errors"), re.MULTILINE)
    assert documented == sorted(documented)
    assert set(documented) == errors(OutspokenError)
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (\d+) \|", section("Errors"), re.MULTILINE)
    statuses = {name: int(status) for name, status in rows}
    answered = {error.__name__: status for error, status in STATUS.items()}
    assert {name: statuses.get(name) for name in answered} == answered
    assert {statuses[name] for name in statuses.keys() - answered.keys()} == {500}


def test_every_error_is_drawn_in_its_packages_tree() -> None:
    for package in ("service", "workers", "voices"):
        text = (ROOT / package / "errors.py").read_text()
        defined = set(re.findall(r"^class (\w+)", text, re.MULTILINE))
        drawn = set(re.findall(r"[├└]── (\w+)", text))
        drawn |= {"OutspokenError"}
        assert defined <= drawn, package


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_the_make_targets_that_are_named_exist(document: str) -> None:
    named = set(
        re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / document).read_text(), re.MULTILINE)
    )
    assert named
    assert named <= make_targets()


def test_the_links_of_the_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_every_dependency_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    block = project.partition("\ndependencies = [")[2].partition("\n]")[0]
    names = re.findall(r'^    "([a-z0-9-]+)', block, re.MULTILINE)
    architecture = (ROOT / "ARCHITECTURE.md").read_text()
    assert names
    assert [name for name in names if f"| {name} |" not in architecture] == []
