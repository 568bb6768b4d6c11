"""What is the same in two projects whatever rows and ids they have, and what every merged project must be."""

import numpy as np
import shapely

from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.unit_match import matched


def plan_facts(project: Project) -> tuple[object, ...]:
    """Grids, ended grids and rules as plain values, without ids."""
    plan, rules = project.grids, project.rules
    known = sorted(
        (g.community, g.code, g.name, g.locked, g.workers, g.kind, g.prev_code, int((plan.labels == key).sum()))
        for key, g in plan.grids.items()
    )
    ends = sorted((end.community, end.code, end.successors) for end in plan.retired)
    stays = sorted(zip(rules.must_stay.codes.tolist(), map(tuple, rules.must_stay.xy.tolist()), strict=True))
    return known, ends, sorted(rules.keep.names.tolist()), stays, len(rules)


def same_plan(one: Project, other: Project) -> bool:
    """True where both have the same units on the ground, in the same grids, with the same addresses."""
    a, b = one.units, other.units
    if len(a) != len(b) or plan_facts(one) != plan_facts(other):
        return False
    twin = matched(a, a.community, b, b.community)
    if (twin < 0).any() or not np.array_equal(np.where(a.address_unit >= 0, twin[a.address_unit], -1), b.address_unit):
        return False
    codes = [[project.grids.grids[int(label)].code for label in project.grids.labels] for project in (one, other)]
    return codes[0] == [codes[1][row] for row in twin]


def check_whole(project: Project) -> None:
    """Assert what every merged project keeps: a seamless partition, a grid of its community for each unit, codes of their own."""
    units, plan = project.units, project.grids
    shapes = unit_polygons(units)
    assert shapely.is_valid(shapes).all()
    area = np.bincount(units.community, shapely.area(shapes), minlength=len(project.communities))
    assert abs(shapely.area(shapely.union_all(shapes)) - area.sum()) < 1
    assert np.allclose(area, shapely.area(project.communities.polygons), atol=2)
    assert set(np.unique(plan.labels).tolist()) <= set(plan.grids)
    assert [plan.grids[int(label)].community for label in plan.labels] == units.community.tolist()
    codes = [grid.code for grid in plan.grids.values() if grid.code]
    assert len(codes) == len(set(codes))
    assert not set(codes) & plan.retired_codes
