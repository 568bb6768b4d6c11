"""Pictures of the railway: its page before and after the plan, a segment, breaks in hand on map and chart, corridor, settings."""

from __future__ import annotations

from pathlib import Path

from pictures import SETTLED, Album, save, sheet, shown, window_on


def plan_rail(town: Path) -> None:
    """Divide the line of the Golmud scenario and save it."""
    import sample_data
    from gridplanner.i18n import set_language
    from gridplanner.io.project_file import save_project
    from gridplanner.io.sources import read_sources
    from gridplanner.plan_file import read_plan
    from ui.tasks import propose

    set_language("zh_CN")
    project = read_sources(read_plan(Path(sample_data.__file__).with_name("golmud.toml")))
    for edit in propose(project, ("rail",)):
        project = edit.apply(project)
    save_project(project, town)


def take_rail(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take the railway in one language, look and scaling; at the larger scaling the whole line and a segment alone."""
    import dataclasses

    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtTest import QTest

    from gridplanner.model.rail_near import place_at

    with window_on(code, look, scale) as (desk, wait):
        window, album = desk.window, Album(desk, wait)
        project = shown(desk, town)

        def pixel(row: int, more: float = 0.0) -> QPoint:
            segment = project.rail.segments[row]  # type: ignore[union-attr]
            x, y = place_at(project.rail.lines[segment.line], segment.high + more)  # type: ignore[union-attr]
            return QPointF(*desk.canvas.view.point_to_screen(x, y)).toPoint()

        desk.canvas.fit()
        window.steps.choose("rail")
        wait(lambda: desk.derived.project is project and desk.derived.issues is not None)
        album.keep()
        desk.rail.choose(project.rail.of_plan("day")[13])  # type: ignore[union-attr]
        album.keep()
        if scale == "1":
            left, row = Qt.MouseButton.LeftButton, desk.rail.row
            desk.use_tool("rail-break")
            desk.canvas.zoom(0.55, QPointF(desk.canvas.rect().center()))
            wait(lambda: False, SETTLED)
            QTest.mousePress(desk.canvas, left, Qt.KeyboardModifier.NoModifier, pixel(row))
            QTest.mouseMove(desk.canvas, pixel(row, 500.0))
            QTest.mouseMove(desk.canvas, pixel(row, 900.0))
            album.keep()
            desk.canvas.abandon()
            QTest.mouseRelease(desk.canvas, left, Qt.KeyboardModifier.NoModifier, pixel(row, 900.0))
            desk.use_tool("")
            chart = desk.side.rail.chart
            chart.reach = chart.reach.zoomed(6.0, chart.width() / 2, 1e9)
            chart.show_all(row)
            at = QPoint(round(chart.reach.x(project.rail.segments[row].high)), chart.height() // 2)  # type: ignore[union-attr]
            QTest.mousePress(chart, left, Qt.KeyboardModifier.NoModifier, at)
            QTest.mouseMove(chart, at + QPoint(8, 0))
            QTest.mouseMove(chart, at + QPoint(14, 0))
            album.keep()
            QTest.keyClick(chart, Qt.Key.Key_Escape)
            QTest.mouseRelease(chart, left, Qt.KeyboardModifier.NoModifier, at + QPoint(14, 0))
            desk.canvas.fit()
            desk.side.rail.tabs.choose("corridor")
            album.keep()
            album.keep_dialog(window.steps.settings_asked.emit)
            desk.session.open(dataclasses.replace(project, rail=None), saved=True)
            window.steps.choose("rail")
            wait(lambda: bool(desk.rail.lines))
            album.keep()
        save(sheet(album.pictures, look, float(scale)), folder / f"rail-{code[:2]}-{look}-{round(100 * float(scale))}.png")
