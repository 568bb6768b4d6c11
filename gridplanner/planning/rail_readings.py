"""What is known of chainages at places: kilometre posts, stations and marks of the plan, given to the lines they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.railguard.projection import places_on_lines
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.mileage import chainage_text, read_chainage
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.nearest import nearest_word
from gridplanner.rail_settings import RailMark, RailSettings

NEAR = 100.0  # metres from the line within which a kilometre post measures it
STATION = 300.0  # the same for a station, whose point may be its building
MARKED = 1000.0  # and for what the planner himself marked
SHIFTED = 1500.0  # metres by which coordinates of another datum are off at most
BELIEF = 100.0  # how many posts a mark outweighs
_ENDINGS = ("铁路", "铁道", "线路", "线", "railway", "railroad", "line")


@dataclass(frozen=True, eq=False)
class RailReadings:
    """Places whose chainage is known: `xy` (n, 2), `reading` (n,) metres, `letters` and `tracks` (n,) of their system.

    `line` (n,) is the line as the source names it, or empty; `reach` (n,) metres within which it must lie, `weight` (n,) how much a
    reading is to be believed, `layers` (n,) the source it is from.
    """

    xy: Floats
    reading: Floats
    letters: Texts
    tracks: Texts
    line: Texts
    reach: Floats
    weight: Floats
    layers: Texts

    def __len__(self) -> int:
        return len(self.reading)

    def text(self, row: int) -> str:
        """Return a reading as its post bears it."""
        return chainage_text(float(self.reading[row]), str(self.letters[row]))


def readings_of(project: Project, settings: RailSettings) -> RailReadings:
    """Return all readings of a project; raises InputError for a mark that is no chainage or names no station."""
    stations = project.stations
    rows = np.flatnonzero(np.isfinite(stations.chainage))
    count = len(stations)
    posts = stations.posts if len(stations.posts) else np.ones(count, bool)
    systems = stations.systems if len(stations.systems) else texts([""] * count)
    tracks = stations.tracks if len(stations.tracks) else texts([""] * count)
    marks = [_mark(mark, project) for mark in settings.marks]
    xy = np.concatenate((stations.xy[rows], np.array([at for at, *_rest in marks], np.float64).reshape(-1, 2)))
    letters = [str(word) for word in systems[rows]] + [letters for _at, letters, _metres in marks]
    return RailReadings(
        xy,
        np.concatenate((stations.chainage[rows], [metres for _at, _letters, metres in marks])),
        texts([word or settings.prefix for word in letters]),
        texts([*tracks[rows], *(mark.track for mark in settings.marks)]),
        texts([*stations.line[rows], *(mark.line for mark in settings.marks)]),
        np.concatenate((np.where(posts[rows], NEAR, STATION), np.full(len(marks), MARKED))),
        np.concatenate((np.ones(len(rows)), np.full(len(marks), BELIEF))),
        texts(["rail_posts" if post else "stations" for post in posts[rows]] + ["rail"] * len(marks)),
    )


def given_to_lines(readings: RailReadings, lines: Sequence[tuple[str, Floats]]) -> tuple[Ints, Floats, list[Issue]]:
    """Return the line of each reading (n,), -1 where it stands at none, and how far along it; a named line goes before a nearer one."""
    count = len(readings)
    away, along = np.full((len(lines), count), np.inf), np.zeros((len(lines), count))
    for row, (_name, coords) in enumerate(lines):
        if count:
            found = places_on_lines([coords], readings.xy)
            along[row], away[row] = found.along, found.away
    named = np.array([[same_line(str(word), name) for word in readings.line] for name, _coords in lines], bool).reshape(away.shape)
    allowed = named | ~named.any(axis=0)
    reached = np.where(allowed, away, np.inf)
    line = reached.argmin(axis=0) if len(lines) and count else np.full(count, -1)
    near = reached[line, np.arange(count)] <= readings.reach if count else np.zeros(0, bool)
    at = along[line, np.arange(count)] if count else np.zeros(0)
    shifted = away.min(axis=0) <= SHIFTED if len(lines) and count else np.zeros(count, bool)
    return np.where(near, line, -1), at, _told_far(readings, near, shifted)


def same_line(one: str, other: str) -> bool:
    """Return whether two names of lines mean the same: one holds the other when the word for railway is left out.

    >>> same_line("青藏线", "青藏铁路"), same_line("青藏铁路格拉段", "青藏线"), same_line("", "青藏线"), same_line("兰青线", "青藏线")
    (True, True, False, False)
    """
    first, second = _bare(one), _bare(other)
    return bool(first) and bool(second) and (first in second or second in first)


def _bare(name: str) -> str:
    word = name.strip().lower()
    for ending in _ENDINGS:
        shorter = word.replace(ending, "").strip()
        word = shorter or word
    return word


def _told_far(readings: RailReadings, near: Bools, shifted: Bools) -> list[Issue]:
    """Return the issues about readings that stand at no line: each mark, and posts and stations together.

    `near` (n,) stand at a line; where most of a source do not but are all the same `shifted` (n,) no farther than coordinates of another
    datum are, that is told with its remedy.
    """
    issues: list[Issue] = []
    for layer in ("rail_posts", "stations", "rail"):
        mine = readings.layers == layer
        rows = np.flatnonzero(mine & ~near).tolist()
        off = len(rows) > 1 and 2 * int((mine & ~near & shifted).sum()) > int(mine.sum())
        for row in rows[:1] if layer != "rail" else rows:
            text = N_("{text} lies {m} m or more from every railway line and measures none ({count} such places)")
            if off and layer != "rail":
                text = N_(
                    "{count} of {total} places of [sources.{layer}], such as {text}, lie {m} m or more from every railway line and measure"
                    " none; if they are all off alike, set datum of that source to gcj02 or bd09"
                )
            values = {
                "text": readings.text(row), "m": f"{readings.reach[row]:.0f}", "count": len(rows), "total": int(mine.sum()), "layer": layer,
            }  # fmt: skip
            x, y = readings.xy[row].tolist()
            level = Level.WARNING if layer == "rail" or off else Level.INFO
            issues.append(Issue(level, "far_post", text, values, layer, readings.text(row), x, y))
    return issues


def _mark(mark: RailMark, project: Project) -> tuple[tuple[float, float], str, float]:
    letters, metres = read_chainage(mark.chainage)
    if not np.isfinite(metres):
        raise InputError(_("[[rail.marks]] {text} is not a chainage such as K814+300").format(text=mark.chainage))
    if mark.x is not None and mark.y is not None:
        return (mark.x, mark.y), letters, metres
    names = [str(name) for name in project.stations.names]
    rows = [row for row, name in enumerate(names) if name == mark.name] or [
        row for row, name in enumerate(names) if name and name.removesuffix("站") == mark.name.strip().removesuffix("站")
    ]
    if not any(names):
        text = _("[[rail.marks]] there is no station {name}, as no station has a name; give x and y of the place")
        raise InputError(text.format(name=mark.name))
    if not rows:
        hint = nearest_word(mark.name, sorted({name for name in names if name}))
        raise InputError(_("[[rail.marks]] there is no station {name}; {hint}").format(name=mark.name, hint=hint))
    x, y = project.stations.xy[rows[0]].tolist()
    return (x, y), letters, metres
