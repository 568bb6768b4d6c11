"""The painting thread's picture: what is painted after an edit is what a whole new picture would show, pixel by pixel."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import KeepTogether, MakeExclusive
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZonePlan
from tests.ui.builders import patrolled, planned, town
from ui.latest import Obsolete
from ui.map.painter import Painter
from ui.map.picture import Picture
from ui.map.regions import Region
from ui.map.scene import Frame, Patch, Request, Showing
from ui.map.view import View
from ui.styles import DARK, LIGHT, Theme

WINDOW = View(360.0, 240.0, 0.8, 700, 500)
EDITS: tuple[Edit, ...] = (
    MoveUnits((4,), 0),
    MoveUnits((13, 14, 25, 26), 0),
    LockGrids((7,)),
    MoveUnits((4, 5, 16), 1),
    MoveUnits((0, 1, 2, 3, 12, 15, 24, 27), 1),
    KeepTogether((40, 41)),
    MakeExclusive(0),
)


def request(project: Project, theme: Theme = LIGHT, ratio: float = 1.0, step: int = 1, view: View = WINDOW, **showing: object) -> Request:
    wide, left, top = view.widened(0.15, step)
    width, height = (-(-size // step) * step for size in (view.width, view.height))
    shown = Showing(project, theme, "en", **showing)  # type: ignore[arg-type]
    return Request(shown, wide, ratio, Region(left, top, width, height))


def shown_by(painter: Painter, picture: Picture, wanted: Request) -> list[Frame | Patch]:
    """Let a painter answer and a picture take the answer, as the canvas does; return the answers."""
    news = list(painter.frames(wanted, lambda: False))
    for one in news:
        if isinstance(one, Frame):
            picture.take(one)
        else:
            picture.mend(one)
    return news


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()].copy()


def anew(wanted: Request) -> np.ndarray:
    """What a painter that knows nothing of what was before paints, in one piece."""
    frame = next(iter(Painter().frames(dataclasses.replace(wanted, window=None), lambda: False)))
    assert isinstance(frame, Frame)
    return pixels(frame.image)


def zoned(project: Project) -> Project:
    assert project.grids is not None
    members = {grid: grid % 3 for grid in project.grids.grids}
    return dataclasses.replace(project, zones=ZonePlan(members, {i: Zone(f"Z{i}", "") for i in range(3)}, np.ones(3)))


@pytest.mark.parametrize(("ratio", "step"), [(1.0, 1), (1.25, 4), (1.5, 2), (2.0, 1)])
def test_regions_painted_after_edits_equal_a_picture_painted_anew(project: Project, qapp: QApplication, ratio: float, step: int) -> None:
    painter, picture = Painter(), Picture()
    shown = zoned(patrolled(project))
    shown_by(painter, picture, request(shown, ratio=ratio, step=step))
    past = [shown]
    for edit in EDITS if ratio in (1.0, 1.25) else EDITS[:2]:
        shown = edit.apply(shown)
        past.append(shown)
        shown_by(painter, picture, request(shown, ratio=ratio, step=step))
        assert picture.frame is not None
        assert np.array_equal(pixels(picture.frame.image), anew(request(shown, ratio=ratio, step=step))), edit.words
    for earlier in past[-2::-1]:
        shown_by(painter, picture, request(earlier, ratio=ratio, step=step))
    assert picture.frame is not None
    assert np.array_equal(pixels(picture.frame.image), anew(request(past[0], ratio=ratio, step=step)))


def test_the_window_comes_first_then_its_margins_and_after_an_edit_only_what_it_reached(project: Project, qapp: QApplication) -> None:
    painter, picture = Painter(), Picture()
    first = shown_by(painter, picture, request(project))
    assert [type(news) for news in first] == [Frame, Patch, Patch, Patch, Patch]
    assert first[0].region == Region(105, 75, 700, 500)
    assert [news.whole for news in first if isinstance(news, Patch)] == [False, False, False, True]
    moved = MoveUnits((4,), 0).apply(project)
    (patch,) = shown_by(painter, picture, request(moved))
    assert isinstance(patch, Patch)
    assert patch.whole
    assert patch.region.width * patch.region.height < 0.06 * 910 * 650
    (nothing,) = shown_by(painter, picture, request(moved))
    assert isinstance(nothing, Patch)
    assert nothing.image is None


def test_selecting_and_showing_units_equal_a_picture_painted_anew(project: Project, qapp: QApplication) -> None:
    painter, picture = Painter(), Picture()
    for showing in ({}, {"selected": 3}, {"selected": 5, "others": frozenset({3, 4})}, {"selected": 5, "show_units": True}, {}):
        shown_by(painter, picture, request(project, **showing))
        assert picture.frame is not None
        assert np.array_equal(pixels(picture.frame.image), anew(request(project, **showing)))
    selected = shown_by(painter, picture, request(project, selected=3))
    assert selected[0].region.width < 300
    dark = shown_by(painter, picture, request(project, DARK, selected=3))
    assert dark[0].region == Region(0, 0, 910, 650)


def test_what_a_newer_request_cut_short_is_painted_with_it(project: Project, qapp: QApplication) -> None:
    painter, picture = Painter(), Picture()
    asked = 0

    def tired() -> bool:
        return asked > 0

    news = painter.frames(request(project), tired)
    frame = next(news)
    assert isinstance(frame, Frame)
    picture.take(frame)
    asked = 1
    with pytest.raises(Obsolete):
        next(news)
    moved = MoveUnits((4,), 0).apply(project)
    answers = shown_by(painter, picture, request(moved))
    assert len(answers) == 5  # the edit and four margins
    assert picture.frame is not None
    assert np.array_equal(pixels(picture.frame.image), anew(request(moved)))


def test_a_plan_with_grids_begun_and_ended_is_followed(qapp: QApplication) -> None:
    painter, picture = Painter(), Picture()
    project = planned(town(16, 12, 4), 16, 4, 3)
    shown_by(painter, picture, request(project))
    assert project.grids is not None
    emptied = MoveUnits(tuple(np.flatnonzero(project.grids.labels == 1).tolist()), 0).apply(project)
    for shown in (emptied, project):
        news = shown_by(painter, picture, request(shown))
        assert news[0].region.width < 600
        assert picture.frame is not None
        assert np.array_equal(pixels(picture.frame.image), anew(request(shown)))


def test_two_painters_of_two_plans_do_not_get_in_each_others_way(project: Project, qapp: QApplication) -> None:
    other = MoveUnits((13, 14, 25, 26), 0).apply(project)
    pairs = [(Painter(), Picture(), project), (Painter(), Picture(), other)]
    for _round in range(2):
        for painter, picture, shown in pairs:
            shown_by(painter, picture, request(shown))
            assert picture.frame is not None
            assert np.array_equal(pixels(picture.frame.image), anew(request(shown)))


@pytest.mark.parametrize("ratio", [1.0, 1.25])
def test_a_view_that_moved_shows_the_picture_moved_until_the_next_is_there(project: Project, qapp: QApplication, ratio: float) -> None:
    painter, picture = Painter(), Picture()
    shown_by(painter, picture, request(project, ratio=ratio, step=4))
    assert picture.frame is not None
    whole = pixels(picture.frame.image)
    for dx, dy in ((0, 0), (40, -24), (-60, 20)):
        screen = QImage(round(WINDOW.width * ratio), round(WINDOW.height * ratio), QImage.Format.Format_RGB32)
        screen.setDevicePixelRatio(ratio)
        on_screen = QPainter(screen)
        picture.draw(on_screen, WINDOW.panned(dx, dy), ratio, QColor(LIGHT.map))
        on_screen.end()
        _view, left, top = WINDOW.widened(0.15, 4)
        x, y = round((left - dx) * ratio), round((top - dy) * ratio)
        assert np.array_equal(pixels(screen), whole[y : y + screen.height(), x : x + screen.width()])


def test_until_the_margins_are_there_the_picture_before_shows_through(project: Project, qapp: QApplication) -> None:
    painter, picture = Painter(), Picture()
    shown_by(painter, picture, request(project))
    moved = WINDOW.panned(100, 0)
    frame = next(iter(painter.frames(request(project, view=moved), lambda: False)))
    assert isinstance(frame, Frame)
    picture.take(frame)
    screen = QImage(WINDOW.width, WINDOW.height, QImage.Format.Format_RGB32)
    on_screen = QPainter(screen)
    picture.draw(on_screen, moved.panned(-60, 0), 1.0, QColor("#ff00ff"))
    on_screen.end()
    assert not (pixels(screen) == 0xFFFF00FF).any()
