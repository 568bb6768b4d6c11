"""A patrol planner's hour in the real window, by mouse and keys: `python -m tests.desktop.patrol_day FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton, QTableView

from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.patrol_near import street_middle
from gridplanner.model.project import fingerprint
from tests.desktop.hand import on_screen, part_of
from tests.desktop.police_day import PoliceDay
from tests.desktop.working_day import main
from tests.patrol_town import made_plan, routes_on
from ui.panels.patrol_page import PatrolPage
from ui.patrol_figures import patrol_figures


class PatrolDay(PoliceDay):
    """Routes looked at by variant and day, driven, corrected by hand, undone, wished otherwise, planned again and kept."""

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (
            self.open, self.compare, self.drive, self.cover, self.reorder, self.take_out, self.lock, self.undo_and_redo_all,
            self.pick_a_street, self.plan_again, self.keep,
        ):  # fmt: skip
            step()
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    def open(self) -> None:
        path = self.folder / "patrol.gridplan"
        save_project(made_plan(), path)
        self.hand.ask(lambda: self.desk.open_paths([path]))
        self.hand.wait(lambda: self.project.patrol is not None and not self.desk.jobs.is_busy, "the project")
        self.hand.wait(self.desk.canvas.isVisible, "the map")
        self.choose("patrol")
        self.hand.wait(self.page.table.isVisible, "the page")

    def compare(self) -> None:
        """The second variant, then what is drawn for the third day: the table, the heading and the map are of the same routes."""
        choice = self.page.choice
        self.hand.click(choice)
        self.hand.key("Down", "Return")
        self.hand.wait(lambda: self.desk.patrol.choice == "2", "the second variant")
        third = self.hand.ask(lambda: choice.findText("As drawn for day 3"))
        self.hand.click(choice)
        self.hand.key("Home", *["Down"] * third, "Return")
        self.hand.wait(lambda: self.desk.patrol.choice == "day:2", "the third day")
        codes = {route.code for route in routes_on(self.plan, 2)}
        table = self.page.table
        assert self.hand.ask(lambda: {str(table.rows.index(line, 0).data()) for line in range(table.rows.rowCount())}) == codes
        metres = sum(route.required_m + route.dead_m for route in routes_on(self.plan, 2))
        assert abs(patrol_figures(self.plan, "day:2").metres - metres) < 1e-6
        assert f"{metres / 1000:.1f} km" in self.hand.ask(lambda: self.page._heading.text())
        self.hand.click(choice)
        self.hand.key("Home", "Return")
        self.hand.wait(lambda: self.desk.patrol.choice == "1", "the first variant")

    def drive(self) -> None:
        show = self.desk.patrol
        self.hand.key("shift+p")
        self.hand.wait(lambda: show.plays and (show.minute or 0.0) > 480.2, "the crews to go")
        self.hand.key("shift+p")
        self.hand.wait(lambda: not show.plays, "the crews to stand")
        assert len(self.hand.ask(lambda: show._crews.marks)) == 2  # type: ignore[union-attr]  # the early shift of both zones

    def cover(self) -> None:
        self.hand.click(self.hand.ask(lambda: part_of(self.page, QPushButton, "Coverage")))
        self.hand.wait(lambda: self.desk.patrol.coverage is not None, "the coverage")
        streets = self.page.coverage.streets.rows
        self.hand.wait(lambda: streets.rowCount() > 0, "the streets")
        assert self.hand.ask(lambda: {str(streets.index(line, 0).data()) for line in range(2)}) == {"二街", "五街"}
        self.hand.click(self.hand.ask(lambda: part_of(self.page, QPushButton, "Routes")))

    def reorder(self) -> None:
        """Drag the first stop of a route below the second; the map's route and its times follow."""
        self.click_line(self.page.table, 0)
        self.hand.wait(self.page.card.stops.isVisible, "the stops")
        before, stops = self.route, self.page.card.stops
        first, second = self.place_in(stops, 1), self.place_in(stops, 2)
        self.hand.drag([first, first + QPoint(0, 12), second, second + QPoint(0, 6)])
        self.hand.wait(lambda: self.route is not before, "the order to change")
        assert [call.kind for call in self.route.calls] == [call.kind for call in reversed(before.calls)] == ["site", "street"]

    def take_out(self) -> None:
        self.click_line(self.page.card.stops, 1)
        before = self.route
        self.hand.key("Delete")
        self.hand.wait(lambda: self.route is not before, "the site to go")
        assert [issue.kind for issue in self.plan.issues] == ["unserved"]
        self.hand.wait(self.page.left_out.isVisible, "it to be said")
        assert "1 street or site is on no route" in self.hand.ask(self.page.left_out.text)

    def lock(self) -> None:
        self.hand.click(self.page.card.lock)
        self.hand.wait(lambda: self.route.locked, "the lock")

    def undo_and_redo_all(self) -> None:
        last = self.plan
        for _step in range(3):
            self.hand.key("ctrl+z")
        self.hand.wait(lambda: not self.plan.issues and not self.plan.routes[0].locked, "all to be undone")
        for _step in range(3):
            self.hand.key("ctrl+y")
        self.hand.wait(lambda: self.plan is last, "all to be done again")
        for _step in range(3):
            self.hand.key("ctrl+z")

    def pick_a_street(self) -> None:
        canvas, streets = self.desk.canvas, self.plan.streets
        edge = streets.names.tolist().index("四街")
        self.hand.ask(lambda: canvas.zoom_to((*(streets.lines.coords.min(axis=0)), *(streets.lines.coords.max(axis=0)))))
        self.hand.key("q")
        self.hand.wait(lambda: self.desk.tool == "pick-street", "the tool")
        self.hand.click(self.hand.ask(lambda: on_screen(canvas, *street_middle(streets, edge))))
        self.hand.wait(lambda: len(self.project.picks) == 1, "the pick")
        self.hand.key("s")

    def plan_again(self) -> None:
        self.run("patrol")
        edge = self.plan.streets.names.tolist().index("四街")
        assert self.plan.streets.times[edge] == 1
        assert any(edge in (route.arcs[route.call_of_arc >= 0] // 2).tolist() for route in self.plan.routes)
        self.hand.wait(lambda: self.desk.derived.issues is not None, "the check")
        assert not [issue.message for issue in self.hand.ask(lambda: self.desk.derived.issues) or () if issue.level == "error"]

    def keep(self) -> None:
        self.hand.key("ctrl+s")
        self.hand.wait(lambda: self.desk.session.is_saved, "the project to be saved")
        again = open_project(self.folder / "patrol.gridplan")
        for name in ("patrol", "picks", "zones", "key_sites", "depots"):
            assert fingerprint(getattr(again, name)) == fingerprint(getattr(self.project, name)), name

    # eyes and fingers

    @property
    def page(self) -> PatrolPage:
        return self.desk.side.patrol

    @property
    def plan(self) -> PatrolPlan:
        plan = self.project.patrol
        assert plan is not None
        return plan

    @property
    def route(self) -> Route:
        return self.plan.routes[self.desk.patrol.route]

    def place_in(self, table: QTableView, line: int) -> QPoint:
        def place() -> QPoint:
            index = table.model().index(line, 1)
            table.scrollTo(index)
            return table.viewport().mapToGlobal(table.visualRect(index).center())

        return self.hand.ask(place)

    def click_line(self, table: QTableView, line: int) -> None:
        self.hand.click(self.place_in(table, line))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), PatrolDay))
