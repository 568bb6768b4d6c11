"""The layers of the scenarios that are not worked on, as QGIS shows them: a layer bears the scenario's title behind its own name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from gridplanner.io.project_views import View, views
from gridplanner.model.project import Project
from gridplanner.model.scenarios import Scenario, project_in, scenario_title

# a layer, and what it is drawn from: where the scenario worked on has the very same, it is not drawn twice
DRAWN_FROM = {
    "grids": ("units", "grids"), "beats": ("units", "grids", "beats"), "zones": ("units", "grids", "zones"), "checkpts": ("checkpoints",),
    "crossings": ("checkpoints",), "rings": ("rings",), "streets": ("grids", "chiefs"), "coverage": ("patrol",),
    "routes": ("patrol",), "railsegs": ("rail",), "corridor": ("rail",),
}  # fmt: skip


def scenario_views(project: Project) -> list[Callable[[Project], View | None]]:
    """Return the functions that draw what other scenarios planned otherwise."""
    drawn = {draw.__name__: draw for draw in views()}
    found = []
    for scenario in project.scenarios:
        for name, parts in DRAWN_FROM.items():
            if name in drawn and any(getattr(scenario, part) is not getattr(project, part) for part in parts):
                found.append(_in_scenario(scenario, drawn[name]))
    return found


def _in_scenario(scenario: Scenario, draw: Callable[[Project], View | None]) -> Callable[[Project], View | None]:
    def draw_there(project: Project) -> View | None:
        view = draw(project_in(project, scenario.name))
        title = scenario_title(scenario.name)
        safe = title.replace('"', "'")  # the quotation mark is what names are quoted with
        return dataclasses.replace(view, name=f"{view.name} – {safe}", scenario=title) if view is not None else None

    return draw_there
