"""What can be found and walked through: grids that want a look, and grids, addresses, streets and places by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import sleep

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.code_faults import duplicate_codes
from gridplanner.model.lines import Ints, Texts
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine
from gridplanner.model.rail_near import named_places, place_at
from gridplanner.model.statistics import GridFigures
from gridplanner.model.text_search import TextIndex
from gridplanner.model.units import OUTSIDE
from ui.figures import out_of_band
from ui.rail_figures import readings

MOST = 40  # hits of each sort that are listed


@dataclass(frozen=True)
class Found:
    """One thing found: a grid, or a place in metres; `words` name it, `note` says in a word or two what it is."""

    words: str
    note: str = ""
    grid: int = -1
    place: tuple[float, float] | None = None


# what is looked for, in the order in which it is offered
KINDS = {
    "unassigned": N_("Units without a grid"),
    "split": N_("Grids in pieces"),
    "over": N_("Grids above the band"),
    "under": N_("Grids below the band"),
    "outside": N_("Outside the community"),
    "duplicate": N_("Duplicate codes"),
    "locked": N_("Locked grids"),
    "exclusive": N_("Exclusive grids"),
    "unnamed": N_("Grids without a name"),
}


def found_of(kind: str, project: Project, figures: GridFigures | None) -> tuple[Found, ...]:
    """Return what there is of a kind, a key of KINDS: the worst first where it has a size, else in the order of the codes."""
    if project.grids is None or project.units is None or figures is None:
        return ()
    rows, places = _grids_of(kind, project, figures), _places_of(kind, project, figures)
    if kind in {"over", "under"}:
        rows = rows[np.argsort(-np.abs(figures.deviation[rows]), kind="stable")]
    else:
        grids = project.grids.grids
        rows = np.array(sorted(rows.tolist(), key=lambda row: grids[int(figures.ids[row])].code), np.intp)
    homes = project.households
    beyond = places.tolist() if kind == "outside" else ()
    apart = places.tolist() if kind == "unassigned" else ()
    return (
        *_grids(project, figures, rows),
        *(Found(_("Unit {n}").format(n=unit + 1), place=_place_of(project, unit)) for unit in apart),
        *(Found(str(homes.address[i]) or _("no address"), _("address"), place=tuple(homes.xy[i].tolist())) for i in beyond),
    )


def count_of(kind: str, project: Project, figures: GridFigures | None) -> int:
    """Return how much there is of a kind, without naming it."""
    if project.grids is None or project.units is None or figures is None:
        return 0
    return len(_grids_of(kind, project, figures)) + len(_places_of(kind, project, figures))


def _grids_of(kind: str, project: Project, figures: GridFigures) -> Ints:
    """Return the rows of the grids of a kind."""
    plan, units = project.grids, project.units
    assert plan is not None
    assert units is not None
    match kind:
        case "unassigned":
            return np.zeros(0, np.intp)
        case "over" | "under":
            return np.flatnonzero(out_of_band(figures, project.settings.grids) & ((figures.deviation > 0) == (kind == "over")))
        case "split":
            return np.flatnonzero(figures.status == "split")
        case "outside":
            row = np.searchsorted(figures.ids, plan.labels).clip(0, len(figures) - 1)
            return np.unique(row[(figures.ids[row] == plan.labels) & (units.community != figures.community[row])])
    grids = list(map(plan.grids.__getitem__, figures.ids.tolist()))
    match kind:
        case "duplicate":
            return np.array(sorted(row for mine in duplicate_codes([grid.code for grid in grids]).values() for row in mine), np.intp)
        case "locked":
            return np.flatnonzero([grid.locked for grid in grids])
        case "exclusive":
            return np.flatnonzero([grid.kind == "exclusive" for grid in grids])
        case _:
            return np.flatnonzero([not grid.name for grid in grids])


def _places_of(kind: str, project: Project, figures: GridFigures) -> Ints:
    """Return what of a kind is no grid: units without one, addresses that lie in no community."""
    plan, units = project.grids, project.units
    assert plan is not None
    assert units is not None
    if kind == "unassigned":
        return np.flatnonzero(~np.isin(plan.labels, figures.ids))
    return np.flatnonzero(units.address_unit == OUTSIDE) if kind == "outside" else np.zeros(0, np.intp)


def _grids(project: Project, figures: GridFigures, rows: Ints) -> tuple[Found, ...]:
    plan = project.grids
    assert plan is not None
    found = []
    for row in rows.tolist():
        grid = plan.grids[int(figures.ids[row])]
        words = grid.code or _("Grid {code}").format(code=int(figures.ids[row]))
        found.append(Found(f"{words} · {grid.name}" if grid.name else words, f"{figures.deviation[row]:+.1f} %", int(figures.ids[row])))
    return tuple(found)


def _place_of(project: Project, unit: int) -> tuple[float, float]:
    """Return a place amid a unit's border."""
    units = project.units
    assert units is not None
    nodes = units.xy[units.ends[(units.left == unit) | (units.right == unit)].ravel()]
    x, y = ((nodes.min(axis=0) + nodes.max(axis=0)) / 2).tolist()
    return x, y


@dataclass(frozen=True)
class Question:
    """Text that is looked for in a project; `lines` are those of its railway, as far as they are measured."""

    text: str
    project: Project
    lines: tuple[RailLine, ...] = ()


@dataclass(frozen=True)
class Hits:
    """What a question found; `more` says that there is more of it than is listed."""

    question: Question
    found: tuple[Found, ...]
    more: bool = False


class Seeker:
    """Answers questions in a thread; addresses are prepared once for each layer of them."""

    def __init__(self) -> None:
        self._prepared: dict[str, tuple[Texts, TextIndex]] = {}

    def answer(self, question: object, is_obsolete: Callable[[], bool]) -> Iterator[Hits]:
        """Yield the hits: chainages and grids first, at once; then communities, places, streets and addresses."""
        assert isinstance(question, Question)
        project, text = question.project, question.text.strip()
        found = (*chainage_hits(question.lines, text), *_grid_hits(project, text.casefold())) if text else ()
        yield Hits(question, found, len(found) >= MOST)
        if not text:  # the box was opened: be ready for what will be typed
            for name, column, _place in _columns(project):
                self._index(name, column)
        if is_obsolete() or not text:
            return
        more = len(found) >= MOST
        for name, column, place in _columns(project):
            rows = self._index(name, column).find(text, 4 * MOST if name == "street" else MOST, _rest)
            names = {str(column[row]): row for row in reversed(rows)} if name == "street" else {row: row for row in rows}
            hits = tuple(Found(str(column[row]), _(_NOTES[name]), place=place(row)) for row in sorted(names.values())[:MOST])
            found, more = (*found, *hits), more or len(hits) >= MOST
            if is_obsolete():
                return
        yield Hits(question, found, more)

    def _index(self, name: str, column: Texts) -> TextIndex:
        known = self._prepared.get(name)
        if known is None or known[0] is not column:
            known = (column, TextIndex(column, _rest))
            self._prepared[name] = known
        return known[1]


_NOTES = {
    "community": N_("community"),
    "site": N_("key site"),
    "station": N_("station"),
    "depot": N_("depot"),
    "street": N_("road"),
    "address": N_("address"),
}


def _columns(project: Project) -> Iterator[tuple[str, Texts, Callable[[int], tuple[float, float] | None]]]:
    """Yield the columns that are searched beside the grids, each with the place of a row."""

    def at(xy: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Callable[[int], tuple[float, float]]:
        return lambda row: (float(xy[row, 0]), float(xy[row, 1]))

    def amid_road(row: int) -> tuple[float, float]:
        line = project.roads.lines.line(row)
        x, y = line[len(line) // 2].tolist()
        return x, y

    def amid_community(row: int) -> tuple[float, float]:
        left, bottom, right, top = project.communities.polygons[row].bounds
        return (left + right) / 2, (bottom + top) / 2

    yield "community", project.communities.names, amid_community
    yield "site", project.key_sites.names, at(project.key_sites.xy)
    yield "station", project.stations.names, at(project.stations.xy)
    yield "depot", project.depots.names, at(project.depots.xy)
    yield "street", project.roads.names, amid_road
    yield "address", project.households.address, at(project.households.xy)


def chainage_hits(lines: tuple[RailLine, ...], text: str) -> tuple[Found, ...]:
    """Return the places on the railway that a text such as K814+300 names; one that a broken chain leaves out says so."""
    hits, seen = [], set[tuple[int, int]]()
    for named in named_places(lines, text):
        line, key = lines[named.line], (named.line, round(named.along))
        if key in seen:  # two systems that read the same
            continue
        seen.add(key)
        words = " · ".join((*readings(line, named.along), line.name))
        note = _("broken chain, {text} is left out").format(text=text) if named.broken else _("chainage")
        hits.append(Found(words, note, place=place_at(line, named.along)))
    return tuple(hits)


def _grid_hits(project: Project, text: str) -> Iterator[Found]:
    plan = project.grids
    count = 0
    for key, grid in plan.grids.items() if plan is not None else ():
        if any(text in words.casefold() for words in (grid.code, grid.name, grid.prev_code, *grid.workers)):
            yield Found(" · ".join(part for part in (grid.code or str(key), grid.name) if part), _("grid"), key)
            count += 1
            if count >= MOST:
                return


def _rest() -> None:
    sleep(0)
