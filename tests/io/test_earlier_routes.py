"""Project files of the version before crews had calls: their routes open, are shown and written, and say how to go on."""

import dataclasses
import json
import sqlite3
from zlib import crc32

import pytest

from gridplanner.edits.patrol_edits import LockRoutes, RecodeRoute
from gridplanner.errors import EditRejected, InputError
from gridplanner.io.layer_rows import layers_of
from gridplanner.io.project_file import open_project, save_project
from gridplanner.io.route_files import RouteWish, write_routes
from gridplanner.model.check import check
from gridplanner.model.patrol_sheet import chosen_routes
from gridplanner.model.route_track import track_of
from gridplanner.planning.patrol_rest import propose_rest
from gridplanner.planning.route_hand import ready_to_edit, remove_call
from gridplanner.planning.routes import propose_routes
from gridplanner.summary import route_figures
from tests.patrol_town import made_plan

NEW = {
    "Route": ("crew", "calls", "arcs", "call_of_arc", "passed", "depot_node", "locked", "outside_m"),
    "PatrolPlan": ("streets", "draws", "seed"),
    "Project": ("picks",),
    "PatrolSettings": (
        "break_minutes", "break_between", "times", "weights", "streets", "revisit_minutes", "min_gap_minutes", "cover_share", "cover_m",
        "balance", "balance_travel", "compact", "variant_travel", "days", "seen_m", "seen_between",
    ),
}  # fmt: skip


def without_new(tree):
    """The tree of a project as the version before wrote it."""
    if isinstance(tree, list):
        return [without_new(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if "$class" in tree:
        left = NEW.get(tree["$class"], ())
        return {**tree, "fields": {name: without_new(value) for name, value in tree["fields"].items() if name not in left}}
    return {name: without_new(value) for name, value in tree.items()}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """The lattice's plan in a file of version 3."""
    path = tmp_path_factory.mktemp("earlier") / "lattice.gridplan"
    save_project(made_plan(), path)
    with sqlite3.connect(path) as connection:
        (tree,) = connection.execute("SELECT value FROM gridplanner_file WHERE key = 'project'").fetchone()
        old = json.dumps(without_new(json.loads(tree)))
        for key, value in (("project", old), ("checksum", str(crc32(old.encode()))), ("version", "3")):
            connection.execute("UPDATE gridplanner_file SET value = ? WHERE key = ?", (value, key))
    connection.close()
    return open_project(path)


def test_the_routes_are_there_with_their_lines_and_stops(earlier):
    whole = made_plan().patrol
    assert not len(earlier.patrol.streets)
    for route, known in zip(earlier.patrol.routes, whole.routes, strict=True):
        assert (route.code, route.minutes, route.stops) == (known.code, known.minutes, known.stops)
        track = track_of(earlier.patrol.streets, route)
        assert track.xy.tolist() == known.coords.tolist()
        assert track.clock[-1] == pytest.approx(route.stops[-1].arrive)
    rows = {layer.schema.name: layer for layer in layers_of(earlier)}
    assert len(rows["routes"].shapes) == len(whole.routes)
    assert len(rows["stops"].shapes) == sum(len(route.stops) for route in whole.routes)
    assert route_figures(earlier.patrol)["count"] == len(whole.routes)
    assert not [issue for issue in check(earlier) if issue.kind in ("route", "missing")]


def test_their_sheets_are_written(earlier, tmp_path):
    routes = chosen_routes(earlier.patrol, variant=2)
    files = write_routes(earlier, routes, tmp_path / "out", RouteWish(("gpx", "kml", "xlsx"), each=False))
    assert sorted(file.name for file in files) == ["routes.gpx", "routes.kml", "routes.xlsx"]


def test_what_needs_the_streets_says_to_plan_again_and_the_rest_works(earlier):
    with pytest.raises(EditRejected, match="made by an earlier version"):
        remove_call(earlier, 0, 0)
    ready_to_edit(earlier, 0)
    locked = LockRoutes((0,)).apply(earlier)
    assert RecodeRoute(0, "晨巡").apply(locked).patrol.routes[0].locked
    one = dataclasses.replace(locked.settings.patrol, variants=1)
    single = dataclasses.replace(
        locked, settings=dataclasses.replace(locked.settings, patrol=one),
        patrol=dataclasses.replace(locked.patrol, routes=locked.patrol.routes[:2]),
    )  # fmt: skip
    with pytest.raises(InputError, match="unlock it and plan all routes again"):
        propose_rest(single)
    free = LockRoutes((0,), locked=False).apply(single)
    assert propose_routes(free).apply(free).patrol.routes
