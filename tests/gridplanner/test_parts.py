"""How parts of a community that nothing joins are linked: by the ground they share, so that a grid of both is one piece on the map."""

import numpy as np
import shapely
from block_town import block_town

from gridplanner.model.outlines import unit_polygons
from gridplanner.planning.parts import land_of, links_between
from gridplanner.planning.units import propose_units


def test_a_part_is_linked_where_it_shares_a_side_and_not_at_a_corner():
    town = block_town(4, 4)
    units = propose_units(town).apply(town).units
    polygons = unit_polygons(units)
    every = np.arange(len(units), dtype=np.int32)
    land = land_of(units, every, polygons, units.community)
    for lost in every.tolist():
        a, b = links_between(land, every, every != lost)
        assert a.tolist() == [lost]
        assert shapely.length(shapely.intersection(polygons[a[0]], polygons[b[0]])) > 99
