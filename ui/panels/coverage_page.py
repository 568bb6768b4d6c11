"""What the patrols cover beside the map: streets by their longest wait, key sites by visits, and who sees a patrol, of a day or a week."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.patrol_coverage import Coverage
from gridplanner.model.project import Project
from gridplanner.settings import PatrolSettings
from ui.coverage_rows import StreetRows, seen_in_all, seen_of_zones, street_rows
from ui.dialogs.form import Choice
from ui.map.coverage_classes import time_words
from ui.panels.reach_bars import share_words
from ui.panels.route_cells import BarCells
from ui.panels.route_table import kilometres
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.panels.tab_strip import TabStrip

SHARE_WIDE = 52  # pixels of a share beside its bar
THEMES = (("", N_("Routes")), ("patrol-interval", N_("Longest interval")), ("patrol-visits", N_("Visits")))
_INTERVAL = TableColumn(N_("Waits"), N_("Longest time between two patrols; the last day is followed by the first"), 60, True, time_words)
_VISITS = TableColumn(N_("Visits"), N_("How often a patrol comes by, where it comes by the least"), 52, True, "{:.0f}".format)
STREETS = (TableColumn(N_("Road")), TableColumn(N_("km"), N_("Length to be patrolled"), 46, True, kilometres), _VISITS, _INTERVAL)
SITES = (TableColumn(N_("Key site")), TableColumn(N_("Visits"), "", 52, True, "{:.0f}".format), _INTERVAL)
ZONES = (
    TableColumn(N_("Zone"), "", 64), TableColumn(N_("Households"), N_("Households that see a patrol near by"), 0, True, share_words),
    TableColumn(N_("Streets"), N_("Kilometres of street that see a patrol near by"), 70, True, share_words),
)  # fmt: skip


class CoveragePage(QWidget):
    """A day or all days; `span_taken` carries the day chosen (empty: all), `theme_taken` what the map is to show.

    `lines_chosen` and `place_chosen` carry the street and the key site that were chosen in a table.
    """

    span_taken = Signal(str)
    theme_taken = Signal(str)
    lines_chosen = Signal(object)
    place_chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._coverage: Coverage | None = None
        self._streets: StreetRows | None = None
        self._sites: list[int] = []
        self.span, self.theme, self._words = Choice(), Choice(), QLabel()
        self._on_map = QLabel()
        self._words.setWordWrap(True)
        self.tabs, self._stack = TabStrip(), QStackedWidget()
        self.streets, self.sites, self.zones = SortedTable(STREETS), SortedTable(SITES), SortedTable(ZONES)
        self._bars = BarCells(self._share, SHARE_WIDE, self)
        self.zones.setItemDelegateForColumn(1, self._bars)
        self._tables = {"streets": self.streets, "sites": self.sites, "zones": self.zones}
        for name, table in self._tables.items():
            self.tabs.add(name)
            self._stack.addWidget(table)
        self.tabs.chosen.connect(lambda name: self._stack.setCurrentWidget(self._tables[name]))
        self.span.activated.connect(lambda _row: self.span_taken.emit(str(self.span.currentData())))
        self.theme.activated.connect(lambda _row: self.theme_taken.emit(str(self.theme.currentData())))
        self.streets.row_chosen.connect(self._choose_street)
        self.sites.row_chosen.connect(self._choose_site)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.span, 1)
        head.addWidget(self._on_map)
        head.addWidget(self.theme, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._words)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        self.retranslate()

    @property
    def days(self) -> int:
        """How many days the whole period has."""
        settings = self._project.settings.patrol if self._project is not None else None
        return (settings or PatrolSettings()).days

    def show_spans(self, project: Project, span: str, theme: str) -> None:
        """Show which day and which theme of the map are chosen."""
        self._project = project
        words = [("", _("All {n} days").format(n=self.days) if self.days > 1 else _("One day"))]
        words += [(str(day), _("Day {n}").format(n=day + 1)) for day in range(self.days)] if self.days > 1 else []
        if [self.span.itemText(row) for row in range(self.span.count())] != [text for _key, text in words]:
            self.span.clear()
            for key, text in words:
                self.span.addItem(text, key)
        self.span.setCurrentIndex(max(self.span.findData(span), 0))
        self.theme.setCurrentIndex(max(self.theme.findData(theme), 0))

    def show_coverage(self, project: Project, coverage: Coverage | None) -> None:
        """Show what is covered; None while that is being found."""
        self._project, self._coverage = project, coverage
        there = coverage is not None and project.patrol is not None
        self.tabs.setVisible(there)
        self._stack.setVisible(there)
        if coverage is None or project.patrol is None:
            self._words.setText(_("Working it out …") if project.patrol is not None else "")
            return
        streets = self._streets = street_rows(project, coverage)
        bad = frozenset(np.flatnonzero(streets.missed).tolist())
        self.streets.rows.show((streets.names, streets.metres, streets.visits, streets.hours), bad)
        self._sites = np.lexsort((coverage.site_visits, -_finite(coverage.site_interval_h))).tolist()
        names = project.key_sites.names.tolist()
        self.sites.rows.show(
            (
                [str(names[row]) or _("Key site {n}").format(n=row + 1) for row in self._sites],
                coverage.site_visits[self._sites], coverage.site_interval_h[self._sites],
            ),
            frozenset(at for at, row in enumerate(self._sites) if not coverage.site_visits[row]),
        )  # fmt: skip
        self.zones.rows.show(seen_of_zones(project, coverage))
        self.tabs.set_there("sites", there=bool(self._sites))
        self._tell()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.tabs.retranslate()
        self._on_map.setText(_("on the map"))
        chosen = self.theme.currentData()
        self.theme.clear()
        for key, words in THEMES:
            self.theme.addItem(_(words), key)
        self.theme.setCurrentIndex(max(self.theme.findData(chosen), 0))
        self.theme.setAccessibleName(_("What the map shows of the patrols"))
        self.span.setAccessibleName(_("Days that are counted"))
        for key, words in (("streets", _("Streets")), ("sites", _("Key sites")), ("zones", _("Seen near by"))):
            self.tabs.set_words(key, words)
            self._tables[key].setAccessibleName(words)
            self._tables[key].horizontalHeader().viewport().update()
        if self._project is not None:
            self.span.clear()
            self.show_spans(self._project, str(self.span.currentData() or ""), str(chosen or ""))
            self.show_coverage(self._project, self._coverage)

    def _tell(self) -> None:
        project, coverage, streets = self._project, self._coverage, self._streets
        assert project is not None
        assert coverage is not None
        settings = project.settings.patrol or PatrolSettings()
        homes, km = seen_in_all(coverage)
        begin, end = settings.seen_between
        near = distance_words(settings.seen_m)
        what = _("of the households") if np.isfinite(homes) else _("of the streets")
        text = _("{share} {what} see a patrol within {near}, {begin}–{end}")
        words = text.format(share=share_words(homes if np.isfinite(homes) else km), what=what, near=near, begin=begin, end=end)
        missed = int(streets.missed.sum()) if streets is not None else 0
        if missed:
            words += " · " + ngettext("{n} street is not patrolled all along", "{n} streets are not patrolled all along",
                                      missed).format(n=f"{missed:,}")  # fmt: skip
        self._words.setText(words)

    def _share(self, line: int) -> float:
        row = self.zones.rows.row_at(line)
        coverage = self._coverage
        if row is None or coverage is None or self._project is None:
            return 0.0
        share = float(seen_of_zones(self._project, coverage)[1][row])
        return share if np.isfinite(share) else 0.0

    def _choose_street(self, row: int) -> None:
        plan = self._project.patrol if self._project is not None else None
        if plan is not None and self._streets is not None:
            self.lines_chosen.emit(tuple(plan.streets.lines.line(int(edge)) for edge in self._streets.edges[row]))

    def _choose_site(self, row: int) -> None:
        if self._project is not None:
            x, y = self._project.key_sites.xy[self._sites[row]].tolist()
            self.place_chosen.emit(x, y)


def distance_words(metres: float) -> str:
    """Return a distance in words.

    >>> distance_words(1000.0), distance_words(300.0)
    ('1 km', '300 m')
    """
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _finite(hours: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(np.isfinite(hours), hours, 1e9)
