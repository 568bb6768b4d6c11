"""The page of beats: how many persons each has, how far that is from the target, and what is proven."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QResizeEvent

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.beats import BeatPlan
from gridplanner.model.duty_words import beat_plan_words
from gridplanner.model.group_loads import group_loads, loads_of
from gridplanner.model.groups import groups_of
from gridplanner.model.project import Project
from ui.figures import amount
from ui.map.beat_layer import to_tenths
from ui.panels.fact_rows import Fact
from ui.panels.group_page import GroupPage, counted
from ui.panels.sorted_table import TableColumn, Values
from ui.short_codes import with_short_codes

AREA, ROOM = 2, 430  # the column of areas, which names begin with, and the pixels from which there is room for it beside them


class BeatsPage(GroupPage):
    """Beats by code, with persons and deviation; red where they lie out of the tolerance."""

    kind = "beats"
    _has_areas = False
    columns = (
        TableColumn(N_("Code"), N_("Code of the beat"), 54, text=with_short_codes), TableColumn(N_("Name")),
        TableColumn(N_("Area"), N_("Area that it lies in"), 76),
        TableColumn(N_("Grids"), "", 42, True), TableColumn(N_("Persons"), "", 58, True, amount),
        TableColumn(N_("Dev."), N_("Persons against the target"), 60, True, to_tenths),
    )  # fmt: skip

    def rows(self, project: Project) -> tuple[Sequence[Values], frozenset[int]]:
        plan, groups = project.beats, groups_of(project, "beats")
        if plan is None or groups is None:
            return [()] * len(self.columns), frozenset()
        loads, sums, grids = group_loads(project, groups), loads_of(project, "beats"), counted(project, "beats")
        beats = [plan.beats[beat] for beat in sums]
        bad = frozenset(row for row, load in enumerate(sums.values()) if not loads.is_inside(load))
        values = (
            [beat.code for beat in beats], [beat.name for beat in beats], [beat.area for beat in beats],
            np.array([grids[beat] for beat in sums]), np.array(list(sums.values())),
            np.array([loads.deviation(load) for load in sums.values()]),
        )  # fmt: skip
        return values, bad

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_area()

    def show_more(self, project: Project) -> None:
        self._has_areas = project.beats is not None and any(beat.area for beat in project.beats.beats.values())
        self._fit_area()

    def _fit_area(self) -> None:
        self.table.setColumnHidden(AREA, not self._has_areas or self.width() < ROOM)

    def title(self) -> str:
        return _("Beats")

    def heading(self, project: Project) -> str:
        groups, sums = groups_of(project, "beats"), loads_of(project, "beats")
        if groups is None:
            return self.nothing()
        loads = group_loads(project, groups)
        off = sum(not loads.is_inside(load) for load in sums.values())
        words = ngettext("{n} beat", "{n} beats", len(sums)).format(n=f"{len(sums):,}")
        if off:
            more = ngettext("{n} out of the tolerance", "{n} out of the tolerance", off).format(n=off)
            return f"{words} · {more}"
        within = _("all within the tolerance")  # a msgid within an f-string is not found by the catalogue
        return f"{words} · {within}"

    def nothing(self) -> str:
        return _("No beats yet. Press “Group into beats” at the left.")

    def proof(self, project: Project) -> str:
        return beat_plan_words(project.beats) if project.beats is not None else ""

    def facts(self, project: Project, group: int) -> tuple[str, bool, list[Fact]]:
        plan, groups = project.beats, groups_of(project, "beats")
        assert plan is not None
        assert groups is not None
        beat, loads, persons = plan.beats[group], group_loads(project, groups), loads_of(project, "beats")[group]
        mood = "" if loads.is_inside(persons) else "bad"
        facts = [
            (_("Persons"), amount(persons), mood, ""),
            (_("Target"), amount(loads.target), "", ""),
            (_("Deviation"), to_tenths(loads.deviation(persons)), mood, ""),
            (_("Households"), amount(_households(project, plan, group)), "", ""),
            (_("Grids"), f"{counted(project, 'beats')[group]:,}", "", ""),
        ]
        facts += [(_("Area"), beat.area, "", "")] if beat.area else []
        facts += [(_("Settled"), _("locked"), "", "")] if beat.locked else []
        return " · ".join(filter(None, (beat.code, beat.name))), beat.locked, facts


def _households(project: Project, _plan: BeatPlan, group: int) -> float:
    groups, units = groups_of(project, "beats"), project.units
    if groups is None or units is None:
        return 0.0
    inside = np.append(groups.of_unit == group, False)  # the last for addresses in no unit
    return float(project.households.households[inside[units.address_unit]].sum())
