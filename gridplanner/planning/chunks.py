"""A province taken apart into groups of communities that are planned one after another, each small enough for the memory."""

from __future__ import annotations

import numpy as np
import shapely

from gridplanner.code_profiles import CodeProfile
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Communities

MOST = 200_000  # households of a chunk: a street office is a tenth of that, and planning them takes about half a gigabyte


def chunks_of(communities: Communities, households: Floats, profile: CodeProfile, most: float) -> list[Ints]:
    """Return the rows of the communities of each chunk, which together hold every community once.

    A street office (the first nine digits of its communities' codes) stays whole where it holds no more than `most` households, and
    communities whose grids are numbered together stay together whatever they hold; of these atoms, chunks are made by halving along the
    longer side until none holds more than `most`. So a chunk is a patch of land, and depends on the communities and their households alone.
    """
    office, held = _groups([code[:9] for code in communities.codes.tolist()], households)
    frame = _groups([repr(profile.frame(code)) for code in communities.codes.tolist()], households)[0]
    row = np.arange(len(communities))
    atom = np.where(held[office] <= most, office, len(communities) + row)
    atom = np.unique(_joined(atom, frame), return_inverse=True)[1]
    weight = np.asarray(np.bincount(atom, households), np.float64)
    box = shapely.bounds(communities.polygons)
    centre = (box[:, :2] + box[:, 2:]) / 2
    size = np.bincount(atom)
    xy = np.column_stack([np.bincount(atom, column) / size for column in centre.T])
    members = np.argsort(atom, kind="stable").astype(np.int32)
    start = np.concatenate(([0], np.cumsum(size)))
    chunks = []
    for atoms in _halved(xy, weight, most):
        rows = np.concatenate([members[start[a] : start[a + 1]] for a in atoms.tolist()])
        chunks.append(np.sort(rows))
    return _none_empty(chunks, centre, households)


def _none_empty(chunks: list[Ints], centre: Floats, households: Floats) -> list[Ints]:
    """Return chunks after those where nobody lives joined the nearest where somebody does."""
    held = np.array([households[rows].sum() for rows in chunks])
    if not (held > 0).any() or (held > 0).all():
        return chunks
    middle = np.array([centre[rows].mean(axis=0) for rows in chunks])
    lived = np.flatnonzero(held > 0)
    out = {int(chunk): [chunks[chunk]] for chunk in lived}
    for empty in np.flatnonzero(held == 0).tolist():
        away = np.hypot(*(middle[lived] - middle[empty]).T)
        out[int(lived[np.argmin(away)])].append(chunks[empty])
    return [np.sort(np.concatenate(rows)) for rows in out.values()]


def _groups(keys: list[str], households: Floats) -> tuple[Ints, Floats]:
    """Return the number of each row's key and what the rows of each key hold."""
    group = np.unique(np.array(keys), return_inverse=True)[1].astype(np.int32)
    return group, np.asarray(np.bincount(group, households), np.float64)


def _joined(atom: Ints, frame: Ints) -> Ints:
    """Return atoms after those that share a frame were joined."""
    label = atom.astype(np.int64)
    while True:
        least = np.full(int(frame.max(initial=0)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(least, frame, label)
        known, group = np.unique(label, return_inverse=True)
        lowest = np.full(len(known), np.iinfo(np.int64).max)
        np.minimum.at(lowest, group, least[frame])
        if (lowest[group] == label).all():
            return label
        label = lowest[group]


def _halved(xy: Floats, weight: Floats, most: float) -> list[Ints]:
    """Return groups of places, each halved by weight across its longer side until it weighs no more than `most` or is one place."""
    done: list[Ints] = []
    open_groups = [np.arange(len(xy), dtype=np.int32)]
    while open_groups:
        group = open_groups.pop()
        if len(group) == 1 or weight[group].sum() <= most:
            done.append(group)
            continue
        axis = int(np.argmax(np.ptp(xy[group], axis=0)))
        order = group[np.lexsort((group, xy[group, axis]))]
        half = np.cumsum(weight[order])
        at = min(max(int(np.searchsorted(half, half[-1] / 2)) + 1, 1), len(order) - 1)
        open_groups += [order[at:], order[:at]]
    return done
