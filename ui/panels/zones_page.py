"""The page of patrol zones: workload, streets, sites and minutes of each, and the choice between even work and fast response."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.duty_words import zone_certificate_words
from gridplanner.model.group_loads import group_loads, loads_of
from gridplanner.model.groups import groups_of
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.zone_figures import ZoneFigures, zone_amounts, zone_figures
from gridplanner.model.zones import ZonePlan
from ui.figures import amount
from ui.map.beat_layer import signed
from ui.panels.fact_rows import Fact
from ui.panels.group_page import GroupPage, counted
from ui.panels.pareto_choice import ParetoChoice
from ui.panels.sorted_table import TableColumn, Values

DEPOT, ROOM = 6, 430  # the column of depots, and the pixels from which there is room for it beside the names


def _tenths(value: float) -> str:
    return f"{value:.1f}" if np.isfinite(value) else "–"


def _whole(value: float) -> str:
    return amount(value) if np.isfinite(value) else "–"


class ZonesPage(GroupPage):
    """Zones by code; `choice_taken` carries the row of another plan between even work and fast response."""

    choice_taken = Signal(int)

    kind = "zones"
    columns = (
        TableColumn(N_("Code"), N_("Code of the patrol zone"), 54), TableColumn(N_("Name")),
        TableColumn(N_("Load"), N_("Workload against the mean"), 50, True, signed),
        TableColumn(N_("km"), N_("Streets to patrol"), 42, True, _tenths),
        TableColumn(N_("Sites"), N_("Key sites"), 42, True, _whole),
        TableColumn(N_("p90"), N_("Minutes within which nine tenths of the demand are reached"), 42, True, _tenths),
        TableColumn(N_("Depot"), N_("Where it is served from"), 84),
    )  # fmt: skip

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: ZoneFigures | None = None
        self._workload: Floats = np.zeros(0)
        self.pareto = ParetoChoice()
        self.pareto.taken.connect(self.choice_taken)
        self.above.addWidget(self.pareto)
        self.table.row_chosen.connect(self._go_to_hull)

    def sources(self, project: Project) -> tuple[object, ...]:
        return (*super().sources(project), project.depots)

    def ids_without_ground(self, project: Project) -> Sequence[int]:
        return tuple(project.zones.zones) if project.zones is not None else ()

    def rows(self, project: Project) -> tuple[Sequence[Values], frozenset[int]]:
        plan = project.zones
        if plan is None:
            return [()] * len(self.columns), frozenset()
        self._figures = figures = zone_figures(project)
        self._workload, p90 = zone_amounts(project, plan)
        zones, count = list(plan.zones.values()), len(plan)
        blank = np.full(count, np.nan)
        values = (
            [zone.code for zone in zones], [zone.name for zone in zones], deviations(self._workload),
            figures.street_km if figures is not None else blank, figures.key_sites if figures is not None else blank,
            p90 if len(p90) == count else blank,
            [depot_of(project, plan, zone) for zone in plan.zones],
        )  # fmt: skip
        groups, sums = groups_of(project, "zones"), loads_of(project, "zones")
        if groups is None or sums.keys() != plan.zones.keys():
            return values, frozenset()
        loads = group_loads(project, groups)
        return values, frozenset(row for row, zone in enumerate(plan.zones) if not loads.is_inside(sums[zone]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.setColumnHidden(DEPOT, self.width() < ROOM)

    def show_more(self, project: Project) -> None:
        self.table.setColumnHidden(DEPOT, self.width() < ROOM)
        self.pareto.show_plan(project)

    def title(self) -> str:
        return _("Patrol zones")

    def heading(self, project: Project) -> str:
        plan = project.zones
        if plan is None:
            return self.nothing()
        words = ngettext("{n} patrol zone", "{n} patrol zones", len(plan)).format(n=f"{len(plan):,}")
        if not len(self._workload):
            return words
        most = _("largest {share} over the mean").format(share=signed(float(deviations(self._workload).max())).lstrip("+"))
        return f"{words} · {most}"

    def nothing(self) -> str:
        return _("No patrol zones yet. Press “Group into patrol zones” at the left.")

    def proof(self, project: Project) -> str:
        return zone_certificate_words(project.zones.certificate) if project.zones is not None else ""

    def retranslate(self) -> None:
        self.pareto.retranslate()
        super().retranslate()

    def facts(self, project: Project, group: int) -> tuple[str, bool, list[Fact]]:
        plan = project.zones
        assert plan is not None
        zone, row, figures = plan.zones[group], list(plan.zones).index(group), self._figures
        facts = [(_("Workload"), f"{amount(float(self._workload[row]))} ({signed(float(deviations(self._workload)[row]))})", "", "")]
        if figures is not None and row < len(figures.street_km):
            lies = _("{km} km, {n} key sites").format(km=f"{figures.street_km[row]:.1f}", n=amount(float(figures.key_sites[row])))
            way = _("{mean} min, farthest {worst} min")
            minutes = way.format(mean=_tenths(float(figures.mean_minutes[row])), worst=_tenths(float(figures.worst[row])))
            facts += [(_("Streets"), lies, "", ""), (_("Travel time"), minutes, "", "")]
        groups = groups_of(project, "zones")
        if groups is not None:
            name = _("Units") if groups.by_units else _("Grids")
            facts.append((name, f"{counted(project, 'zones')[group]:,}", "", ""))
        facts.append((_("Served from"), depot_of(project, plan, group) or "–", "", ""))
        facts += [(_("Settled"), _("locked"), "", "")] if zone.locked else []
        return " · ".join(filter(None, (zone.code, zone.name))), zone.locked, facts

    def _go_to_hull(self, row: int) -> None:
        """Lead to a zone that was made of streets alone."""
        plan = self._project.zones if self._project is not None else None
        if plan is not None and row < len(plan.hulls):
            self.bounds_chosen.emit(plan.hulls[row].bounds)


def deviations(workload: Floats) -> Floats:
    """Return by how many per cent the workload of each zone (k,) differs from the mean."""
    mean = float(workload.mean()) if len(workload) else 0.0
    return np.asarray(100 * (workload / mean - 1)) if mean else np.zeros(len(workload))


def depot_of(project: Project, plan: ZonePlan, zone: int) -> str:
    """Return the name of the depot that a zone is served from, words where it is another place, empty where there is none."""
    known, names = plan.zones[zone], project.depots.names
    if 0 <= known.depot < len(names):
        return str(names[known.depot]) or _("depot {n}").format(n=known.depot + 1)
    return _("a chosen place") if known.x is not None else ""
