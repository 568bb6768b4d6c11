from pathlib import Path

import numpy as np
import pytest

from gridplanner.model.places import texts
from gridplanner.model.project import Project, fingerprint
from ui.parcel import PIECE, read_parcel, write_parcel


def there_and_back(value: object, folder: Path) -> object:
    write_parcel(folder / "parcel", value)
    return read_parcel(folder / "parcel")


def test_a_project_arrives_as_it_was_sent(project: Project, tmp_path: Path) -> None:
    arrived = there_and_back(project, tmp_path)
    assert isinstance(arrived, Project)
    for name in ("units", "grids", "households", "roads", "communities", "railway"):
        assert fingerprint(getattr(arrived, name)) == fingerprint(getattr(project, name))
    assert arrived.settings == project.settings


def test_arrays_arrive_read_only(project: Project, tmp_path: Path) -> None:
    arrived = there_and_back(project, tmp_path)
    assert isinstance(arrived, Project)
    with pytest.raises(ValueError, match="read-only"):
        arrived.households.households[0] = 5.0


@pytest.mark.parametrize(
    "column", [["a", "西郊路1号", "", "a"], ["with \0 inside", "b"], [None, "b", 3], [f"{i}" for i in range(3 * PIECE + 1)]]
)
def test_columns_of_text_arrive_whatever_they_hold(column: list[object], tmp_path: Path) -> None:
    arrived = there_and_back(texts(column), tmp_path)  # type: ignore[arg-type]
    assert isinstance(arrived, np.ndarray)
    assert arrived.dtype == object
    assert arrived.tolist() == column


def test_empty_and_odd_values_arrive(tmp_path: Path) -> None:
    value = {"none": None, "empty": np.empty((0, 2)), "bits": np.array([True, False]), "text": texts(), "list": [1, (2, "三")]}
    arrived = there_and_back(value, tmp_path)
    assert isinstance(arrived, dict)
    assert arrived["empty"].shape == (0, 2)
    assert arrived["bits"].tolist() == [True, False]
    assert arrived["text"].tolist() == []
    assert arrived["list"] == [1, (2, "三")]
