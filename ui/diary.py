"""What the window writes into the program's diary: words of the program, numbers and durations, never what a project holds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6 import __version__ as qt
from PySide6.QtGui import QGuiApplication

from gridplanner import logbook
from gridplanner.i18n import language

if TYPE_CHECKING:
    from gridplanner.model.changes import Change
    from gridplanner.model.project import Project
    from ui.desk import Desk
    from ui.jobs import Job


def begin_diary() -> None:
    """Begin the diary of the window."""
    facts = screen_facts()
    logbook.begin("window", qt=f"v{qt}", language=language(), **{name: value for name, value in facts.items() if name != "platform"})


def follow(desk: Desk) -> None:
    """Write from now on what is opened and which kinds of things change."""
    state = {"opened": desk.session.opened}

    def take(_before: Project, after: Project) -> None:
        if desk.session.opened != state["opened"]:
            state["opened"] = desk.session.opened
            logbook.note("opened", **_size_of(after), log=len(desk.session.log))
        elif desk.session.log:
            logbook.note("changed", **_facts_of(desk.session.log[-1]))

    desk.session.listen(take)


def note_job(job: Job, *, seconds: float, outcome: str) -> None:
    """Write that the worker did something for the planner, by the name of its function."""
    logbook.note("job", name=job.function.rpartition(":")[2] or "-", seconds=round(seconds, 3), outcome=outcome)


def note_action(name: str, start: float) -> None:
    """Write that an action was chosen, and how long the window took for it; `start` is by `time.perf_counter`."""
    logbook.note("action", name=name, seconds=round(time.perf_counter() - start, 3))


def screen_facts() -> dict[str, int | float | str]:
    """Return how large the screen is and how finely it shows."""
    screen = QGuiApplication.primaryScreen()
    if screen is None:
        return {}
    size = screen.size()
    return {"width": size.width(), "height": size.height(), "ratio": screen.devicePixelRatio(), "platform": QGuiApplication.platformName()}


def _size_of(project: Project) -> dict[str, int]:
    grids, units = project.grids, project.units
    return {
        "addresses": len(project.households),
        "communities": len(project.communities),
        "units": len(units) if units is not None else 0,
        "grids": len(grids) if grids is not None else 0,
        "scenarios": 1 + len(project.scenarios),
    }


def _facts_of(change: Change) -> dict[str, int | str]:
    """Return the way of a change and what kinds of things it is about, in words of the program: another's change may say anything."""
    from gridplanner.model.change_words import WAYS, WHATS  # the first window does not wait for it

    kinds = ",".join(dict.fromkeys(line.what for line in change.lines if line.what in WHATS))
    return {"number": change.number, "way": change.way if change.way in WAYS else "-", "what": kinds or "-", "lines": len(change.lines)}
