from gridplanner.benchmarks.checkpoints import made_district, rows
from gridplanner.planning.checkpoints import propose_checkpoints


def test_the_quick_table_keeps_its_bars_and_names_its_case():
    found = rows(quick=True)
    assert all(row.ok is not False for row in found)
    assert {row.case for row in found} == {"district in 14,641 road nodes"}
    people = [row.value for row in found if row.measure.endswith(": people")]
    assert people == sorted(people, reverse=True)  # the deeper the cut may lie, the fewer
    assert people[-1] > 0


def test_the_made_district_has_streets_of_every_class_over_its_boundary():
    project = made_district(90)
    plan = propose_checkpoints(project).apply(project).checkpoints
    assert {row.highway for row in plan.crossings} == {"primary", "secondary", "tertiary", "residential"}
    assert all(point.highway != "residential" for point in plan.checkpoints)
