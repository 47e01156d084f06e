"""The glossary names every public class of the three packages, and no other."""

import ast
import re

import service
import voices
import workers
from tests.support.paths import ROOT
from voices.errors import OutspokenError

GLOSSARY = (ROOT / "docs" / "GLOSSARY.md").read_text()


def classes(package: str) -> dict[str, list[str]]:
    """Return the files that define each class, by its name without underscore."""
    files: dict[str, list[str]] = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                files.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    return files


def errors(base: type[Exception]) -> set[str]:
    """Return the names of an error and of all that derive from it."""
    return {base.__name__}.union(*map(errors, base.__subclasses__()))


def test_glossary_names_every_public_class_and_no_other() -> None:
    defined = {
        name
        for package in (service, workers, voices)
        for name in classes(package.__name__)
        if not name.startswith("_")
    }
    named = set(re.findall(r"`([A-Z]\w+)`", GLOSSARY))
    # docs/REFERENCE.md lists the errors.
    public_errors = errors(OutspokenError)
    assert named - defined == set(), "in the glossary only"
    assert defined - named - public_errors == set(), "not in the glossary"
