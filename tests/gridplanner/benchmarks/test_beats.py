"""The benchmark of beats: what it counts of a plan, and that cases that are not here are left out."""

import dataclasses

import pytest
from block_town import block_town, planned

from gridplanner.benchmarks.beats import CASES, benchmark_beats, figures_of
from gridplanner.cli import main
from gridplanner.errors import InputError
from gridplanner.planning.beats import propose_beats
from gridplanner.settings import BeatSettings


@pytest.fixture(scope="module")
def town():
    town = planned(block_town(12, 6))
    wished = BeatSettings(target_persons=3 * 300 * 2.6)
    town = dataclasses.replace(town, settings=dataclasses.replace(town.settings, beats=wished))
    return propose_beats(town).apply(town)


def test_the_figures_are_those_of_the_plan(town):
    found = figures_of(town)
    assert (found["grids"], found["beats"], found["proven"], found["broken"]) == (18, 6, 1, 0)
    assert found["gap_pct"] == 0
    assert found["excluded"] == 1
    assert found["worst_pct"] <= 20


def test_a_beat_in_two_pieces_is_counted(town):
    ids = sorted(town.grids.grids)
    members = dict.fromkeys(ids, 1) | {ids[0]: 2, ids[-1]: 2}  # opposite corners
    torn = dataclasses.replace(town, beats=dataclasses.replace(town.beats, members=members))
    assert figures_of(torn)["broken"] == 1
    assert figures_of(torn)["worst_pct"] > 100


def test_a_named_case_whose_data_are_not_here_says_so(monkeypatch):
    monkeypatch.delenv("GRIDPLANNER_TEST_DATA", raising=False)
    with pytest.raises(InputError, match="GRIDPLANNER_TEST_DATA"):
        benchmark_beats(cases=("carrollton",))


def test_a_case_that_there_is_not_names_those_there_are(capsys):
    assert main(["benchmark", "beats", "--case", "moon", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in CASES)
    assert CASES == ("beats", "carrollton", "zones", "checkpoints")
