"""Small made lands for tests: lattices of units with what the districting engine needs."""

import numpy as np
import shapely

from algorithms.districting.problem import DistrictingProblem
from algorithms.graph.adjacency import adjacency
from algorithms.graph.contiguity import surroundings
from algorithms.units.faces import find_faces
from algorithms.units.noding import node_lines
from algorithms.units.rings import ring_polygons, trace_rings


class MadeLand:
    """Faces of random streets in a square, with weights: `land.problem(k)` is a districting problem over them."""

    def __init__(self, seed, streets=14, size=1000.0, blocked_share=0.0):
        rng = np.random.default_rng(seed)
        a = rng.random((streets, 2)) * size
        angle = rng.random(streets) * np.pi
        step = np.column_stack((np.cos(angle), np.sin(angle))) * 2 * size
        box = shapely.box(0, 0, size, size)
        cut = shapely.intersection(shapely.linestrings(np.stack((a - step, a + step), axis=1)), box)
        self.graph = node_lines(np.append(cut, box.exterior))
        faces = find_faces(self.graph)
        border = faces.left != faces.right
        self.ends = self.graph.ends[border]
        self.left, self.right = faces.left[border], faces.right[border]
        self.count = faces.count
        self.polygons = ring_polygons(self.graph.xy, trace_rings(self.graph.xy, self.ends, self.left, self.right), self.count)
        vector = self.graph.xy[self.ends[:, 1]] - self.graph.xy[self.ends[:, 0]]
        self.length = np.hypot(vector[:, 0], vector[:, 1])
        self.blocked = (rng.random(len(self.ends)) < blocked_share) & (self.left >= 0) & (self.right >= 0)
        self.weight = rng.integers(0, 30, self.count).astype(float)

    @property
    def adjacency(self):
        return adjacency(self.left, self.right, self.length, self.length, self.blocked, self.count)

    @property
    def surroundings(self):
        return surroundings(self.graph.xy, self.ends, self.left, self.right, self.blocked, self.count)

    def problem(self, districts, band=(0.8, 1.2)):
        target = max(self.weight.sum() / districts, 1.0)
        return DistrictingProblem(
            weight=(self.weight / target)[:, None],
            xy=shapely.get_coordinates(shapely.centroid(self.polygons)),
            area=shapely.area(self.polygons),
            rim=shapely.length(self.polygons),
            adjacency=self.adjacency,
            surroundings=self.surroundings,
            region=np.zeros(self.count, np.int32),
            districts=np.array([min(districts, self.count)], np.int32),
            band=band,
        )
