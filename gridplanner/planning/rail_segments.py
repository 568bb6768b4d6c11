"""Railway pieces to measured lines, and lines to guard segments of equal length."""

from __future__ import annotations

import numpy as np

from algorithms.errors import Infeasible
from algorithms.progress import SILENT, Progress, Span
from algorithms.railguard.assembly import TrackState, assemble_lines
from algorithms.railguard.chainage import format_chainage, measures, metres_of, parse_chainage, pieces
from algorithms.railguard.segmentation import even_squads, segment_lengths
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError, NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.settings import RailSettings

NEAR = 100.0  # metres from the line within which a kilometre post measures it


def propose_rail_segments(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that divides the railway's main lines among the guards of all squads, in line order, by length.

    Raises InputError where there is no main line or the stretch asked for is not on it, NoPlanFound where there are more lines than guards.
    """
    settings = project.settings.rail or RailSettings()
    progress.report(0.0, _("Assembling the railway"))
    lines, issues = _lines(project, progress)
    lines = _clipped(lines, settings)
    progress.report(0.7, _("Dividing {km} km among {n} guards").format(km=f"{_total(lines) / 1000:.1f}", n=settings.guards))
    try:
        found = segment_lengths([measures(line.coords)[-1] for line in lines], even_squads(settings.guards, settings.squads))
    except Infeasible as why:
        text = _("{guards} guards cannot be divided among {n} separate lines; give more guards, or name one line ({why})")
        raise NoPlanFound(text.format(guards=settings.guards, n=len(lines), why=why)) from None
    segments = [
        _segment(lines, int(line), float(start), float(stop), int(squad), int(guard))
        for line, start, stop, squad, guard in zip(found.line, found.start, found.stop, found.squad, found.guard, strict=True)
    ]
    plan = RailPlan(tuple(lines), tuple(segments), "day", tuple(issues), made_from(project, "rail"))
    text = N_("Divide {km} km of railway into {n} guard segments")
    values = {"km": f"{_total(lines) / 1000:.1f}", "n": len(segments)}
    return Replace(text, {"rail": plan}, needs(project, "railway", "stations"), values)


def _total(lines: list[RailLine]) -> float:
    return float(sum(measures(line.coords)[-1] for line in lines))


def _lines(project: Project, progress: Progress) -> tuple[list[RailLine], list[Issue]]:
    """Return the main lines, measured from their posts, else from K0+000 at the western end."""
    railway = project.railway
    if not railway.main.any():
        raise InputError(_("There is no main railway line to guard; add a railway layer, or check which of its tracks are sidings"))
    names, index = np.unique(railway.names.astype(str), return_inverse=True)
    row = np.where(names[index] == "", -1, index)
    made = assemble_lines(railway.lines.coords, railway.lines.offsets, railway.main, row, progress=Span(progress, 0.0, 0.7))
    lines: list[RailLine] = []
    issues: list[Issue] = []
    if made.metres[TrackState.SHORT] > 0:
        text = N_("{m} m of main track in stretches shorter than 300 m are on no line and are not guarded")
        issues.append(Issue(Level.INFO, "short_track", text, {"m": f"{made.metres[TrackState.SHORT]:.0f}"}, "railway"))
    for i in range(len(made.length)):
        name = str(names[made.name[i]]) if made.name[i] >= 0 else _("Line {n}").format(n=i + 1)
        line, found = _measured(project, name, made.coords[made.offsets[i] : made.offsets[i + 1]])
        lines.append(line)
        issues += found
    if not lines:
        raise InputError(_("The railway's main tracks are too short to form a line"))
    return lines, issues


def _measured(project: Project, name: str, coords: Floats) -> tuple[RailLine, list[Issue]]:
    """Return a line with the chainage of its first point: the middle of what its posts say, running the way they run."""
    stations = project.stations
    posts = np.flatnonzero(np.isfinite(stations.chainage))
    along, away = metres_of(coords, stations.xy[posts]) if len(posts) else (np.zeros(0), np.zeros(0))
    posts, along = posts[away <= NEAR], along[away <= NEAR]
    if not len(posts):
        text = N_("{name} has no kilometre posts; it starts with K0+000 in the west")
        x, y = coords[0].tolist()
        return RailLine(name, coords), [Issue(Level.INFO, "no_posts", text, {"name": name}, "railway", name, x, y)]
    chainage = stations.chainage[posts]
    if len(posts) > 1 and np.polyfit(along, chainage, 1)[0] < 0:
        coords = coords[::-1].copy()
        along = measures(coords)[-1] - along
    start = float(np.median(chainage - along))
    off = float(np.abs(chainage - along - start).max())
    issues = []
    if off > 50:
        text = N_("{name}: kilometre posts differ from the drawn line by up to {off} m; chainages follow the drawn line")
        x, y = coords[0].tolist()
        issues.append(Issue(Level.WARNING, "posts", text, {"name": name, "off": f"{off:.0f}"}, "railway", name, x, y))
    return RailLine(name, coords, start), issues


def _clipped(lines: list[RailLine], settings: RailSettings) -> list[RailLine]:
    """Return the stretch from `from` to `to` of every line that it lies on; all of them where neither is given."""
    if not settings.start and not settings.stop:
        return lines
    try:
        low = parse_chainage(settings.start) if settings.start else -np.inf
        high = parse_chainage(settings.stop) if settings.stop else np.inf
    except ValueError as why:
        raise InputError(_("[rail] from, to: {why}").format(why=why)) from None
    low, high = min(low, high), max(low, high)
    kept = []
    for line in lines:
        length = float(measures(line.coords)[-1])
        start, stop = max(low - line.start, 0.0), min(high - line.start, length)
        if stop - start > 1.0:
            coords, _offsets = pieces(line.coords, [start], [stop])
            kept.append(RailLine(line.name, coords, line.start + start))
    if not kept:
        spans = ", ".join(
            f"{line.name} {format_chainage(line.start)}–{format_chainage(line.start + float(measures(line.coords)[-1]))}" for line in lines
        )
        text = _("[rail] from {start} to {stop} lies on no line; the lines are {spans}")
        raise InputError(text.format(start=settings.start, stop=settings.stop, spans=spans))
    return kept


def _segment(lines: list[RailLine], line: int, start: float, stop: float, squad: int, guard: int) -> RailSegment:
    coords, _offsets = pieces(lines[line].coords, [start], [stop])
    code = f"{squad + 1}-{guard + 1:02d}"
    first = lines[line].start
    return RailSegment(code, line, squad + 1, guard + 1, first + start, first + stop, (stop - start) / 1000, coords)
