"""Many tiny made towns as one districting problem: walls, rivers, islands, enclaves, empty and heavy units, pieces of several units."""

import numpy as np
import shapely
from made_land import MadeLand

from algorithms.districting.problem import DistrictingProblem
from algorithms.graph.adjacency import adjacency
from algorithms.graph.components import components
from algorithms.graph.contiguity import surroundings
from algorithms.units.rings import ring_polygons, trace_rings

APART = 10_000.0  # metres between two towns


class MadeTowns:
    """Towns side by side: `problem` divides each connected part of each community of each town into as many districts as drawn.

    `town` (p,) and `community` (p,) of each piece; pieces are single faces, groups of faces in one or several parts, or rings.
    """

    def __init__(self, seed, count, streets=6):
        rng = np.random.default_rng([seed, 1])
        lands = [
            MadeLand(rng.integers(1 << 30), int(rng.integers(2, streets + 1)), blocked_share=rng.choice([0, 0.1, 0.3]))
            for _ in range(count)
        ]
        faces = np.concatenate(([0], np.cumsum([land.count for land in lands])))
        nodes = np.concatenate(([0], np.cumsum([len(land.graph.xy) for land in lands])))
        xy = np.concatenate([land.graph.xy + np.array([APART * k, 0.0]) for k, land in enumerate(lands)])
        ends = np.concatenate([land.ends + first for land, first in zip(lands, nodes, strict=False)])
        left, right = (
            np.concatenate([np.where(side(land) >= 0, side(land) + first, -1) for land, first in zip(lands, faces, strict=False)])
            for side in (lambda land: land.left, lambda land: land.right)
        )
        self.length = np.concatenate([land.length for land in lands])
        self.blocked = np.concatenate([land.blocked for land in lands])
        town = np.repeat(np.arange(count), np.diff(faces))
        centre = np.concatenate([shapely.get_coordinates(shapely.centroid(land.polygons)) for land in lands])
        limit = np.where(rng.random(count) < 0.5, rng.uniform(200, 800, count), -1)[town]
        community = 2 * town + (centre[:, 0] > limit)
        community = np.where(rng.random(len(town)) < 0.02, 2 * town, community)  # enclaves
        rows = self._grouped(rng, left, right, community)
        self.rows = rows
        self.count = int(rows.max()) + 1
        self.left, self.right = np.where(left >= 0, rows[left], -1), np.where(right >= 0, rows[right], -1)
        edge = self.left != self.right
        self.left, self.right, self.ends = self.left[edge], self.right[edge], ends[edge]
        self.length, self.blocked, self.xy = self.length[edge], self.blocked[edge], xy
        self.community = np.zeros(self.count, np.int64)
        self.community[rows] = community
        self.town = self.community // 2
        weight = np.bincount(rows, rng.integers(0, 30, len(rows)) * (rng.random(len(rows)) < 0.7))
        weight[rng.random(self.count) < 0.02] *= 20
        polygons = ring_polygons(xy, trace_rings(xy, self.ends, self.left, self.right), self.count)
        self.problem = self._problem(rng, weight / 60.0, polygons)

    @staticmethod
    def _grouped(rng, left, right, community):
        """Return the piece of each face: most alone, some with neighbours, some with a face elsewhere, some all around another."""
        label = np.arange(len(community))
        inner = np.flatnonzero((left >= 0) & (right >= 0))
        inner = inner[community[left[inner]] == community[right[inner]]]
        for _group in range(len(community) // 12):
            face = int(rng.integers(len(community)))
            near = np.unique(np.concatenate((right[inner][left[inner] == face], left[inner][right[inner] == face])))
            kind = rng.random()
            if kind < 0.5:
                mine = np.append(near[rng.random(len(near)) < 0.5], face)
            elif kind < 0.75:  # all neighbours, not the face itself: a ring, where the face is not at a limit
                mine = near
            else:
                same = np.flatnonzero(community == community[face])
                mine = rng.choice(same, min(2, len(same)), replace=False)
            if len(mine):
                label[mine] = label[mine].min()
        return np.unique(label, return_inverse=True)[1]

    def _problem(self, rng, weight, polygons):
        inner = (self.left >= 0) & (self.right >= 0)
        inner[inner] = self.community[self.left[inner]] == self.community[self.right[inner]]
        left, right = np.where(inner, self.left, -1), np.where(inner, self.right, -1)
        pairs = adjacency(left, right, self.length, self.length, self.blocked, self.count)
        region = components(self.count, pairs.low[pairs.crossable], pairs.high[pairs.crossable])
        # pairs that nothing crosses may lie in two regions; the problem knows those of one alone
        one = region[pairs.low] == region[pairs.high]
        pairs = type(pairs)(pairs.low[one], pairs.high[one], pairs.length[one], pairs.cost[one], pairs.crossable[one])
        total, size = np.bincount(region, weight), np.bincount(region)
        districts = np.minimum(np.maximum(np.round(total).astype(int) + rng.integers(-1, 2, len(total)), 1), size)
        return DistrictingProblem(
            weight=weight[:, None],
            xy=shapely.get_coordinates(shapely.point_on_surface(polygons)),
            area=shapely.area(polygons),
            rim=shapely.length(polygons),
            adjacency=pairs,
            surroundings=surroundings(self.xy, self.ends, self.left, self.right, self.blocked, self.count),
            region=region,
            districts=districts.astype(np.int32),
            band=(0.8, 1.2),
        )
