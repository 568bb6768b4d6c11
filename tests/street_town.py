"""Streets drawn by hand and the patrol zones over them, for plans of which every street can be counted."""

import numpy as np
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.places import Depots, KeySites, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.settings import PatrolSettings, ProjectSettings, Settings

X, Y, BLOCK = 500_000.0, 3_900_000.0, 100.0
CLASSES = {"secondary": RoadClass.ARTERIAL, "tertiary": RoadClass.ARTERIAL, "residential": RoadClass.STREET, "service": RoadClass.LANE}


def at(x, y) -> tuple[float, float]:
    """A place in blocks of 100 m."""
    return X + BLOCK * x, Y + BLOCK * y


def street_town(streets, zones, sites=(), depots=(), /, **patrol) -> Project:
    """A project of streets (name, class, places in blocks, and 1 where it is one-way), driven at 10 m/s.

    `zones` are boxes (x0, y0, x1, y1) in blocks, the first one's depot is the first depot; `sites` (x, y, settings of the site), `depots`
    (x, y, crews) and `patrol` settings.
    """
    coords = [at(*place) for street in streets for place in street[2]]
    offsets = np.cumsum([0] + [len(street[2]) for street in streets]).astype(np.int32)
    count = len(streets)
    roads = Roads(
        Lines(np.array(coords), offsets),
        np.array([CLASSES[street[1]] for street in streets], np.int8),
        texts([street[1] for street in streets]),
        texts([street[0] for street in streets]),
        np.array([street[3] if len(street) > 3 else 0 for street in streets], np.int8),
        np.full(count, 10.0),
        np.zeros(count, np.int8),
    )
    hulls = [shapely.box(*at(x0, y0), *at(x1, y1)) for x0, y0, x1, y1 in zones]
    plan = {k: Zone(f"Z{k:02d}", f"Zone {k}", k - 1 if k <= len(depots) and k == 1 else -1) for k in range(1, len(zones) + 1)}
    more = [site[2] if len(site) > 2 else {} for site in sites]

    def column(name, usual):
        return np.array([one.get(name, usual) for one in more], float)

    key_sites = KeySites(
        np.array([at(*site[:2]) for site in sites]).reshape(-1, 2),
        texts([f"site {k}" for k in range(1, len(sites) + 1)]),
        column("visits", 1).astype(np.int32),
        column("dwell", 5.0),
        column("start", np.nan),
        column("stop", np.nan),
        np.ones(len(sites)),
    )
    posts = Depots(
        np.array([at(*depot[:2]) for depot in depots]).reshape(-1, 2),
        texts([f"post {k}" for k in range(1, len(depots) + 1)]),
        texts(["post"] * len(depots)),
        np.array([depot[2] if len(depot) > 2 else 1 for depot in depots], np.int32),
    )
    settings = Settings(ProjectSettings("streets", "EPSG:4545", 1), patrol=PatrolSettings(**{"required_classes": ("secondary",), **patrol}))
    return Project(
        settings, "EPSG:4545", roads=roads, key_sites=key_sites, depots=posts, zones=ZonePlan({}, plan, np.ones(len(zones)), texts(hulls))
    )


def lattice(columns, rows, required=("row 1",)):
    """Streets along every row and column of blocks, called after them; those `required` are secondary, the others residential."""
    along = [(f"row {r}", [(c, r) for c in range(columns + 1)]) for r in range(rows + 1)]
    across = [(f"column {c}", [(c, r) for r in range(rows + 1)]) for c in range(columns + 1)]
    return [(name, "secondary" if name in required else "residential", places) for name, places in along + across]
