"""The two carriageways of a street: one-way lines of one name that run side by side are one street to whoever looks after it."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.network.polylines import Bools, Ints
from algorithms.streets.atoms import Atoms

_ALONG = np.cos(np.radians(30.0))  # lines that differ less in direction run side by side


def find_hosts(atoms: Atoms, street: Ints, single: Bools, apart: float = 40.0, share: float = 0.7) -> Ints:
    """Return the atom that each one goes with, (n,): its own row, or the one beside it on the other carriageway.

    `street` (s,) numbers the street of each stroke, -1 for none; `single` (s,) says which strokes are one way all along. Such a stroke is
    a second carriageway where `share` of its length lies within `apart` metres of a stroke of the same street that is at least as long
    and runs in the same direction or against it.
    """
    n = len(atoms)
    host = np.arange(n)
    length = np.bincount(atoms.stroke, atoms.length, minlength=len(street))
    mine = np.flatnonzero((single & (street >= 0))[atoms.stroke])
    if not len(mine):
        return host
    ends = [shapely.get_coordinates(shapely.line_interpolate_point(atoms.lines[atoms.stroke], at)) for at in (atoms.begin, atoms.end)]
    middle = atoms.middle
    step = ends[1] - ends[0]
    step /= np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    bent = shapely.linestrings(np.stack((ends[0], middle, ends[1]), axis=1))
    place, other = shapely.STRtree(bent).query(shapely.points(middle[mine]), predicate="dwithin", distance=apart)
    one, own = mine[place], atoms.stroke[mine[place]]
    stroke = atoms.stroke[other]
    rank = np.empty(len(street), np.int64)
    rank[np.lexsort((np.arange(len(street)), length))] = np.arange(len(street))
    beside = (street[own] == street[stroke]) & (rank[stroke] > rank[own]) & (np.abs((step[one] * step[other]).sum(axis=1)) >= _ALONG)
    pairs = np.unique(np.column_stack((own, stroke, one))[beside], axis=0)  # an atom counts once beside a stroke
    if not len(pairs):
        return host
    key, of = np.unique(pairs[:, :2], axis=0, return_inverse=True)
    covered = np.bincount(of.ravel(), atoms.length[pairs[:, 2]])
    enough = covered >= share * length[key[:, 0]]
    best = np.lexsort((-rank[key[:, 1]], -covered, key[:, 0]))
    best = best[enough[best]]
    main = np.full(len(street), -1)
    main[key[best[::-1], 0]] = key[best[::-1], 1]  # the one that covers most is written last
    first = np.searchsorted(atoms.stroke, np.arange(len(street) + 1))  # atoms are in the order of their strokes
    for twin in np.flatnonzero(main >= 0).tolist():
        ours, theirs = (np.arange(first[of], first[of + 1]) for of in (twin, main[twin]))
        along = shapely.line_locate_point(atoms.lines[main[twin]], shapely.points(middle[ours]))
        host[ours] = theirs[np.clip(np.searchsorted(atoms.begin[theirs], along, side="right") - 1, 0, len(theirs) - 1)]
    while np.any(host[host] != host):  # beside one that is itself beside another, always a longer one
        host = host[host]
    return host
