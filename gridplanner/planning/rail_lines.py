"""The railway's lines: put together from pieces, running the way their chainages rise, measured, cut to what is guarded, in order."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from algorithms.railguard.assembly import TrackState, assemble_lines
from algorithms.railguard.chainage import measures, metres_of, pieces
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats
from gridplanner.model.mileage import Mileage, NearPlace, chainage_text, read_chainage, split_chainage
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine
from gridplanner.planning.rail_mileage import declared_breaks, measured_line
from gridplanner.planning.rail_readings import given_to_lines, readings_of, same_line
from gridplanner.rail_settings import RailSettings

SIDES = {"up": 1, "down": 2}
OF_A_PLACE = ("post", "chain", "gap", "no_posts", "one_post")  # kinds of issues that do not matter elsewhere
CONCERNS = 1000.0  # metres from the guarded lines within which they do
GAP = 200.0  # metres between the ends of two lines, within which a piece of track may be missing


def lines_of(project: Project, progress: Progress = SILENT) -> tuple[tuple[RailLine, ...], list[Issue]]:
    """Return the guarded lines, measured, in the order of their mileage and of how they follow one another, and what was found.

    A line runs the way its chainages rise, from the west where nothing says. It is cut to `from` … `to` of [rail]. Raises InputError
    where there is no main line, and where what [rail] names is on none.
    """
    settings = project.settings.rail or RailSettings()
    drawn, issues = _drawn(project, progress)
    readings = readings_of(project, settings)
    line, along, far = given_to_lines(readings, drawn)
    breaks = declared_breaks(settings)
    lines: list[RailLine] = []
    told = [False] * len(breaks)
    measured: list[bool] = []
    for row, (name, coords) in enumerate(drawn):
        mine = np.flatnonzero(line == row)
        found = measured_line(name, coords, readings, mine, along[mine], breaks, settings)
        told = [one or other for one, other in zip(told, found.chains, strict=True)]
        lines.append(found.line)
        measured.append(len(mine) > 0)
        issues += found.issues
    issues += far
    for each, on in zip(breaks, told, strict=True):
        if not on:
            text = N_("The broken chain {at} = {equals} lies on no line; check its chainage, and the line it names")
            issues.append(Issue(Level.WARNING, "break_nowhere", text, {"at": each.at, "equals": each.equals}, "rail", each.at))
    order = _in_order(lines, measured)
    lines = _named([lines[row] for row in order], settings)
    kept, cut = _clipped(lines, settings)
    return tuple(kept), [*(issue for issue in issues if _concerns(issue, kept)), *cut, *_holes(kept), *_below_zero(kept)]


def _concerns(issue: Issue, lines: list[RailLine]) -> bool:
    """Return whether an issue is about the guarded lines: all are, but for those about a place far from them."""
    if issue.kind not in OF_A_PLACE or issue.x is None or issue.y is None:
        return True
    return any(metres_of(line.coords, [[issue.x, issue.y]])[1][0] <= CONCERNS for line in lines)


def _drawn(project: Project, progress: Progress) -> tuple[list[tuple[str, Floats]], list[Issue]]:
    """Return the main lines as (name, coords), the longest first, each from its western end."""
    railway = project.railway
    if not railway.main.any():
        raise InputError(_("There is no main railway line to guard; add a railway layer, or check which of its tracks are sidings"))
    names, index = np.unique(railway.names.astype(str), return_inverse=True)
    row = np.where(names[index] == "", -1, index)
    side = np.array([SIDES.get(str(track), 0) for track in railway.tracks]) if len(railway.tracks) else None
    made = assemble_lines(railway.lines.coords, railway.lines.offsets, railway.main, row, side=side, progress=Span(progress, 0.0, 0.7))
    issues: list[Issue] = []
    if made.metres[TrackState.SHORT] > 0:
        text = N_("{m} m of main track in stretches shorter than 300 m are on no line and are not guarded")
        issues.append(Issue(Level.INFO, "short_track", text, {"m": f"{made.metres[TrackState.SHORT]:.0f}"}, "railway"))
    if not len(made.length):
        raise InputError(_("The railway's main tracks are too short to form a line"))
    found: list[tuple[str, Floats]] = []
    for i in range(len(made.length)):
        name = str(names[made.name[i]]) if made.name[i] >= 0 else _("Line {n}").format(n=i + 1)
        found.append((name, made.line(i)))
    return found, issues + _gaps(found)


def _gaps(lines: list[tuple[str, Floats]]) -> list[Issue]:
    """Return the issues about ends of two lines that are so near that a piece of track may be missing between them."""
    ends = np.array([coords[end] for _name, coords in lines for end in (0, -1)])
    away = np.hypot(*(ends[:, None] - ends[None, :]).T)
    issues: list[Issue] = []
    for one, other in np.argwhere(np.triu((away > 0.0) & (away <= GAP), 1)).tolist():
        if one // 2 != other // 2:
            text = N_("{name} and {other} end {m} m from each other; if the track goes on there, draw the missing piece")
            values = {"name": lines[one // 2][0], "other": lines[other // 2][0], "m": f"{away[one, other]:.0f}"}
            x, y = ((ends[one] + ends[other]) / 2).tolist()
            issues.append(Issue(Level.INFO, "gap", text, values, "railway", lines[one // 2][0], x, y))
    return issues


def _in_order(lines: list[RailLine], measured: list[bool]) -> list[int]:
    """Return the rows of lines in order: measured ones by their chainage, the others behind the line that they touch or are nearest to."""
    rows = sorted((row for row in range(len(lines)) if measured[row]), key=lambda row: lines[row].mileage.at(0.0))
    left = [row for row in range(len(lines)) if not measured[row]]
    if not rows and left:
        rows = [min(left, key=lambda row: lines[row].coords[0].tolist())]
        left.remove(rows[0])
    while left:
        ends = {row: lines[row].coords[[0, -1]] for row in (*rows, *left)}
        pairs = [
            (float(np.hypot(*(ends[here][:, None] - ends[other][None, :]).reshape(-1, 2).T).min()), left.index(other), rows.index(here))
            for here in rows for other in left
        ]  # fmt: skip
        _away, other, here = min(pairs)
        rows.insert(here + 1, left.pop(other))
    return rows


def _named(lines: list[RailLine], settings: RailSettings) -> list[RailLine]:
    """Return the lines that [rail] line names; all where it names none."""
    if not settings.line:
        return lines
    exact = [line for line in lines if line.name == settings.line.strip()]
    kept = exact or [line for line in lines if same_line(line.name, settings.line)]
    if not kept:
        names = ", ".join(dict.fromkeys(line.name for line in lines))
        raise InputError(_("[rail] line {name} is not there; the lines are {names}").format(name=settings.line, names=names))
    return kept


def _clipped(lines: list[RailLine], settings: RailSettings) -> tuple[list[RailLine], list[Issue]]:
    """Return the stretch from `from` to `to` of every line that it lies on; all of them where neither is given."""
    if not settings.start and not settings.stop:
        return lines, []
    asked = {name: _asked(text) for name, text in (("from", settings.start), ("to", settings.stop)) if text}
    if len(asked) == 2 and len({read_chainage(text) for text in asked.values()}) == 1:
        raise InputError(_("[rail] from and to are both {text}, with nothing between them").format(text=settings.start))
    kept: list[RailLine] = []
    issues: list[Issue] = []
    found: dict[str, list[NearPlace]] = {name: [] for name in asked}
    cut: dict[str, list[tuple[str, NearPlace]]] = {name: [] for name in asked}
    for line in lines:
        length = float(measures(line.coords)[-1])
        ends = {"from": 0.0, "to": length}
        systems = {name: _system(line, text) for name, text in asked.items()}
        near = {name: mileage.nearest(asked[name]) for name, mileage in systems.items() if mileage is not None}
        for name, place in near.items():
            ends[name] = place.along
            found[name].append(place)
            if place.why == "broken":
                told = N_("[rail] {key} {text} is left out by a broken chain of {name}; {near} is taken")
                values = {"key": name, "text": asked[name], "name": line.name, "near": place.text}
                issues.append(Issue(Level.INFO, "in_gap", told, values, "rail"))
            issues += _read_twice(name, asked[name], line.name, systems[name], place)
        low, high = sorted(ends.values())
        if len(near) == len(asked) and high - low > 1.0:
            kept.append(clipped_line(line, low, high))
            for name, place in near.items():
                cut[name].append((line.name, place))
    if not kept:
        spans = ", ".join(
            f"{line.name} {line.mileage.text(0.0)}–{line.mileage.text(float(line.mileage.along[-1]), coming=True)}" for line in lines
        )
        text = _("[rail] from {start} to {stop} lies on no line; the lines are {spans}")
        raise InputError(text.format(start=settings.start, stop=settings.stop, spans=spans))
    for name, text in asked.items():
        if all(place.why == "beyond" for place in found[name]):
            line_name, place = min(cut[name], key=lambda one: _apart(one[1].text, text))
            told = N_("[rail] {key} {text} lies on no line; the nearest place, {near} of {name}, is taken")
            issues.append(Issue(Level.WARNING, "beyond", told, {"key": name, "text": text, "name": line_name, "near": place.text}, "rail"))
    return kept, issues


def _read_twice(key: str, text: str, name: str, mileage: Mileage | None, taken: NearPlace) -> list[Issue]:
    """Return the issue about an end that a long chain makes two places read alike: which is taken, and how the other is written."""
    reading = read_chainage(text)[1]
    twice = mileage.places(reading) if mileage is not None and not taken.why and split_chainage(text)[2] < 1000 else ()
    if mileage is None or len(twice) < 2:
        return []
    told = N_("[rail] {key} {text} is read at two places of {name}, over a broken chain; the later is taken, write {other} for the other")
    values = {"key": key, "text": text, "name": name, "other": mileage.text(twice[0])}
    return [Issue(Level.INFO, "read_twice", told, values, "rail")]


def _apart(one: str, other: str) -> float:
    """Return by how many metres two chainages differ."""
    return abs(read_chainage(one)[1] - read_chainage(other)[1])


def _holes(lines: list[RailLine]) -> list[Issue]:
    """Return the issues about stretches between two guarded lines of one name that are read, and as long on the map, but not drawn."""
    issues: list[Issue] = []
    for one, other in pairwise(lines):
        here, there = one.mileage, other.mileage
        missing = there.at(0.0) - here.at(float(here.along[-1]), coming=True)
        away = float(np.hypot(*(other.coords[0] - one.coords[-1])))
        if here.prefix != there.prefix or not same_line(one.name, other.name) or away <= GAP or not 0.5 * missing < away < 1.1 * missing:
            continue
        text = N_("{name}: no track is drawn from {first} to {last}, so nobody guards it; draw the missing piece")
        values = {"name": one.name, "first": here.text(float(here.along[-1]), coming=True), "last": there.text(0.0)}
        x, y = one.coords[-1].tolist()
        issues.append(Issue(Level.WARNING, "hole", text, values, "railway", one.name, x, y))
    return issues


def _below_zero(lines: list[RailLine]) -> list[Issue]:
    """Return the issues about lines that begin before the place that reads nought."""
    issues: list[Issue] = []
    for line in lines:
        reading = line.mileage.at(0.0)
        if reading <= -0.5:
            text = N_(
                "{name} begins {m} m before {zero}, so its first readings are below nought; set [rail] from = {zero}, or correct the posts"
            )
            values = {"name": line.name, "m": f"{-reading:.0f}", "zero": chainage_text(0.0, line.mileage.prefix)}
            x, y = line.coords[0].tolist()
            issues.append(Issue(Level.WARNING, "below_zero", text, values, "rail_posts", line.name, x, y))
    return issues


def clipped_line(line: RailLine, low: float, high: float) -> RailLine:
    """Return the piece of a line from `low` to `high` metres along it, with its mileage."""
    length = float(measures(line.coords)[-1])
    if low <= 1e-6 and high >= length - 1e-6:
        return line
    coords, _offsets = pieces(line.coords, [low], [high])
    mileages = tuple(_fitted(each.clipped(low, high), coords) for each in line.mileages)
    return dataclasses.replace(line, coords=coords, start=line.mileage.at(low), mileages=mileages)


def _fitted(mileage: Mileage, coords: Floats) -> Mileage:
    """Return a mileage whose last row is the very length of the line drawn."""
    along = mileage.along.copy()
    along[-1] = measures(coords)[-1]
    return dataclasses.replace(mileage, along=along)


def _asked(text: str) -> str:
    """Return a chainage of the settings in the shape that mileages find."""
    letters, metres = read_chainage(text)
    if not np.isfinite(metres):
        raise InputError(_("[rail] from, to: {why}").format(why=_("{text} is not a chainage such as K814+300").format(text=text)))
    try:
        split_chainage(text)
        return text
    except ValueError:  # kilometres alone
        return chainage_text(metres, letters, 3).rstrip("0").rstrip(".")


def _system(line: RailLine, text: str) -> Mileage | None:
    """Return the system of a line that a text is of: the first without letters, None where it has none of those letters."""
    letters = split_chainage(text)[0]
    systems = line.mileages or (line.mileage,)
    return next((each for each in systems if not letters or each.prefix.upper() == letters), None)
