import dataclasses
import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import MakeExclusive
from gridplanner.model.outlines import grid_ids
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.model.zones import Zone, ZonePlan
from tests.ui.builders import planned, town
from tests.ui.painting import Painting
from ui.figures import out_of_band
from ui.map.decorations import BAR_HIGH
from ui.map.legend import Legend
from ui.map.scene import Showing
from ui.map.themes import THEMES, Entry, fills_of, legend_of, theme_of_map
from ui.map.view import View
from ui.styles import DARK, LIGHT, Theme

VIEW = View(360.0, 240.0, 0.9, 700, 500)


def showing_in(project: Project, theme: str, look: Theme = LIGHT) -> Showing:
    return Showing(project, look, "en", map_theme=theme)


def zoned(project: Project, count: int) -> Project:
    assert project.grids is not None
    ids = grid_ids(project.grids).tolist()
    members = {grid: min(i * count // len(ids), count - 1) for i, grid in enumerate(ids[:-1])}  # the last is in no zone
    zones = {i: Zone(f"Z{i + 1:02d}", f"Zone {i + 1}") for i in range(count)}
    return dataclasses.replace(project, zones=ZonePlan(members, zones, np.ones(count)))


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_deviation_is_neutral_in_the_band_and_blue_below_and_red_above(look: Theme) -> None:
    project = planned(town(12, 8, 25, seed=3))
    moved = MoveUnits((4, 5), 0).apply(project)  # one more, one fewer
    figures = grid_figures(moved)
    fills = fills_of(showing_in(moved, "deviation", look))
    assert fills is not None
    out = out_of_band(figures, moved.settings.grids)
    assert 0 < out.sum() < len(figures)
    for grid, deviation, off in zip(figures.ids.tolist(), figures.deviation.tolist(), out.tolist(), strict=True):
        red_over_blue = fills[grid].red() - fills[grid].blue()
        if not off:
            assert abs(red_over_blue) < 16
        else:
            assert red_over_blue * deviation > 16 * abs(deviation)


@pytest.mark.parametrize("theme", ["deviation", "community", "zone", "kind"])
def test_every_colour_of_the_map_stands_in_the_legend(theme: str) -> None:
    project = zoned(planned(town()), 3)
    project = LockGrids((1,), locked=True).apply(MakeExclusive(2).apply(project))
    fills = fills_of(showing_in(project, theme))
    assert fills is not None
    assert project.grids is not None
    assert fills.keys() == project.grids.grids.keys()
    named = {entry.colour for entry in THEMES[theme].legend(showing_in(project, theme)) if entry.swatch == "fill"}
    in_no_zone = {fills[max(project.grids.grids)].name()} if theme == "zone" else set()
    assert {colour.name() for colour in fills.values()} - in_no_zone <= named


def test_zones_have_a_colour_each_and_with_many_zones_neighbours_differ() -> None:
    few = fills_of(showing_in(zoned(planned(town()), 3), "zone"))
    assert few is not None
    assert len({colour.name() for colour in few.values()}) == 4  # with that of the grid in no zone
    many = zoned(planned(town(24, 16, 4), 24), 24)
    assert len(theme_of_map("zone", many).legend(showing_in(many, "zone"))) == 2
    without = dataclasses.replace(showing_in(many, "zone"), hidden=frozenset({"zones"}))
    assert len(theme_of_map("zone", many).legend(without)) == 1  # a line that is not drawn is not explained
    fills = fills_of(showing_in(many, "zone"))
    assert fills is not None
    assert many.units is not None
    assert many.grids is not None
    assert many.zones is not None
    members, labels = many.zones.members, many.grids.labels
    for a, b in zip(many.units.left.tolist(), many.units.right.tolist(), strict=True):
        if a >= 0 and b >= 0 and members.get(int(labels[a])) != members.get(int(labels[b])):
            assert fills[int(labels[a])] != fills[int(labels[b])]


def test_a_locked_grid_and_an_exclusive_one_have_colours_of_their_own() -> None:
    project = LockGrids((1,), locked=True).apply(MakeExclusive(2).apply(planned(town())))
    fills = fills_of(showing_in(project, "kind"))
    assert fills is not None
    assert len({fills[0].name(), fills[1].name(), fills[2].name()}) == 3


def test_a_theme_that_the_project_has_nothing_for_is_the_usual_one() -> None:
    project = planned(town())
    assert theme_of_map("zone", project).id == "grid"
    assert theme_of_map("nonsense", project).id == "grid"
    assert theme_of_map("deviation", town()).id == "grid"
    assert fills_of(showing_in(project, "zone")) is None
    for theme in THEMES.values():
        assert theme.legend(showing_in(project, theme.id)) or theme.id in {"zone", "rating"}


@pytest.mark.parametrize("theme", ["deviation", "kind", "community"])
def test_after_an_edit_the_mended_picture_is_that_of_a_new_one(look: Theme, theme: str) -> None:
    project = planned(town())
    painting = Painting(VIEW)
    before = painting.show(showing_in(project, theme))
    after = LockGrids((1,), locked=True).apply(MoveUnits((4, 5), 0).apply(project))
    mended = painting.show(showing_in(after, theme))
    assert mended != before
    assert mended == Painting(VIEW).show(showing_in(after, theme))


def test_another_theme_is_another_picture(look: Theme) -> None:
    project, painting = planned(town()), Painting(VIEW)
    pictures = [painting.show(showing_in(project, theme)) for theme in ("grid", "deviation", "street", "community", "grid")]
    assert pictures[0] == pictures[4]
    assert all(a != b for a, b in itertools.pairwise(pictures))
    main = VIEW.point_to_screen(*project.roads.lines.line(int(np.argmax(project.roads.classes))).mean(axis=0).tolist())
    assert pictures[2].pixelColor(int(main[0]), int(main[1])) == QColor("#b2182b")


# the legend


def test_the_legend_stays_in_its_corner_and_folds_away_by_mouse_and_key(qtbot: QtBot, look: Theme) -> None:
    board = QWidget()
    qtbot.addWidget(board)
    board.resize(600, 400)
    legend = Legend(board)
    board.show()
    legend.show_legend("By deviation", [Entry("fill", "#ff0000", "above"), Entry("line", "#000000", "border")], "© somebody")
    corner = legend.geometry().bottomRight()
    high = legend.height()
    assert (board.width() - corner.x(), board.height() - corner.y()) < (30, 40)
    board.resize(800, 500)
    assert legend.geometry().bottomRight() - corner == QPoint(200, 100)
    with qtbot.waitSignal(legend.folded) as folded:
        qtbot.mouseClick(legend._head, Qt.MouseButton.LeftButton)
    assert folded.args == [True]
    assert legend.height() == high - 2 * 20 - 4
    assert legend.geometry().bottomRight() - corner == QPoint(200, 100)
    legend._head.setFocus()
    with qtbot.waitSignal(legend.folded) as folded:
        qtbot.keyClick(legend._head, Qt.Key.Key_Space)
    assert folded.args == [False]
    assert legend.height() == high
    assert legend._rows.accessibleDescription() == "above\nborder"
    assert legend._credit.isVisible()
    board.resize(legend.width() + 60, 500)  # no room beside the scale bar
    assert legend.geometry().bottom() <= board.height() - BAR_HIGH
    board.resize(800, 500)
    legend.show_legend("By grid", [], "")
    assert not legend._credit.isVisible()


def test_nothing_is_said_of_grids_that_are_hidden() -> None:
    showing = showing_in(zoned(planned(town(6, 4, 25)), 2), "deviation")
    assert legend_of(showing) == THEMES["deviation"].legend(showing)
    hidden = dataclasses.replace(showing, hidden=frozenset({"grids"}))
    assert [entry.words for entry in legend_of(hidden)] == ["Border of a patrol zone"]
    assert legend_of(dataclasses.replace(hidden, hidden=frozenset({"grids", "zones"}))) == ()
