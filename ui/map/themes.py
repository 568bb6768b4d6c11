"""What the colours of the map mean: one theme at a time, each with its fills and its legend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor

from gridplanner.i18n import N_, _
from gridplanner.model.band import band_of
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Ints
from gridplanner.model.places import RoadClass
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.model.units import Units
from ui.map import coverage_classes
from ui.map.colours import HUES, neighbour_pairs, palette
from ui.map.group_colours import group_fills, group_names
from ui.map.scene import Showing
from ui.styles import Theme

# after Cynthia Brewer's diverging scheme RdBu, paler for the labels on it: blue for too few, red for too many
FEWER, FEW, MANY, MORE = "#67a9cf", "#b8d8ea", "#f7b799", "#e8866a"
_NEUTRAL = {"light": "#eeeeea", "dark": "#2a3038"}
_STRENGTH = {"light": 0.85, "dark": 0.6}
STREETS = ((RoadClass.ARTERIAL, "#b2182b"), (RoadClass.STREET, "#e08214"), (RoadClass.LANE, "#4393c3"), (RoadClass.PATH, "#7fbf7b"))
_STREET_WORDS = {
    RoadClass.ARTERIAL: N_("Main streets"), RoadClass.STREET: N_("Other streets"), RoadClass.LANE: N_("Lanes"), RoadClass.PATH: N_("Paths"),
}  # fmt: skip
_KINDS = (("exclusive", "#c9b8e8", N_("Exclusive")), ("group", "#6fc7a8", N_("Villagers' group")))
_LOCKED = "#eedd88"
COVERAGE = frozenset({"patrol-interval", "patrol-visits"})  # themes that colour streets by what patrols see of them
LISTED = len(HUES)  # zones or communities that have a colour each, and a line in the legend

Fills = Mapping[int, QColor]


@dataclass(frozen=True)
class Entry:
    """One line of a legend: a swatch (`fill`, `line`, `dash`, `dot`, `hatch:…`, `lock`, `post`, `sign:…`, …) in a colour, and its words."""

    swatch: str
    colour: str
    words: str


@dataclass(frozen=True)
class MapTheme:
    """`name` is a msgid. `fills` gives each grid's colour, None where they are those that tell neighbours apart."""

    id: str
    name: str
    fills: Callable[[Project, Theme], Fills | None]
    legend: Callable[[Showing], tuple[Entry, ...]]
    possible: Callable[[Project], bool] = lambda project: project.grids is not None


def theme_of_map(name: str, project: Project) -> MapTheme:
    """Return a theme by its id; the usual one where the project has nothing to show in it."""
    found = THEMES.get(name, USUAL)
    return found if found.possible(project) else USUAL


def legend_of(showing: Showing) -> tuple[Entry, ...]:
    """Return what the colours of a map mean: nothing about grids where they are hidden."""
    theme = theme_of_map(showing.map_theme, showing.project)
    there = theme.id == "street" or theme.id in COVERAGE or "grids" not in showing.hidden
    return theme.legend(showing) if there else _zone_line(showing)


def fills_of(showing: Showing) -> Fills | None:
    """Return the colour of every grid, by its id; None where they are only to be told apart (ui.map.colours)."""
    theme = theme_of_map(showing.map_theme, showing.project)
    return _kept_fills(theme.id, showing.project, showing.theme) if theme is not USUAL else None


def theme_sources(showing: Showing) -> tuple[object, ...]:
    """Return the values, beside units and grids, that the colours of grids are made from."""
    project, theme = showing.project, theme_of_map(showing.map_theme, showing.project)
    return (theme.id, project.zones, project.beats, project.households, project.settings.grids) if theme is not USUAL else ()


@lru_cache(maxsize=6)
def _kept_fills(name: str, project: Project, look: Theme) -> Fills | None:
    return THEMES[name].fills(project, look)


def _has_zones(project: Project) -> bool:
    """Return whether there are zones that can be told apart by colour: over the grids or over the units that there are."""
    plan, units = project.zones, project.units
    if plan is None or project.grids is None or units is None:
        return False
    return len(plan.labels) == len(units) if len(plan.labels) else bool(plan.members)


def _no_fills(_project: Project, _look: Theme) -> Fills | None:
    return None


def _grid_legend(showing: Showing) -> tuple[Entry, ...]:
    project, look = showing.project, showing.theme
    if project.grids is None:
        return ()
    entries = [Entry("line", look.border, _("Border of a grid"))]
    band = band_of(project.settings.grids)
    target = band.households or band.persons or 0.0
    words = _("Households out of the band {low}–{high}") if band.households else _("Persons out of the band {low}–{high}")
    entries.append(Entry("text", look.bad, words.format(low=f"{band.low * target:,.0f}", high=f"{band.high * target:,.0f}")))
    if any(grid.locked for grid in project.grids.grids.values()):
        entries.append(Entry("lock", look.text, _("Locked")))
    return (*entries, *_zone_line(showing))


def deviation_limits(project: Project) -> tuple[float, float, float, float]:
    """Return the deviations in per cent at which the colour changes: twice below, below, above and twice above the band."""
    band = band_of(project.settings.grids)
    low, high = 100 * (band.low - 1), 100 * (band.high - 1)
    return (2 * low if low > -50 else (low - 100) / 2), low, high, 2 * high if high > 0 else high + 10


def _deviation_fills(project: Project, look: Theme) -> Fills:
    figures = grid_figures(project)
    colours = [_on_land(colour, look) for colour in (FEWER, FEW, "", MANY, MORE)]
    lowest, low, high, highest = deviation_limits(project)
    slack = 1e-7  # as the band itself is held
    step = np.searchsorted([lowest - slack, low - slack, high + slack, highest + slack], figures.deviation, side="right")
    return {label: colours[number] for label, number in zip(figures.ids.tolist(), step.tolist(), strict=True)}


def _deviation_legend(showing: Showing) -> tuple[Entry, ...]:
    project, look = showing.project, showing.theme
    limits = deviation_limits(project)
    lowest, low, high, highest = (f"{value:+.0f}".replace("-", "\u2212") for value in limits)
    words = (
        (FEWER, _("below {low} %").format(low=lowest)), (FEW, _("{low} to {high} %").format(low=lowest, high=low)),
        ("", _("in the band, {low} to {high} %").format(low=low, high=high)),
        (MANY, _("{low} to {high} %").format(low=high, high=highest)), (MORE, _("above {high} %").format(high=highest)),
    )  # fmt: skip
    first = 2 if limits[1] <= -100 else 0  # without a lower limit there is nothing below it
    return tuple(Entry("fill", _on_land(colour, look).name(), text) for colour, text in words[first:])


def _zone_fills(project: Project, look: Theme) -> Fills:
    return group_fills(project, "zones", look, _on_land("", look))


def _zone_legend(showing: Showing) -> tuple[Entry, ...]:
    return _group_legend(showing, "zones", _("Neighbouring zones differ in colour"))


def _beat_fills(project: Project, look: Theme) -> Fills:
    return group_fills(project, "beats", look, _on_land("", look))


def _beat_legend(showing: Showing) -> tuple[Entry, ...]:
    return _group_legend(showing, "beats", _("Neighbouring beats differ in colour"))


def _group_legend(showing: Showing, kind: str, otherwise: str) -> tuple[Entry, ...]:
    """Return a line for each beat or zone, one for all where there are too many, and what the lines on the map are."""
    named = tuple(Entry("fill", colour, words) for colour, words in group_names(showing.project, kind, showing.theme))
    return (*named, *_zone_line(showing)) if named else (*_zone_line(showing), Entry("", "", otherwise))


def _zone_line(showing: Showing) -> tuple[Entry, ...]:
    project, look = showing.project, showing.theme
    lines = (
        ("beats", project.beats, look.beat, _("Border of a beat")), ("zones", project.zones, look.zone, _("Border of a patrol zone")),
    )  # fmt: skip
    return tuple(Entry("line", colour, words) for name, plan, colour, words in lines if plan is not None and name not in showing.hidden)


def _community_fills(project: Project, look: Theme) -> Fills:
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    number, fills = _community_numbers(units), palette(look)
    return {label: fills[number.get(grid.community, 0)] for label, grid in plan.grids.items()}


def _community_legend(showing: Showing) -> tuple[Entry, ...]:
    project, look = showing.project, showing.theme
    names = project.communities.names.tolist()
    if len(names) > LISTED:
        return (Entry("", "", _("Neighbouring communities differ in colour")),)
    fills = palette(look)
    return tuple(Entry("fill", fills[i].name(), name or _("community {n}").format(n=i + 1)) for i, name in enumerate(names))


def _street_fills(project: Project, look: Theme) -> Fills:
    assert project.grids is not None
    bare = _on_land("", look)
    return dict.fromkeys(project.grids.grids, bare)


def _street_legend(_showing: Showing) -> tuple[Entry, ...]:
    return tuple(Entry("line", colour, _(_STREET_WORDS[kind])) for kind, colour in STREETS)


def _bare_fills(project: Project, look: Theme) -> Fills:
    """Return fills that leave the grids bare, where another layer shows what the theme is about."""
    return dict.fromkeys(project.grids.grids, _on_land("", look)) if project.grids is not None else {}


def _interval_legend(showing: Showing) -> tuple[Entry, ...]:
    return _coverage_legend(showing, coverage_classes.interval_words(one_day=bool(showing.patrol_span)))


def _visits_legend(showing: Showing) -> tuple[Entry, ...]:
    return _coverage_legend(showing, coverage_classes.visits_words(one_day=bool(showing.patrol_span)))


def _coverage_legend(showing: Showing, words: tuple[str, ...]) -> tuple[Entry, ...]:
    look = showing.theme
    classes = zip(coverage_classes.colours(look), words, strict=True)
    return (
        *(Entry("line", colour, text) for colour, text in classes),
        Entry("line", look.bad, _("must be patrolled, on no route")),
        Entry("thin", look.faint, _("no patrol comes by")),
        *_zone_line(showing),
    )


def _has_patrolled_streets(project: Project) -> bool:
    return project.patrol is not None and len(project.patrol.streets) > 0


def _kind_fills(project: Project, look: Theme) -> Fills:
    assert project.grids is not None
    colours = {name: _on_land(colour, look) for name, colour, _words in _KINDS}
    locked, bare = _on_land(_LOCKED, look), _on_land("", look)

    def colour(grid: Grid) -> QColor:
        return locked if grid.locked else colours.get(grid.kind, bare)

    return {label: colour(grid) for label, grid in project.grids.grids.items()}


def _kind_legend(showing: Showing) -> tuple[Entry, ...]:
    look = showing.theme
    rows = ((_LOCKED, N_("Locked")), *((colour, words) for _name, colour, words in _KINDS), ("", N_("Free")))
    return tuple(Entry("fill", _on_land(colour, look).name(), _(words)) for colour, words in rows)


@lru_cache(maxsize=4)
def _community_numbers(units: Units) -> dict[int, int]:
    """Return the number of each community's colour, by its row."""
    count = int(units.community.max()) + 1 if len(units) else 0
    return dict(enumerate(range(count) if count <= LISTED else _spread(neighbour_pairs(units, units.community), count)))


def _spread(pairs: Ints, count: int) -> list[int]:
    """Return colours of `count` areas, greedily, so that neighbours differ where nine colours can do that."""
    beside: list[list[int]] = [[] for _area in range(count)]
    for a, b in pairs.tolist():
        if a >= 0 and b >= 0:
            beside[a].append(b)
            beside[b].append(a)
    colours: dict[int, int] = {}
    for area in range(count):
        taken = [colours[other] for other in beside[area] if other in colours]
        colours[area] = min(((area * 4 + step) % len(HUES) for step in range(len(HUES))), key=taken.count)
    return [colours[area] for area in range(count)]


@lru_cache(maxsize=64)
def _on_land(colour: str, look: Theme) -> QColor:
    """Return a colour mixed with the land's, so that labels stay readable on it; the neutral one for an empty text."""
    ground = QColor(_NEUTRAL[look.name])
    if not colour:
        return ground
    share, over = _STRENGTH[look.name], QColor(colour)
    parts = ((over.red(), ground.red()), (over.green(), ground.green()), (over.blue(), ground.blue()))
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts))


USUAL = MapTheme("grid", N_("By grid"), _no_fills, _grid_legend, lambda _project: True)
THEMES: dict[str, MapTheme] = {
    theme.id: theme
    for theme in (
        USUAL,
        MapTheme("deviation", N_("By deviation"), _deviation_fills, _deviation_legend),
        MapTheme("beat", N_("By beat"), _beat_fills, _beat_legend, lambda p: p.grids is not None and p.beats is not None),
        MapTheme("zone", N_("By patrol zone"), _zone_fills, _zone_legend, _has_zones),
        MapTheme("rating", N_("By rating"), _bare_fills, lambda _showing: (), lambda p: len(p.indicators) + len(p.incidents) > 0),
        MapTheme("street", N_("By street class"), _street_fills, _street_legend, lambda p: p.grids is not None and len(p.roads) > 0),
        MapTheme("patrol-interval", N_("By longest patrol interval"), _bare_fills, _interval_legend, _has_patrolled_streets),
        MapTheme("patrol-visits", N_("By patrol visits"), _bare_fills, _visits_legend, _has_patrolled_streets),
        MapTheme("community", N_("By community"), _community_fills, _community_legend),
        MapTheme("kind", N_("By lock and kind"), _kind_fills, _kind_legend),
    )
}
