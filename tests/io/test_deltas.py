"""Deltas: exact for whatever an edit does, small where it was small, and no danger where they are damaged or meant for something else."""

from __future__ import annotations

import dataclasses
import json
import zlib

import numpy as np
import pytest
import shapely
from edit_moves import any_edit
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.errors import EditRejected, ProjectFileError
from gridplanner.io.keeping import delta as deltas
from gridplanner.io.keeping.delta import Delta, applied, bytes_to_delta, delta_of, delta_to_bytes
from gridplanner.io.keeping.exactly import same
from gridplanner.model.grids import Grid
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.scenarios import project_in
from gridplanner.session import Session
from tests.ui.builders import certified, patrolled, planned, replanned, town


def through(before: object, after: object) -> object:
    """What comes of a delta that was written and read again; both ways are exact, and from a twin that shares nothing too."""
    data = delta_to_bytes(delta_of(before, after))
    made = applied(before, bytes_to_delta(data))
    assert same(made, after)
    back = applied(after, bytes_to_delta(delta_to_bytes(delta_of(after, before))))
    assert same(back, before)
    return made


def size(before: object, after: object) -> int:
    return len(delta_to_bytes(delta_of(before, after)))


@pytest.mark.parametrize("seed", range(2))
def test_every_edit_of_a_random_hand_comes_again_to_the_last_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    session = Session(replanned(planned(town(seed=seed), wide=3)))
    twin = applied(None, bytes_to_delta(delta_to_bytes(delta_of(None, session.project))))
    kinds = 0
    for _step in range(70):
        before = session.project
        try:
            if (way := int(rng.integers(12))) < 3:
                session.travel((-1, 1, -4)[way])
            else:
                session.do(any_edit(before, rng))
        except EditRejected:
            continue
        data = delta_to_bytes(delta_of(before, session.project))
        assert same(applied(before, bytes_to_delta(data)), session.project)
        twin = applied(twin, bytes_to_delta(data))
        assert same(twin, session.project)
        assert len(data) < 2500
        kinds += before is not session.project
    assert kinds > 30


def test_what_an_edit_left_alone_is_the_very_same_afterwards() -> None:
    project = certified(planned(town()))
    assert project.grids is not None
    labels = project.grids.labels.copy()
    labels[:3] = labels[5]
    after = dataclasses.replace(project, grids=dataclasses.replace(project.grids, labels=labels))
    made = through(project, after)
    assert isinstance(made, Project)
    assert made.units is project.units
    assert made.households is project.households
    assert made.grids is not None
    assert made.grids.grids is project.grids.grids
    assert made.grids.certificates is project.grids.certificates
    assert not made.grids.labels.flags.writeable


def test_switching_scenarios_moves_parts_and_repeats_none() -> None:
    from gridplanner.edits.scenario_edits import BranchScenario

    session = Session(patrolled(planned(town())))
    session.do(BranchScenario("B"))
    session.do(ChangeSettings("grids", dataclasses.replace(session.project.settings.grids, target_households=200.0)))  # type: ignore[type-var]
    other = dataclasses.replace(session.project, units=dataclasses.replace(session.project.units, by_hand=True))  # type: ignore[type-var]
    switched = project_in(other, "")
    assert size(other, switched) < 600
    made = through(other, switched)
    assert isinstance(made, Project)
    assert made.units is other.scenarios[0].units
    assert made.scenarios[0].units is other.units


def test_an_import_and_a_new_plan_are_whole_and_undone_by_little() -> None:
    empty, full = Project(), patrolled(planned(town()))
    through(empty, full)
    assert size(full, empty) < 500
    twice = dataclasses.replace(full, drawn=full.drawn, picks=full.picks)
    assert size(full, twice) < 40


def test_orders_of_keys_are_kept() -> None:
    grids = {key: Grid(0, code=str(key)) for key in range(40)}
    for keys in (
        range(39, -1, -1),
        [3, 1, 2],
        [*range(40), 41],
        [41, *range(40)],
        [*range(20), 77, *range(25, 40)],
        [5, *range(5), *range(6, 40)],
    ):
        other = {key: grids.get(key, Grid(1)) for key in keys}
        assert list(through(grids, other)) == list(other)  # type: ignore[call-overload]
    ended = {key: grid for key, grid in grids.items() if key != 17}
    assert size(grids, ended) < 70


@given(st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_values_of_all_kinds_come_again(data: st.DataObject) -> None:
    atoms = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(width=16) | st.text(max_size=3) | st.just(-0.0)
    keys = st.integers(0, 9) | st.text(max_size=1)
    values = st.recursive(
        atoms, lambda some: st.lists(some, max_size=4).map(tuple) | st.dictionaries(keys, some, max_size=4), max_leaves=12
    )
    before, after = data.draw(values), data.draw(values)
    through((before, after, before), (after, before, after))
    through(before, after)


@given(st.data())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_arrays_of_all_kinds_come_again(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    kind = data.draw(st.sampled_from(["i4", "f8", "?", "i1", "u8", "text", "shape", "pairs", "c16"]))
    count = data.draw(st.integers(0, 60))
    before = _column(kind, rng, count)
    after = _column(kind, rng, data.draw(st.sampled_from([count, count + 3, max(count - 5, 0), 2 * count])))
    least = min(len(before), len(after))
    many = data.draw(st.integers(0, least))
    after[: least - many] = before[: least - many]
    if data.draw(st.booleans()) and len(after) > len(before):  # something put in between
        after[len(after) - least // 2 :] = before[len(before) - least // 2 :]
    made = through({"a": before}, {"a": after})
    assert isinstance(made, dict)
    assert made["a"].dtype == after.dtype
    through(before, after)


def _column(kind: str, rng: np.random.Generator, count: int) -> np.ndarray:
    if kind == "text":
        return np.array([*(str(n) for n in rng.integers(0, 5, count)), ""], object)[:count]
    if kind == "shape":
        column = np.empty(count, object)
        column[:] = list(shapely.points(rng.integers(0, 3, (count, 2)).astype(float)))
        return column
    if kind == "pairs":
        return rng.choice([0.0, -0.0, np.nan, 1.5], (count, 2))
    return rng.integers(0, 2, count).astype(kind)


def test_bits_decide_and_not_equality() -> None:
    for one, other in ((0.0, -0.0), (1, 1.0), (1, True), ((1,), (True,)), (np.float64(1), 1.0)):
        assert not same(one, other)
        assert same(through(one, other), other)
        assert same(through({"a": one}, {"a": other}), {"a": other})
    nan = np.array([np.nan, 0.0])
    assert size(nan, nan.copy()) < 40
    assert same(through(nan, np.array([np.nan, -0.0])), np.array([np.nan, -0.0]))


def test_a_row_put_in_or_taken_out_costs_a_row() -> None:
    names = texts([f"西郊路{i}号" for i in range(5000)])
    less = np.delete(names, 2500)
    assert size(names, less) < 80
    assert size(less, names) < 120
    xy = np.random.default_rng(1).normal(size=(5000, 2))
    assert size(xy, np.delete(xy, 100, axis=0)) < 80
    through(names, less)
    through(xy, np.delete(xy, 100, axis=0))


def test_a_delta_for_another_value_is_refused() -> None:
    project = planned(town())
    assert project.grids is not None
    labels = project.grids.labels.copy()
    labels[3] += 1
    grids = {**project.grids.grids, 99: Grid(0)}
    delta = delta_of(project, dataclasses.replace(project, grids=dataclasses.replace(project.grids, labels=labels, grids=grids)))
    for other in (Project(), None, town(), planned(town(columns=10), columns=10)):
        with pytest.raises(ProjectFileError):
            applied(other, delta)


def test_damaged_bytes_are_refused_or_say_the_same() -> None:
    project = planned(town())
    assert project.grids is not None
    grids = {key: dataclasses.replace(grid, name="东", locked=True) for key, grid in project.grids.grids.items()}
    after = dataclasses.replace(project, grids=dataclasses.replace(project.grids, grids=grids))
    data = delta_to_bytes(delta_of(project, after))
    for place in range(len(data)):
        for damaged in (data[:place], data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]):
            try:
                made = applied(project, bytes_to_delta(damaged))
            except ProjectFileError:
                continue
            assert same(made, after)  # a bit that says nothing


def test_bytes_bring_nothing_to_life_but_the_model_and_do_not_swell() -> None:
    for tree in (
        ["c", "Popen", {}], ["c", "Path", {}], ["r", ["__class__"]], ["r", ["settings", "__dict__"]], ["d", {"__class__": ["v", 1]}],
        ["a", 5], ["g", 0], ["i", 0, [[0, 0]]], ["z"], [], 5, None, "", {}, ["v", {"$class": "Popen", "fields": {}}], ["q", 0, [[0, 9]]],
    ):  # fmt: skip
        try:
            made = applied(Project(), Delta(tree, ()))
        except ProjectFileError:
            continue
        assert tree == ["d", {"__class__": ["v", 1]}]  # a field that is not known is left out
        assert same(made, Project())
    body = zlib.compress(bytes(3_000_000))
    with pytest.raises(ProjectFileError):
        bytes_to_delta(deltas._HEAD.pack(1, 1000, 10) + body)
    text = json.dumps([0, [["<f8", [10**12], 8]]]).encode()
    with pytest.raises(ProjectFileError):
        bytes_to_delta(deltas._HEAD.pack(1, len(text) + 8, len(text)) + zlib.compress(text + bytes(8)))
    with pytest.raises(ProjectFileError, match="newer"):
        bytes_to_delta(bytes([2]) + delta_to_bytes(delta_of(1, 2))[1:])
