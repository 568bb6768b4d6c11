"""The chunks of a province as projects, read when they are wanted, and their plans on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import shapely

from gridplanner.io.ground_parts import GroundParts
from gridplanner.io.household_spool import Census, households_of
from gridplanner.io.kept_values import keep_value, kept_value
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Ints, Texts
from gridplanner.model.places import Communities
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.planning.chunk_plan import ChunkPlan
from gridplanner.planning.seams import Cells, Rim
from gridplanner.settings import Settings


@dataclass(frozen=True, eq=False)
class Parts:
    """A province in chunks: `rows` are the communities of each, `work` the folder of the addresses and of the plans made so far."""

    settings: Settings
    crs: str
    communities: Communities
    census: Census
    ground: GroundParts
    rows: list[Ints]
    work: Path

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def spool(self) -> Path:
        """The working file of all addresses."""
        return self.work / "addresses.bin"

    def project(self, chunk: int, *, with_ground: bool = True) -> Project:
        """Return a chunk as a project without plans; its ground is read from the sources."""
        rows, of = self.rows[chunk], self.communities
        communities = Communities(of.polygons[rows], of.codes[rows], of.names[rows], of.streets[rows])
        homes = households_of(self.spool, self.census, rows)
        project = Project(settings=self.settings, crs=self.crs, communities=communities, households=homes)
        if not with_ground:
            return project
        near = self.ground.within(shapely.union_all(communities.polygons))
        return Project(
            settings=self.settings, crs=self.crs, communities=communities, households=homes, roads=near.roads,
            barriers=near.barriers, railway=near.railway, read_issues=near.issues,
        )  # fmt: skip

    def is_kept(self, chunk: int) -> bool:
        """True where a chunk was planned before."""
        return self._path(chunk, "plan").exists() and self._path(chunk, "rim").exists()

    def keep(self, chunk: int, plan: ChunkPlan) -> None:
        """Write the plan of a chunk into the working folder."""
        keep_value(self._path(chunk, "plan"), (plan.units, plan.grids, plan.streets))
        keep_value(self._path(chunk, "rim"), (plan.rim.ends, plan.rim.cell))

    def plan(self, chunk: int) -> ChunkPlan | None:
        """Return the plan of a chunk that was kept, None where its files are damaged."""
        found, rim = kept_value(self._path(chunk, "plan")), self.rim(chunk)
        if found is None or rim is None:
            return None
        units, grids, streets = cast("tuple[Units, GridPlan, Texts]", found)
        return ChunkPlan(units, grids, rim, streets)

    def rim(self, chunk: int) -> Rim | None:
        """Return what a chunk's neighbours must know of its limits, None where the file is damaged."""
        found = kept_value(self._path(chunk, "rim"))
        if found is None:
            return None
        ends, cell = cast("tuple[Cells, Cells]", found)
        return Rim(np.asarray(ends).reshape(-1, 4), np.asarray(cell).reshape(-1, 2))

    def forget(self, chunk: int) -> None:
        """Remove the plan of a chunk from the working folder."""
        for kind in ("plan", "rim"):
            self._path(chunk, kind).unlink(missing_ok=True)

    def _path(self, chunk: int, kind: str) -> Path:
        return self.work / f"chunk-{chunk + 1:05d}.{kind}"
