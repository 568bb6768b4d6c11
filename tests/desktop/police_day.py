"""A police planner's hour in the real window, by mouse and keys: `python -m tests.desktop.police_day FOLDER`."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton

from gridplanner.io.project_file import save_project
from gridplanner.model.group_loads import loads_of
from gridplanner.model.project import Project
from gridplanner.model.zone_figures import zone_figures
from gridplanner.settings import ZoneSettings
from tests.desktop.hand import on_screen, part_of
from tests.desktop.places import grid_of_another, inside
from tests.desktop.working_day import Day, main
from tests.ui.builders import planned, town
from ui.figures import amount
from ui.panels.steps_panel import StepButton
from ui.steps import State

PERSONS = 4  # the column of the table of beats


class PoliceDay(Day):
    """Beats and one moved by hand, zones between even work and fast response, a cordon and its checkpoints."""

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (self.open, self.beats, self.move_a_grid, self.slide, self.close_a_street):
            step()
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    def open(self) -> None:
        """Open a town that has grids, as a program that was started with it does."""
        project = planned(town(24, 16), columns=24)
        path = self.folder / "police.gridplan"
        save_project(dataclasses.replace(project, settings=dataclasses.replace(project.settings, zones=ZoneSettings(count=4))), path)
        self.hand.ask(lambda: self.desk.open_paths([path]))
        self.hand.wait(lambda: self.project.grids is not None and not self.desk.jobs.is_busy, "the project")
        self.hand.wait(self.desk.canvas.isVisible, "the map")

    def beats(self) -> None:
        self.run("beats")
        plan = self.project.beats
        assert plan is not None
        assert [one.status for one in plan.certificates] == ["optimal"]
        assert self.hand.ask(self.desk.side.beats_page.table.rows.rowCount) == len(plan)

    def move_a_grid(self) -> None:
        before = self.project
        assert before.beats is not None
        members = before.beats.members
        grid, other = self.hand.ask(lambda: grid_of_another(before, members))
        beat, persons = members[grid], self.hand.ask(lambda: loads_of(before, "beats"))
        self.hand.key("s")
        self.click_grid(grid)
        self.hand.wait(lambda: self.desk.groups.chosen == (beat,), "the beat to be chosen")
        self.hand.key("a")
        at = self.hand.ask(lambda: on_screen(self.desk.canvas, *inside(before, other)))
        gestures = self.desk.canvas.gestures
        self.hand.drag([at, at + QPoint(1, 1)], before_end=lambda: self.hand.wait(lambda: gestures.preview.tallies, "counts"))
        self.hand.wait(lambda: self.project is not before, "a grid to change beat")
        after = self.project
        assert after.beats is not None
        assert after.beats.members == {**members, other: beat}
        sums = self.hand.ask(lambda: loads_of(after, "beats"))
        assert sums[beat] > persons[beat]
        assert abs(sum(sums.values()) - sum(persons.values())) < 1e-6
        self.hand.wait(lambda: self.told(beat) == amount(sums[beat]), "the table to follow the hand")
        self.hand.key("ctrl+z")
        self.hand.wait(lambda: self.project is before, "it to be undone")
        self.hand.wait(lambda: self.told(beat) == amount(persons[beat]), "the table to follow")
        self.hand.key("s")

    def slide(self) -> None:
        self.run("zones")
        before = self.project
        assert before.zones is not None
        choices, slider = before.zones.choices, self.desk.side.zones_page.pareto.slider
        assert len(choices) > 1
        even = min(range(len(choices)), key=lambda row: choices[row].spread)
        fast = min(range(len(choices)), key=lambda row: choices[row].mean_minutes)
        wanted, key = (even, "End") if before.zones.chosen == fast else (fast, "Home")
        self.hand.click(slider)
        self.hand.key(key)
        self.hand.wait(lambda: self.project.zones.chosen == wanted, "another plan of zones")  # type: ignore[union-attr]
        figures = self.hand.ask(lambda: zone_figures(self.project))
        assert figures is not None
        assert abs(figures.spread - choices[wanted].spread) < 1e-6

    def close_a_street(self) -> None:
        self.choose("checkpoints")
        canvas, page = self.desk.canvas, self.desk.side.checkpoints
        self.hand.click(self.hand.ask(lambda: part_of(page, QPushButton, "Draw a cordon")))
        self.hand.wait(lambda: self.desk.tool == "cordon", "the tool")
        middle = self.hand.ask(lambda: canvas.mapToGlobal(canvas.rect().center()))
        for x, y in ((-150, -110), (160, -110), (160, 120), (-150, 120)):
            self.hand.click(middle + QPoint(x, y))
        self.hand.key("Return")
        self.hand.wait(lambda: len(self.project.cordons) == 1, "a cordon")
        self.run("checkpoints")
        plan = self.project.checkpoints
        assert plan is not None
        name = str(self.project.cordons.names[0])
        held = [one for one in plan.checkpoints if one.cordon == name]
        assert 0 < len(held) <= int(self.project.cordons.counts[0])
        assert [one.rank for one in held] == list(range(1, len(held) + 1))
        self.hand.wait(lambda: self.desk.derived.states["checkpoints"] is State.DONE, "the step to be done")

    # eyes and fingers

    def choose(self, name: str) -> None:
        """Click a step at the left."""
        buttons = self.window.steps.findChildren(StepButton)
        self.hand.click(next(button for button in buttons if button.step.id == name))
        self.hand.wait(lambda: self.window.steps.step.id == name, f"the step {name}")

    def run(self, name: str) -> None:
        """Press a step's button, and wait for what it makes."""
        self.choose(name)
        before: Project = self.project
        self.hand.wait(self.window.steps.run_button.isEnabled, "the button")
        self.hand.click(self.window.steps.run_button)
        plan = getattr(before, name)
        self.hand.wait(lambda: getattr(self.project, name) is not plan and not self.desk.jobs.is_busy, f"the plan of {name}")
        assert not self.hand.ask(lambda: self.desk.jobs.last_failure)
        self.hand.wait(lambda: self.desk.derived.project is self.project, "the figures")

    def told(self, beat: int) -> str:
        """Return what the table says of a beat's persons; asked in the window's thread."""
        plan, rows = self.project.beats, self.desk.side.beats_page.table.rows
        row = sorted(plan.beats).index(beat)  # type: ignore[union-attr]
        line = next(line for line in range(rows.rowCount()) if rows.row_at(line) == row)
        return str(rows.index(line, PERSONS).data())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), PoliceDay))
