"""Checkpoints by hand: cordons drawn and taken away, places marked where a checkpoint stands already or none may stand."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.checkpoints import MOST_CHECKPOINTS, NO_CHECKPOINT_SITES, SITE_KINDS, CheckpointSites, Cordons
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.places import texts
from gridplanner.model.project import Project

COUNT = 5  # checkpoints of a cordon that is drawn without saying how many
SAME = 5.0  # metres within which a place is the one that was marked before
LEAST = 100.0  # square metres that a cordon encloses at least


@dataclass(frozen=True)
class DrawCordon:
    """Close an area: `xy` are the (x, y) corners of the ring around it in metres, its last corner not repeated.

    Without a `name` it is called Cordon 1, Cordon 2 and so on; `count` checkpoints at most stand on it. An `is_line` cordon is a line
    from its first corner to its last, a border to be watched, and encloses nothing.
    """

    xy: tuple[tuple[float, float], ...]
    name: str = ""
    count: int = COUNT
    is_line: bool = False

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Draw a cordon")

    def apply(self, project: Project) -> Project:
        """Return the project with the cordon; raises EditRejected for a name that is taken, and for a ring or line that closes nothing."""
        cordons, coords = project.cordons, _corners(self.xy)
        taken = {str(other) for other in cordons.names}
        name = self.name.strip() or next(title for n in range(1, len(taken) + 2) if (title := _("Cordon {n}").format(n=n)) not in taken)
        if name in taken:
            raise EditRejected(_("There is a cordon {name} already").format(name=name))
        if not 1 <= self.count <= MOST_CHECKPOINTS:
            raise EditRejected(_("A cordon has 1 to {most} checkpoints").format(most=f"{MOST_CHECKPOINTS:,}"))
        shape = _line(coords) if self.is_line else _ring(coords)
        drawn = Cordons(
            texts([*cordons.shapes.tolist(), shape]),
            texts([*cordons.names.tolist(), name]),
            np.append(cordons.counts, self.count).astype(np.int32),
        )
        return dataclasses.replace(project, cordons=drawn)


@dataclass(frozen=True)
class RemoveCordon:
    """Take the cordon of a row away."""

    row: int

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Remove a cordon")

    def apply(self, project: Project) -> Project:
        """Return the project without the cordon; raises EditRejected where there is none of that row."""
        cordons = project.cordons
        if not 0 <= self.row < len(cordons):
            raise EditRejected(_("There is no such cordon"))
        keep = np.arange(len(cordons)) != self.row
        return dataclasses.replace(project, cordons=Cordons(cordons.shapes[keep], cordons.names[keep], cordons.counts[keep]))


@dataclass(frozen=True)
class MarkSite:
    """Say of a place (metres) that a checkpoint stands there (`kind` existing), that none may (forbidden), or neither (empty).

    A place within 5 m of a mark is that mark: it gets the new kind and keeps its name unless there is a new one.
    """

    x: float
    y: float
    kind: str
    name: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        if self.kind == "existing":
            return _("Mark a checkpoint that stands already")
        return _("Mark a place where no checkpoint may stand") if self.kind else _("Take the mark of a checkpoint away")

    def apply(self, project: Project) -> Project:
        """Return the project with the mark; raises EditRejected for an unknown kind, and where a mark to take away is not there."""
        if self.kind and self.kind not in SITE_KINDS:
            raise EditRejected(_("A place is existing or forbidden, not {kind}").format(kind=self.kind))
        if not (math.isfinite(self.x) and math.isfinite(self.y)):
            raise EditRejected(_("A corner of the line is no place on the map"))
        sites = project.checkpoint_sites
        here: Bools = np.hypot(*(sites.xy - np.array([self.x, self.y])).T) <= SAME if len(sites) else np.zeros(0, bool)
        if not self.kind and not here.any():
            raise EditRejected(_("There is no mark of a checkpoint here"))
        rest = CheckpointSites(sites.xy[~here], sites.names[~here], sites.kinds[~here]) if len(sites) else NO_CHECKPOINT_SITES
        if not self.kind:
            return dataclasses.replace(project, checkpoint_sites=rest if len(rest) else NO_CHECKPOINT_SITES)
        names = [str(name) for name in sites.names[here]] if len(sites) else []
        marked = CheckpointSites(
            np.vstack((rest.xy, [(self.x, self.y)])),
            texts([*rest.names.tolist(), self.name.strip() or next((name for name in names if name), "")]),
            texts([*rest.kinds.tolist(), self.kind]),
        )
        return dataclasses.replace(project, checkpoint_sites=marked)


def _corners(xy: tuple[tuple[float, float], ...]) -> Floats:
    """Return the corners (n, 2) without repeated ones; raises EditRejected where one is no place."""
    coords = np.array(xy, np.float64).reshape(-1, 2)
    if not np.all(np.isfinite(coords)):
        raise EditRejected(_("A corner of the line is no place on the map"))
    fresh = np.ones(len(coords), bool)
    fresh[1:] = np.any(coords[1:] != coords[:-1], axis=1)
    return coords[fresh]


def _ring(coords: Floats) -> shapely.Geometry:
    """Return the polygon inside a ring; raises EditRejected where it encloses nothing or crosses itself."""
    if len(coords) > 1 and np.array_equal(coords[0], coords[-1]):
        coords = coords[:-1]
    if len(coords) < 3:
        raise EditRejected(_("A cordon needs three corners at least"))
    shape = shapely.polygons(coords)
    if not shapely.is_valid(shape):
        raise EditRejected(_("The line crosses itself; draw the cordon as one ring"))
    if shapely.area(shape) < LEAST:
        raise EditRejected(_("The cordon encloses nothing"))
    return shapely.normalize(shape)


def _line(coords: Floats) -> shapely.Geometry:
    """Return the line; raises EditRejected where it has one corner only or crosses itself."""
    if len(coords) < 2:
        raise EditRejected(_("A line needs two corners at least"))
    shape = shapely.linestrings(coords)
    if not shapely.is_simple(shape):
        raise EditRejected(_("The line crosses itself; draw it from one side to the other"))
    return shape
