import dataclasses
import itertools

import numpy as np
import pytest
import shapely
from block_town import BLOCK, X, Y, block_town, planned
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.duty_summary import duty_sections
from gridplanner.errors import InputError
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.duty_data import Incidents, Staff
from gridplanner.model.freshness import stale_plans
from gridplanner.model.lines import Lines
from gridplanner.model.outlines import grid_outlines
from gridplanner.model.places import KeySites, RoadClass, Roads, texts
from gridplanner.planning.chief_names import name_chiefs
from gridplanner.planning.street_chiefs import propose_chiefs
from gridplanner.planning.street_lines import street_lines
from gridplanner.settings import StreetChiefSettings


def streets(project, *lines, names=(), highway=None, oneway=()) -> object:
    """The project with these streets alone, given as places in blocks."""
    count = len(lines)
    coords = np.array([(X + BLOCK * x, Y + BLOCK * y) for line in lines for x, y in line], float)
    offsets = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int32)
    way = np.zeros(count, np.int8)
    way[list(oneway)] = 1
    roads = Roads(
        Lines(coords, offsets), np.full(count, RoadClass.STREET, np.int8), texts(list(highway or ["residential"] * count)),
        texts(list(names) or [""] * count), way, np.zeros(count), np.zeros(count, np.int8), noded=False,
    )  # fmt: skip
    return dataclasses.replace(project, roads=roads)


def with_chiefs(project, **wished):
    chosen = {"length_km": 1.0, "workload": {}, **wished}
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, street_chiefs=StreetChiefSettings(**chosen)))
    return propose_chiefs(project).apply(project)


def staff(*rows) -> Staff:
    names, roles, units = zip(*rows, strict=True)
    return Staff(texts(list(names)), texts(list(roles)), texts([""] * len(rows)), texts(list(units)))


def by_code(project):
    return {code: list(rows) for code, rows in itertools.groupby(project.chiefs.stretches, lambda stretch: stretch.code)}


def lattice(columns=8, rows=6, seed=1):
    """A town whose streets across and along have names, some of them none."""
    project = block_town(columns, rows)
    rng = np.random.default_rng(seed)
    names = [f"街{i}" if rng.random() < 0.7 else "" for i in range(len(project.roads))]
    return dataclasses.replace(project, roads=dataclasses.replace(project.roads, names=texts(names)))


def wished_length(project) -> float:
    """The metres of streets of the classes with chiefs."""
    roads = project.roads
    rows = np.flatnonzero(np.isin(roads.highway, project.settings.street_chiefs.classes))
    return float(shapely.length([shapely.linestrings(roads.lines.line(row)) for row in rows.tolist()]).sum())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.3, 0.8, 2.0]), st.integers(0, 9))
def test_every_street_is_on_exactly_one_stretch_and_lengths_add_up(seed, length_km, count):
    project = lattice(seed=seed)
    kinds = np.random.default_rng(seed).choice(
        ["residential", "primary", "service", "motorway"], len(project.roads), p=[0.6, 0.2, 0.1, 0.1]
    )
    project = dataclasses.replace(project, roads=dataclasses.replace(project.roads, highway=texts(list(kinds))))
    found = with_chiefs(project, length_km=length_km, count=count, workload={"households": 0.1})
    rows = found.chiefs.stretches
    assert sum(row.length_m for row in rows) == pytest.approx(wished_length(found), abs=0.01)
    lines = np.array([shapely.linestrings(row.coords) for row in rows], object)
    assert [row.length_m for row in rows] == pytest.approx(shapely.length(lines))
    every = [
        shapely.linestrings(found.roads.lines.line(row)) for row in np.flatnonzero(np.isin(kinds, found.settings.street_chiefs.classes))
    ]
    assert shapely.equals(shapely.normalize(shapely.union_all(lines)), shapely.normalize(shapely.union_all(every)))
    one, other = np.triu_indices(len(lines), 1)
    assert shapely.length(shapely.intersection(lines[one], lines[other])).sum() < 0.01
    work = sum(row.workload for row in rows)
    atoms = street_lines(found, found.settings.street_chiefs)
    assert work == pytest.approx(atoms.workload.sum())
    names = dict(
        zip([tuple(map(tuple, found.roads.lines.line(i).tolist())) for i in range(len(found.roads))], found.roads.names, strict=True)
    )
    assert {row.name for row in rows} <= set(names.values())


def test_a_street_is_cut_at_its_junctions_into_stretches_of_one_length():
    main = [(0, 3), (12, 3)]
    sides = [[(c, 3), (c, 2.5)] for c in range(1, 12)]
    project = streets(block_town(12, 6), main, *sides, names=["大街", *[""] * 11], highway=["primary", *["service"] * 11])
    found = with_chiefs(project, length_km=0.4)
    assert [(row.code, row.name, round(row.length_m)) for row in found.chiefs.stretches] == [
        ("S001", "大街", 400), ("S002", "大街", 400), ("S003", "大街", 400),
    ]  # fmt: skip
    # every stretch runs from west to east, and begins where the one before it ends
    assert [row.coords[0].tolist() for row in found.chiefs.stretches] == [[X + 400.0 * i, Y + 300] for i in range(3)]
    assert found.chiefs.stretches[0].coords[-1].tolist() == [X + 400, Y + 300]


def test_work_beside_the_street_shortens_its_stretches():
    main = [(0, 3), (12, 3)]
    sides = [[(c, 3), (c, 2.5)] for c in range(1, 12)]
    project = streets(block_town(12, 6, households=0.0), main, *sides, highway=["primary", *["residential"] * 11])
    beside = np.array([[X + 50.0 + 100 * i, Y + 320] for i in range(4)])
    one, none = np.ones(4), np.full(4, np.nan)
    sites = KeySites(beside, texts(["校"] * 4), one, one, none, none, one)
    incidents = Incidents(np.array([[X + 50.0, Y + 290]]), np.array([4.0]), texts([""]), texts([""]))
    busy = dataclasses.replace(project, key_sites=sites, incidents=incidents)
    chosen = {"count": 2, "classes": ("primary",), "workload": {"key_sites": 0.2, "incidents": 0.1}}
    plain, heavy = with_chiefs(project, **chosen).chiefs.stretches, with_chiefs(busy, **chosen).chiefs.stretches
    assert [round(row.length_m) for row in plain] == [600, 600]
    assert heavy[0].length_m < heavy[1].length_m
    assert sum(row.workload for row in heavy) == pytest.approx(1.2 + 4 * 0.2 + 4 * 0.1)
    assert max(row.workload for row in heavy) / min(row.workload for row in heavy) < 1.4


def test_short_streets_share_a_stretch_with_one_that_they_touch():
    project = streets(
        block_town(12, 6), [(0, 3), (10, 3)], [(2, 3), (2, 3.4)], [(7, 3), (7, 3.4)], [(0, 5.5), (10, 5.5)],
        names=["大街", "一巷", "二巷", "北街"],
    )  # fmt: skip
    rows = by_code(with_chiefs(project, length_km=1.0))
    assert [[row.name for row in stretch] for stretch in rows.values()] == [["大街", "一巷", "二巷"], ["北街"]]


def test_both_carriageways_of_a_street_are_one_chiefs():
    out, back = [(1, 3.1), (11, 3.1)], [(11, 2.9), (1, 2.9)]
    cross = [[(c, 2.9), (c, 3.1)] for c in range(2, 11)]
    project = streets(
        block_town(12, 6), out, back, *cross, names=["大道", "大道", *[""] * 9], highway=["primary"] * 2 + ["service"] * 9, oneway=(0, 1)
    )
    found = by_code(with_chiefs(project, length_km=1.0))
    assert [len(rows) for rows in found.values()] == [2, 2]
    for rows in found.values():
        low, high = (np.sort(row.coords[:, 0]) for row in rows)
        assert low[0] == pytest.approx(high[0])
        assert low[-1] == pytest.approx(high[-1])


def test_streets_beyond_the_communities_have_no_chief():
    project = streets(block_town(6, 4), [(-8, 2), (14, 2)], [(20, 0), (30, 0)])
    found = with_chiefs(project)
    assert sum(row.length_m for row in found.chiefs.stretches) == pytest.approx(600 + 2 * 25)


def test_the_grids_on_both_sides_are_named_in_driving_order():
    project = planned(block_town(8, 2, households=150.0))  # grids of two blocks
    project = streets(project, [(0, 1), (8, 1)], names=["大街"])
    found = with_chiefs(project, length_km=0.8).chiefs.stretches
    assert len(found) == 1
    outlines = grid_outlines(project.units, project.grids)
    ids = sorted(project.grids.grids)
    for side, y in ((found[0].left, 1.5), (found[0].right, 0.5)):
        passed = [ids[int(np.flatnonzero(shapely.contains_xy(outlines, X + BLOCK * (c + 0.5), Y + BLOCK * y))[0])] for c in range(8)]
        assert list(side) == list(dict.fromkeys(passed))
    assert with_chiefs(streets(block_town(8, 2), [(0, 1), (8, 1)])).chiefs.stretches[0].left == ()


def test_chiefs_are_found_by_street_and_by_code_and_who_is_missing_is_told():
    project = streets(block_town(12, 6), [(0, 3), (12, 3)], [(0, 5), (12, 5)], names=["大街", "北街"])
    people = staff(("甲01", "街长", "大街"), ("甲02", "街长", "大街"), ("乙", "Street chief", "没有街"), ("丙", "网格员", "北街"))
    found = with_chiefs(dataclasses.replace(project, staff=people), length_km=0.6)
    assert [(row.name, row.chief) for row in found.chiefs.stretches] == [("北街", ""), ("大街", "甲01"), ("北街", ""), ("大街", "甲02")]
    kinds = [(issue.kind, issue.ref) for issue in found.chiefs.issues]
    assert kinds == [("no_chief", "S001"), ("no_chief", "S003"), ("no_stretch", "没有街")]
    assert all(issue.message for issue in found.chiefs.issues)
    coded = with_chiefs(dataclasses.replace(project, staff=staff(("丁", "街长", "S002"))), length_km=0.6)
    assert [row.chief for row in coded.chiefs.stretches] == ["", "丁", "", ""]
    none = with_chiefs(project, length_km=0.6).chiefs.issues
    assert [issue.kind for issue in none] == ["no_chief"]


def test_chiefs_of_one_street_share_its_stretches_in_order():
    people = staff(("甲", "街长", "大街"), ("乙", "街长", "大街"))
    codes = [f"S{i:03d}" for i in range(5)]
    chief, unknown = name_chiefs(codes, [["大街"]] * 4 + [["北街", "大街"]], people)
    assert chief == ["甲", "甲", "甲", "乙", "乙"]
    assert unknown == set()


def test_a_stretch_keeps_its_code_when_streets_are_added():
    project = streets(block_town(12, 6), [(0, 2), (12, 2)], [(0, 1), (12, 1)], names=["中街", "南街"])
    before = with_chiefs(project, length_km=1.2)
    assert {row.code: row.name for row in before.chiefs.stretches} == {"S001": "中街", "S002": "南街"}
    grown = streets(before, [(0, 5), (12, 5)], [(0, 2), (12, 2)], [(0, 1), (12, 1)], names=["北街", "中街", "南街"])
    after = with_chiefs(grown, length_km=1.2)
    assert [(row.code, row.name) for row in after.chiefs.stretches] == [("S001", "中街"), ("S002", "南街"), ("S003", "北街")]
    afresh = with_chiefs(dataclasses.replace(grown, chiefs=None), length_km=1.2)
    assert [row.name for row in afresh.chiefs.stretches] == ["北街", "中街", "南街"]


def test_more_stretches_than_the_streets_give_is_told():
    project = streets(block_town(12, 6), [(0, 1), (4, 1)], [(6, 5), (12, 5)])
    found = with_chiefs(project, count=1)
    assert [issue.kind for issue in found.chiefs.issues if issue.kind == "count"] == ["count"]
    assert len(by_code(found)) == 2


def test_as_many_stretches_as_are_asked_for_are_cut_from_streets_without_junctions():
    project = streets(block_town(12, 6), *[[(c + 0.5, 0.5), (c + 0.5, 5.5)] for c in range(12)])
    rows = by_code(with_chiefs(project, count=40))  # 150 m each, though length_km is 1.0
    assert len(rows) == 40
    assert max(sum(row.length_m for row in stretch) for stretch in rows.values()) < 1.5 * 150


def test_a_street_that_is_given_twice_has_one_chief():
    main, way = [(0, 3), (6, 3), (9, 3)], [(9, 3), (6, 3), (0, 3)]
    found = with_chiefs(streets(block_town(12, 6), main, way, main, [(0, 5), (9, 5)], names=["", "大街", "大街", "北街"]))
    assert sorted((row.name, row.length_m) for row in found.chiefs.stretches) == [("北街", 900.0), ("大街", 900.0)]
    assert [(issue.kind, issue.values["n"]) for issue in found.chiefs.issues if issue.kind == "twice"] == [("twice", 2)]


def test_streets_that_lead_nowhere_are_no_streets():
    with_point = with_chiefs(streets(block_town(4, 4), [(0, 1), (4, 1)], [(2, 2), (2, 2)]))
    assert [row.length_m for row in with_point.chiefs.stretches] == [400.0]
    with pytest.raises(InputError, match="import the streets"):
        propose_chiefs(streets(block_town(4, 4), [(2, 2), (2, 2)]))


def test_the_summary_counts_what_the_plan_says():
    project = streets(
        block_town(12, 6), [(0, 3), (10, 3)], [(2, 3), (2, 3.4)], [(7, 3), (7, 3.4)], [(0, 5.5), (10, 5.5)],
        names=["大街", "一巷", "二巷", "北街"],
    )  # fmt: skip
    found = with_chiefs(project, length_km=1.0)
    work = [sum(row.workload for row in rows) for rows in by_code(found).values()]
    told = duty_sections(found)["street_chiefs"]
    assert (told["count"], told["without_chief"], told["km"]) == (2, 2, 2.08)
    assert told["work_max_over_mean"] == pytest.approx(max(work) / np.mean(work), abs=1e-3)


def test_without_streets_of_the_classes_the_remedy_is_said():
    project = streets(block_town(4, 4), [(0, 1), (4, 1)], highway=["service"])
    with pytest.raises(InputError, match=r"residential.*service.*Change classes"):
        propose_chiefs(project)
    with pytest.raises(InputError, match="communities"):
        propose_chiefs(streets(block_town(4, 4), [(20, 1), (24, 1)]))


def test_the_plan_is_stale_when_streets_change_and_survives_saving(tmp_path):
    project = with_chiefs(lattice(), length_km=0.8)
    assert "chiefs" not in stale_plans(project)
    assert "chiefs" in stale_plans(streets(project, [(0, 1), (4, 1)]))
    save_project(project, tmp_path / "a.gridplan")
    again = open_project(tmp_path / "a.gridplan")
    assert "chiefs" not in stale_plans(again)
    for one, other in zip(project.chiefs.stretches, again.chiefs.stretches, strict=True):
        assert (one.code, one.name, one.left, one.right, one.chief) == (other.code, other.name, other.left, other.right, other.chief)
        assert np.array_equal(one.coords, other.coords)
