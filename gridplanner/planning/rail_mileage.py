"""A line measured by its posts: every mileage system with its broken chains, and the posts and stretches that cannot be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.railguard.calibration import Calibration, calibrate, runs_against
from algorithms.railguard.chainage import measures, points_at
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.mileage import Mileage, chainage_text, plain_mileage, read_chainage
from gridplanner.model.rail import RailLine
from gridplanner.planning.rail_readings import RailReadings, same_line
from gridplanner.rail_settings import RailSettings

TRACKS = ("", "down", "up")
AGREES = 15.0  # metres by which a post that the scale leaves out may be off without being told
STATION_AGREES = 100.0  # the same for a station: it is long, and its chainage often told to a tenth of a kilometre
RESTART = 5000.0  # metres: a broken chain that falls by more begins the count anew, and stays where the plan file names it


@dataclass(frozen=True)
class DeclaredBreak:
    """A broken chain of the plan: what is read `behind` and `ahead` of it, its letters, track and line; texts as the plan has them."""

    behind: float
    ahead: float
    letters: str
    track: str
    line: str
    at: str
    equals: str


@dataclass(frozen=True, eq=False)
class MeasuredLine:
    """A line with its mileages, what was found, and which of the declared broken chains lie on it."""

    line: RailLine
    issues: list[Issue]
    chains: tuple[bool, ...]


def declared_breaks(settings: RailSettings) -> tuple[DeclaredBreak, ...]:
    """Return the broken chains of the plan in the order of their chainage; raises InputError where one cannot be read."""
    found: list[DeclaredBreak] = []
    for each in settings.breaks:
        (letters, behind), (other, ahead) = read_chainage(each.at), read_chainage(each.equals)
        for text, metres in ((each.at, behind), (each.equals, ahead)):
            if not np.isfinite(metres):
                raise InputError(_("[[rail.breaks]] {text} is not a chainage such as K814+300").format(text=text))
        if letters and other and letters != other:
            text = _("[[rail.breaks]] {at} and {equals} are of two mileage systems; give both in the letters of one")
            raise InputError(text.format(at=each.at, equals=each.equals))
        found.append(DeclaredBreak(behind, ahead, letters or other or settings.prefix, each.track, each.line, each.at, each.equals))
    anew = any(each.ahead < each.behind - RESTART for each in found)
    return tuple(found if anew else sorted(found, key=lambda each: each.behind))


def measured_line(
    name: str, coords: Floats, readings: RailReadings, mine: Ints, along: Floats, breaks: Sequence[DeclaredBreak], settings: RailSettings
) -> MeasuredLine:
    """Return a line (n, 2) measured by its readings, rows `mine` (m,) of them at `along` (m,) metres, turned to run as they rise."""
    systems = _systems(readings, mine, settings)
    length = float(measures(coords)[-1])
    leading = next((rows for _letters, _track, rows in systems if len(rows) > 1), None)
    if leading is not None and np.array_equal(coords[0], coords[-1]):
        coords, along = _ring_from(coords, along, float(along[leading[np.argmin(readings.reading[mine[leading]])]]))
    if leading is not None and runs_against(along[leading], readings.reading[mine[leading]], readings.weight[mine[leading]]):
        at_start = np.array_equal(coords[0], coords[-1]) & (along <= 0.0)  # of a ring that is its end as well
        coords, along = coords[::-1].copy(), np.where(at_start, 0.0, length - along)
    x, y = coords[0].tolist()
    if not systems:
        text = N_("{name} has no kilometre posts; it starts with K0+000 in the west")
        plain = plain_mileage(length, 0.0, settings.prefix)
        issue = Issue(Level.INFO, "no_posts", text, {"name": name}, "railway", name, x, y)
        return MeasuredLine(RailLine(name, coords, 0.0, (plain,)), [issue], (False,) * len(breaks))
    issues: list[Issue] = []
    if leading is None:
        text = N_("{name} has one kilometre post; it is taken to run from west to east")
        issues.append(Issue(Level.INFO, "one_post", text, {"name": name}, "railway", name, x, y))
    mileages: list[Mileage] = []
    on_line = [False] * len(breaks)
    for letters, track, rows in systems:
        chains = [
            row for row, each in enumerate(breaks)
            if each.letters == letters and each.track in ("", track) and (not each.line or same_line(each.line, name))
        ]  # fmt: skip
        jumps = [(breaks[row].behind, breaks[row].ahead) for row in chains]
        found = calibrate(length, along[rows], readings.reading[mine[rows]], jumps, readings.weight[mine[rows]])
        for row, on in zip(chains, found.chains, strict=True):
            on_line[row] = on_line[row] or bool(on)
        issues += _clashing(name, [breaks[row] for row, on in zip(chains, found.chains, strict=True) if on])
        mileages.append(Mileage(found.along, found.behind, found.ahead, letters, track))
        issues += _told(name, coords, found, mileages[-1], readings, mine[rows], along[rows])
    return MeasuredLine(RailLine(name, coords, mileages[0].at(0.0), tuple(mileages)), issues, tuple(on_line))


def _clashing(name: str, chains: Sequence[DeclaredBreak]) -> list[Issue]:
    """Return the issues about broken chains of one line of which one leaves out the reading at which another lies."""
    text = N_("{name}: the broken chain {at} lies where {other} = {equals} leaves the readings out; correct one of them in [[rail.breaks]]")
    return [
        Issue(Level.WARNING, "break_clash", text, {"name": name, "at": one.at, "other": other.at, "equals": other.equals}, "rail", one.at)
        for one in chains for other in chains if other.behind < one.behind < other.ahead
    ]  # fmt: skip


def _ring_from(coords: Floats, along: Floats, start: float) -> tuple[Floats, Floats]:
    """Return a closed line that begins and ends `start` metres along it, where its count begins, and where its posts are then."""
    at = measures(coords)
    length = float(at[-1])
    row = int(np.searchsorted(at, start + 1e-6))
    here = points_at(coords, start)
    if not 1e-6 < start < length - 1e-6:
        return coords, np.where(along >= length - 1e-6, 0.0, along)
    before = int(np.searchsorted(at, start - 1e-6))
    return np.vstack((here, coords[row:], coords[1:before], here)), np.where(along >= start, along - start, along - start + length)


def _systems(readings: RailReadings, mine: Ints, settings: RailSettings) -> list[tuple[str, str, Ints]]:
    """Return the mileage systems of a line as (letters, track, rows into `mine`): the plan's own letters first, then the most readings.

    A track's own system counts the readings that hold for both tracks too.
    """
    letters, tracks = readings.letters[mine], readings.tracks[mine]
    words = sorted(set(letters), key=lambda word: (word != settings.prefix, -int((letters == word).sum()), word))
    return [
        (word, track, np.flatnonzero((letters == word) & ((tracks == track) | (tracks == ""))))
        for word in words
        for track in TRACKS
        if ((letters == word) & (tracks == track)).any()
    ]


def _told(
    name: str, coords: Floats, found: Calibration, mileage: Mileage, readings: RailReadings, rows: Ints, along: Floats
) -> list[Issue]:
    """Return the issues about posts that were left out and about stretches that no drawing error explains."""
    issues: list[Issue] = []
    for post in np.flatnonzero(~found.used).tolist():
        read, at = float(readings.reading[rows[post]]), float(along[post])
        says = min((mileage.at(at), mileage.at(at, coming=True)), key=lambda one: abs(one - read))
        if abs(says - read) <= (STATION_AGREES if readings.layers[rows[post]] == "stations" else AGREES):
            continue
        if found.lone[post]:
            text = N_("{name}: {post} is about {m} m off between its neighbours, which say {says}; it is left out, correct its chainage")
        else:
            text = N_("{name}: {post} does not rise with its neighbours, which say {says}; it is left out, correct its chainage")
        values = {"name": name, "post": readings.text(rows[post]), "says": mileage.text(at), "m": f"{abs(says - read):.0f}"}
        x, y = readings.xy[rows[post]].tolist()
        layer = str(readings.layers[rows[post]])
        issues.append(Issue(Level.WARNING, "post", text, values, layer, readings.text(rows[post]), x, y))
    for (low, high), off in zip(found.odd.tolist(), found.off.tolist(), strict=True):
        if abs(off) <= STATION_AGREES and "stations" in (readings.layers[rows[low]], readings.layers[rows[high]]):
            continue
        if off > 0:
            text = N_("{name}: from {low} to {high} chainages rise by {m} m more than the line is long; "
                      "if a broken chain lies there, declare it with [[rail.breaks]], else correct the posts")  # fmt: skip
        else:
            text = N_("{name}: from {low} to {high} chainages rise by {m} m less than the line is long; "
                      "if a broken chain lies there, declare it with [[rail.breaks]], else correct the posts")  # fmt: skip
        values = {
            "name": name, "low": readings.text(rows[low]), "high": readings.text(rows[high]), "m": f"{abs(off):.0f}",
        }  # fmt: skip
        x, y = points_at(coords, (along[low] + along[high]) / 2)[0].tolist()
        issues.append(Issue(Level.WARNING, "chain", text, values, "rail_posts", chainage_text(mileage.at(float(along[low]))), x, y))
    return issues
