"""A railway planner's hour in the real window, by mouse and keys: `python -m tests.desktop.rail_day FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

import sample_data
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import place_at
from gridplanner.model.rail_work import plan_figures, segment_work
from tests.desktop.hand import on_screen
from tests.desktop.police_day import PoliceDay
from tests.desktop.working_day import dialog_is_there, main
from ui.panels.rail_page import RailPage

GUARDS = 44  # of the Golmud scenario
SHORT, LONG, PLAIN = "K900+010", "K961+100", "K930+500"  # left out by a broken chain, read twice, read once


class RailDay(PoliceDay):
    """The line of 230 km divided, read, its breaks dragged on map and chart, added and removed, chainages found, settings, export."""

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (
            self.open, self.divide, self.read, self.drag_on_the_map, self.drag_on_the_chart, self.add_and_remove, self.lock,
            self.divide_the_rest, self.undo_all, self.find, self.change_settings, self.export,
        ):  # fmt: skip
            step()
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    def open(self) -> None:
        self.hand.ask(lambda: self.desk.open_paths([Path(sample_data.__file__).with_name("golmud.toml")]))
        self.hand.wait(lambda: len(self.project.railway) > 0 and not self.desk.jobs.is_busy, "the line")
        self.hand.wait(self.desk.canvas.isVisible, "the map")

    def divide(self) -> None:
        self.run("rail")
        assert len(self.plan.segments) == GUARDS
        self.hand.wait(self.page.chart.isVisible, "the chart")

    def read(self) -> None:
        """Heading, table and card tell the plan's figures; the status line what the posts read below the pointer."""
        figures = plan_figures(self.plan, "day")
        assert self.hand.ask(self.page._heading.text) == f"{figures.km:.1f} km · 44 guards · work max/mean {figures.max_over_mean:.3f}"
        assert self.hand.ask(self.page.table.rows.rowCount) == GUARDS
        self.hand.click(self.cell(13))
        self.hand.wait(self.page.card.isVisible, "the card")
        segment = self.plan.segments[13]
        assert self.hand.ask(self.page.card._title.text).startswith(f"{segment.code} · ")
        self.hand.wait(lambda: self.desk.canvas.view.scale > 0.01 and not self.desk.canvas.is_moving, "the map to go there")
        along = (segment.low + segment.high) / 2
        self.hand.click(self.on_map(along))
        self.hand.wait(lambda: self.plan.lines[0].name in self.desk.jobs.last_words, "the chainage")
        read = self.hand.ask(lambda: self.desk.jobs.last_words).split(" · ")[0]
        assert any(abs(at - along) < 40.0 for at in self.plan.lines[0].mileage.find(read))

    def drag_on_the_map(self) -> None:
        """Both sides' work is at the cursor, and the chart's handle goes along before the break is let go."""
        before, row = self.plan, 13
        self.hand.key("w")
        self.hand.wait(lambda: self.desk.tool == "rail-break", "the tool")
        old, chart, gestures = before.segments[row].high, self.page.chart, self.desk.canvas.gestures
        told: list[str] = []

        def both_sides() -> None:
            self.hand.wait(lambda: len(gestures.preview.tallies) == 2 and gestures.preview.title, "both sides")
            told.extend(tally.told for tally in self.hand.ask(lambda: gestures.preview.tallies))
            assert self.hand.ask(lambda: chart._elsewhere[0] == row and old - 1100.0 < chart._elsewhere[1] < old - 300.0)

        self.hand.drag([self.on_map(old - gone) for gone in (0.0, 300.0, 700.0)], before_end=both_sides)
        self.hand.wait(lambda: self.plan is not before, "the break to move")
        assert self.hand.ask(lambda: chart._elsewhere[0]) == -1
        for side, words in zip(self.plan.segments[row : row + 2], told, strict=True):
            assert words.startswith(f"{(side.high - side.low) / 1000:.2f} km · work {side.workload:.2f} ")
            assert abs(side.workload - float(segment_work(self.plan, "day", 0, side.low, side.high))) < 1e-9
        assert -1100.0 < self.plan.segments[row].high - old < -300.0
        self.hand.key("s")

    def drag_on_the_chart(self) -> None:
        """The map shows the break in hand with both of its segments."""
        before, row, chart = self.plan, 20, self.page.chart
        self.hand.click(self.cell(row))
        self.hand.wait(lambda: self.desk.rail.row == row, "the segment")
        self.zoom_chart(row)
        start = self.on_chart(before.segments[row].high)
        gestures = self.desk.canvas.gestures

        def seen() -> None:
            self.hand.wait(lambda: gestures.preview.marks is not None and len(gestures.preview.lines) == 3, "it on the map")
            assert [tally.name for tally in self.hand.ask(lambda: chart._shown.tallies)] == [
                segment.code for segment in before.segments[row : row + 2]
            ]
            self.look("drag_on_the_chart_held")

        self.hand.drag([start, start + QPoint(6, 0), start + QPoint(14, 0)], before_end=seen)
        self.hand.wait(lambda: self.plan is not before, "the break to move")
        assert self.plan.segments[row].high > before.segments[row].high
        assert self.hand.ask(lambda: gestures.preview.marks is None)

    def add_and_remove(self) -> None:
        before, segment = self.plan, self.plan.segments[20]
        middle = (segment.low + segment.high) / 2
        self.hand.key("shift+w")
        self.hand.wait(lambda: self.desk.tool == "rail-add", "the tool")
        self.hand.click(self.on_map(middle))
        self.hand.wait(lambda: len(self.plan.segments) == GUARDS + 1, "a segment more")
        new = self.plan.segments[20].high
        assert abs(new - middle) < 500.0
        assert abs(sum(one.workload for one in self.plan.segments) - sum(one.workload for one in before.segments)) < 1e-6
        self.hand.key("w")
        self.hand.click(self.on_map(new), keys=("ctrl",))
        self.hand.wait(lambda: len(self.plan.segments) == GUARDS, "a segment less")
        self.hand.key("s")

    def lock(self) -> None:
        self.hand.click(self.cell(13))
        self.hand.wait(lambda: self.desk.rail.row == 13, "the segment")
        self.hand.key("l")
        self.hand.wait(lambda: self.plan.segments[13].locked, "the lock")

    def divide_the_rest(self) -> None:
        held, before = self.plan.segments[13], self.plan
        self.hand.key("r")
        self.hand.wait(lambda: self.plan is not before and not self.desk.jobs.is_busy, "the rest to be divided")
        assert not self.hand.ask(lambda: self.desk.jobs.last_failure)
        after = self.plan
        kept = next(one for one in after.segments if one.code == held.code)
        assert (kept.low, kept.high, kept.locked) == (held.low, held.high, True)
        rest = [one.workload for one in before.segments if not one.locked]
        assert max(one.workload for one in after.segments if not one.locked) < max(rest)
        assert np.allclose([a.high for a in after.segments[:-1]], [b.low for b in after.segments[1:]])

    def undo_all(self) -> None:
        first = self.hand.ask(lambda: next(step for step in self.desk.session.history.past if step.project.rail is not None).project.rail)
        for _step in range(6):
            self.hand.key("ctrl+z")
        self.hand.wait(lambda: self.plan is first, "all to be undone")
        assert not any(one.locked for one in self.plan.segments)

    def find(self) -> None:
        """One that is left out leads to its broken chain, of one that is read twice both are listed, a plain one is gone to."""
        box = self.desk.finder.box
        line = self.plan.lines[0]
        for text, hits in ((SHORT, ("K900+020",)), (LONG, ("K960+1100", LONG)), (PLAIN, (PLAIN,))):
            self.hand.key("ctrl+f")
            self.hand.wait(box.line.hasFocus, "the find box")
            self.hand.key("ctrl+a")
            self.hand.type(text)
            self.hand.wait(lambda wanted=hits: self.listed() == list(wanted), f"{text} to be found")
            for number, name in enumerate(hits):
                if number:
                    self.hand.key("F3")
                else:
                    self.hand.key("Return")
                x, y = place_at(line, line.mileage.find(name)[0])
                self.hand.wait(lambda x=x, y=y: self.is_middle(x, y), f"the map to show {name}")
        self.hand.key("Escape")
        self.hand.key("ctrl+g")
        self.hand.wait(self.page.go.hasFocus, "the field of the page")
        self.hand.type(SHORT)
        self.hand.key("Return")
        self.hand.wait(lambda: f"{SHORT} is left out by a broken chain" in self.desk.jobs.last_words, "it to be said")

    def change_settings(self) -> None:
        """A guard less is wished: the plan is out of date, and the line is divided among 43."""
        self.hand.click(self.hand.ask(lambda: self.window.steps._settings))
        dialog = self.hand.focus_dialog(QDialog)
        self.hand.click(self.hand.ask(lambda: self.field(dialog, str(GUARDS))))
        self.hand.key("ctrl+a")
        self.hand.key(*str(GUARDS - 1))
        self.hand.click(self.hand.ask(lambda: dialog.accept_button))  # type: ignore[attr-defined]
        self.hand.wait(lambda: not dialog_is_there(dialog), "the dialog to close")
        self.hand.focus(self.window)
        self.hand.wait(lambda: "out of date" in self.page._heading.text(), "the plan to be out of date")
        self.run("rail")
        assert len(self.plan.segments) == GUARDS - 1
        assert "43 guards" in self.hand.ask(self.page._heading.text)

    def export(self) -> None:
        self.export_to(self.folder / "out")
        assert (self.folder / "out" / "railsegs.shp").exists()

    # eyes and fingers

    @property
    def page(self) -> RailPage:
        return self.desk.side.rail

    @property
    def plan(self) -> RailPlan:
        plan = self.project.rail
        assert plan is not None
        return plan

    def cell(self, row: int) -> QPoint:
        """Return where the line of a segment is, brought in sight."""

        def place() -> QPoint:
            table = self.page.table
            line = next(line for line in range(table.rows.rowCount()) if table._row(line) == row)
            index = table.rows.index(line, 1)
            table.scrollTo(index)
            return table.viewport().mapToGlobal(table.visualRect(index).center())

        return self.hand.ask(place)

    def on_map(self, along: float) -> QPoint:
        return self.hand.ask(lambda: on_screen(self.desk.canvas, *place_at(self.plan.lines[0], along)))

    def on_chart(self, along: float) -> QPoint:
        chart = self.page.chart
        return self.hand.ask(lambda: chart.mapToGlobal(QPoint(round(chart.reach.x(along)), chart.height() // 3)))

    def zoom_chart(self, row: int) -> None:
        self.hand.click(self.on_chart(self.plan.segments[row].high), button=4, times=8)
        self.hand.wait(lambda: self.page.chart.reach.scale > 0.004, "the chart to come closer")

    def listed(self) -> list[str]:
        """Return the chainages in the list of the find box; asked in the window's thread."""
        rows = self.desk.finder.box.list
        return [rows.item(row).text().split(" · ")[0] for row in range(rows.count())]

    def is_middle(self, x: float, y: float) -> bool:
        canvas = self.desk.canvas
        at = canvas.view.point_to_screen(x, y)
        return abs(at[0] - canvas.width() / 2) < 3 and abs(at[1] - canvas.height() / 2) < 3

    def field(self, dialog: QWidget, text: str) -> QLineEdit:
        return next(line for line in dialog.findChildren(QLineEdit) if line.isVisible() and line.text() == text)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), RailDay))
