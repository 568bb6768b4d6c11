"""The table of published instances says where they are missing, and compares with their optima."""

import numpy as np
import pytest

from algorithms.progress import SILENT
from gridplanner.benchmarks import published
from gridplanner.benchmarks.published import Found, Instance, benchmark_published, read_medians
from gridplanner.errors import InputError
from gridplanner.io.crs import geodesic_distances


def test_without_the_instances_the_message_names_the_variable(monkeypatch):
    monkeypatch.delenv("GRIDPLANNER_TEST_DATA", raising=False)
    with pytest.raises(InputError, match="GRIDPLANNER_TEST_DATA"):
        benchmark_published(SILENT)


def test_a_value_off_the_optimum_or_without_proof_fails(monkeypatch, tmp_path):
    (tmp_path / "districting").mkdir()
    monkeypatch.setenv("GRIDPLANNER_TEST_DATA", str(tmp_path))
    made = [
        Instance("right", lambda folder, progress: Found(16, 16), 16, 0),
        Instance("unproven", lambda folder, progress: Found(16, 12), 16, 0),
        Instance("too dear", lambda folder, progress: Found(17, 17), 16, 0, quick=False),
    ]
    monkeypatch.setattr(published, "INSTANCES", made)
    verdicts = {(row.case, row.measure): row.ok for row in benchmark_published(SILENT)}
    assert verdicts[("right", "value")] is True
    assert verdicts[("right", "bound")] is True
    assert verdicts[("unproven", "bound")] is False
    assert verdicts[("too dear", "value")] is False
    assert {row.case for row in benchmark_published(SILENT, quick=True)} == {"right", "unproven"}
    assert {row.case for row in benchmark_published(SILENT, cases=["too dear"])} == {"too dear"}


def test_a_median_file_is_read(tmp_path):
    path = tmp_path / "made.dat"
    path.write_text(" 2 1\n 0 0 10 4\n 3 4 10 5\n", encoding="ascii")
    problem = read_medians(path)
    assert problem.cost.tolist() == [[0, 5], [5, 0]]
    assert (problem.demand.tolist(), problem.capacity.tolist(), problem.count) == ([4, 5], [10, 10], 1)


def test_a_degree_of_latitude_at_the_equator_is_as_long_as_the_ellipsoid_says():
    metres = geodesic_distances(np.array([10.0, 10.0]), np.array([0.0, 1.0]))
    assert metres[0, 1] == pytest.approx(110_574.4, abs=0.1)
    assert metres[0, 0] == 0
