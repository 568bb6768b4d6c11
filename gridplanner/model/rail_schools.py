"""Where schools are: those that a source gives as things at the railway, and key sites whose name says so."""

from __future__ import annotations

import re

import numpy as np

from gridplanner.model.lines import Floats, Texts
from gridplanner.model.places import texts
from gridplanner.model.project import Project

SAME = 100.0  # metres within which two places are one school
SCHOOL = re.compile(r"学校|小学|中学|大学|学院|幼儿园|幼教|school|kindergarten|college|university", re.IGNORECASE)


def school_places(project: Project) -> tuple[Floats, Texts]:
    """Return where schools are (n, 2) and their names: those given as such, and key sites whose name says so that are none of them."""
    things, sites = project.rail_things, project.key_sites
    rows = np.flatnonzero(things.kinds == "school").tolist()
    xy = [np.asarray(things.lines.line(row).mean(axis=0), np.float64) for row in rows]
    names = [str(things.names[row]) for row in rows]
    for row, name in enumerate(sites.names.tolist()):
        place = sites.xy[row]
        if SCHOOL.search(str(name)) and not any(np.hypot(*(place - other)) <= SAME for other in xy):
            xy.append(place)
            names.append(str(name))
    return np.array(xy, np.float64).reshape(-1, 2), texts(names)
