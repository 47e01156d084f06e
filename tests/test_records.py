"""Documents are created once, the same in every kind of records."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import StorageFailed
from workers.records import DiskRecords, MemoryRecords, Records


@pytest.fixture(name="records", params=["disk", "memory"])
def _records(request: pytest.FixtureRequest, tmp_path: Path) -> Records:
    return DiskRecords(tmp_path) if request.param == "disk" else MemoryRecords()


def test_what_is_created_is_found(records: Records) -> None:
    assert records.create("articles", "a1", {"title": "Tide", "tags": ["sea"]})
    assert records.find("articles", "a1") == {"title": "Tide", "tags": ["sea"]}
    assert records.find("articles", "a2") is None
    assert records.find("recordings", "a1") is None


def test_the_first_to_create_wins(records: Records) -> None:
    assert records.create("articles", "a1", {"n": 1})
    assert not records.create("articles", "a1", {"n": 1})
    assert not records.create("articles", "a1", {"n": 2})
    assert records.find("articles", "a1") == {"n": 1}


def test_what_is_replaced_is_found(records: Records) -> None:
    records.create("articles", "a1", {"n": 1})
    records.replace("articles", "a1", {"n": 2})
    records.replace("articles", "a2", {"n": 3})
    assert records.find("articles", "a1") == {"n": 2}
    assert records.find("articles", "a2") == {"n": 3}


def test_names_are_listed_sorted_by_kind(records: Records) -> None:
    for name in ("b@000002", "a", "b@000010"):
        records.create("articles", name, {})
    records.create("recordings", "c", {})
    assert records.names("articles") == ["a", "b@000002", "b@000010"]
    assert records.names("nothing") == []


@pytest.mark.parametrize("name", ["../up", "..", ".hidden", "a/b", "ä ö", "x" * 200])
def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    records = DiskRecords(tmp_path / "records")
    assert records.create("articles", name, {"n": 1})
    assert records.find("articles", name) == {"n": 1}
    assert records.names("articles") == [name]
    assert [path.name for path in tmp_path.iterdir()] == ["records"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(document=st.dictionaries(st.text(), JSON))
def test_every_document_comes_back_as_it_went(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object]
) -> None:
    records = DiskRecords(tmp_path_factory.mktemp("records"))
    records.create("articles", "a", document)
    assert records.find("articles", "a") == document


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    records = DiskRecords(tmp_path)
    records.create("articles", "a1", {"n": 1})
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(path.read_bytes()[:3])
    with pytest.raises(StorageFailed, match="a1"):
        records.find("articles", "a1")
