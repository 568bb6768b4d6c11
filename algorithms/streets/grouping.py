"""Atoms of streets in stretches while these are searched for: who touches whom, in how many lines, and whether it hangs together."""

from __future__ import annotations

import heapq

import numpy as np
from scipy.spatial import cKDTree

from algorithms.network.polylines import Floats, Ints
from algorithms.streets.problem import StretchProblem


class Grouping:
    """A labelling of the atoms that can be changed; rows are those of the atoms that go with no other.

    `label` of each atom, `members` of each stretch in rising order, `weight` of each; `neighbours` of an atom are those that share a
    node with it; `before` and `after` it on its stroke, -1 for none.
    """

    def __init__(self, problem: StretchProblem, free: Ints, weight: Floats, label: Ints) -> None:
        self.atom_weight: list[float] = weight.tolist()
        self.label: list[int] = label.tolist()
        self.street: list[int] = problem.street[free].tolist()
        self.middle = problem.middle[free]
        self.tree = cKDTree(self.middle)
        self.members: dict[int, list[int]] = {}
        for atom, group in enumerate(self.label):
            self.members.setdefault(group, []).append(atom)
        self.weight = {g: sum(self.atom_weight[a] for a in atoms) for g, atoms in self.members.items()}
        self.neighbours = _neighbours(problem.tail[free], problem.head[free])
        stroke = problem.stroke[free]
        follows = np.append(stroke[1:] == stroke[:-1], False)
        rows = np.arange(len(free))
        self.after: list[int] = np.where(follows, rows + 1, -1).tolist()
        self.before: list[int] = np.where(np.append(False, follows[:-1]), rows - 1, -1).tolist()

    def touching(self, group: int) -> list[int]:
        """Return the other stretches that share a node with one, rising."""
        label = self.label
        return sorted({label[b] for a in self.members[group] for b in self.neighbours[a]} - {group})

    def share_street(self, one: int, other: int) -> bool:
        """Whether two stretches have a street of one name in common."""
        streets = {self.street[a] for a in self.members[one]} - {-1}
        return any(self.street[a] in streets for a in self.members[other])

    def near(self, group: int, gap: float) -> list[int]:
        """Return the stretches with an atom whose middle lies within `gap` metres of that of an atom of one, the nearest first."""
        nearest: dict[int, float] = {}
        for atom, around in zip(self.members[group], self.tree.query_ball_point(self.middle[self.members[group]], gap), strict=True):
            metres = np.hypot(*(self.middle[around] - self.middle[atom]).T).tolist()
            for b, distance in zip(around, metres, strict=True):
                nearest[self.label[b]] = min(distance, nearest.get(self.label[b], np.inf))
        nearest.pop(group, None)
        return sorted(nearest, key=lambda g: (nearest[g], g))

    def join(self, one: int, other: int) -> int:
        """Put the atoms of two stretches into the first; returns its number."""
        for atom in self.members[other]:
            self.label[atom] = one
        self.members[one] = sorted(self.members[one] + self.members.pop(other))
        self.weight[one] += self.weight.pop(other)
        return one

    def move(self, atoms: list[int], to: int) -> None:
        """Move atoms of one stretch into another; the first must keep one at least."""
        origin = self.label[atoms[0]]
        moved = sum(self.atom_weight[a] for a in atoms)
        gone = set(atoms)
        self.members[origin] = [a for a in self.members[origin] if a not in gone]
        self.members[to] = sorted(self.members[to] + atoms)
        self.weight[origin] -= moved
        self.weight[to] += moved
        for atom in atoms:
            self.label[atom] = to

    def halve(self, group: int) -> int:
        """Divide a stretch in two of about equal weight, neither in more pieces than it was; returns the number of the new one."""
        part = self.cuts(self.members[group], self.weight[group] / 2, 1)[0]
        new = max(self.members) + 1
        self.members[new], self.weight[new] = [], 0.0
        self.move(sorted(part), new)
        return new

    def cuts(self, atoms: list[int], aim: float, most: int) -> list[set[int]]:
        """Return parts of some atoms that weigh about `aim`; neither a part nor the rest is in more pieces than the atoms were.

        What hangs on one atom of a walk through them is cut off with it, or all but that. Of two walks, from the westernmost atom and
        from where that walk ends, each gives `most` parts at most, the nearest to the aim first.
        """
        found: list[set[int]] = []
        start = min(atoms, key=lambda a: (self.middle[a, 0], a))
        for _walk in range(2 if most > 1 else 1):
            order, parent = self._walk(atoms, start)
            hanging = {atom: self.atom_weight[atom] for atom in order}
            for atom in reversed(order):
                if parent[atom] >= 0:
                    hanging[parent[atom]] += hanging[atom]
            whole = sum(self.atom_weight[a] for a in atoms)
            off = {a: min(abs(hanging[a] - aim), abs(whole - hanging[a] - aim)) for a in order if hanging[a] < whole - 1e-12}
            place = {atom: row for row, atom in enumerate(order)}
            for root in heapq.nsmallest(most, off, key=lambda a: (off[a], a)):
                part = {root}
                for atom in order[place[root] + 1 :]:
                    if parent[atom] in part:
                        part.add(atom)
                found.append(part if abs(hanging[root] - aim) <= off[root] else set(order) - part)
            start = order[-1]
        return found

    def put(self, atoms: list[int], group: int) -> None:
        """Make some atoms all that a stretch is; those that it had must be put elsewhere."""
        self.members[group] = atoms
        self.weight[group] = sum(self.atom_weight[a] for a in atoms)
        for atom in atoms:
            self.label[atom] = group

    def run_of(self, atom: int) -> list[int]:
        """Return the atoms before and after one on its stroke that are in the same stretch, itself among them."""
        group, low, high = self.label[atom], atom, atom
        while self.before[low] >= 0 and self.label[self.before[low]] == group:
            low = self.before[low]
        while self.after[high] >= 0 and self.label[self.after[high]] == group:
            high = self.after[high]
        return list(range(low, high + 1))

    def more_runs(self, atoms: list[int], to: int) -> int:
        """Return by how many lines the stretches grow in number where consecutive atoms of one stroke move."""
        origin = self.label[atoms[0]]
        ends = [self.before[atoms[0]], self.after[atoms[-1]]]
        left = sum(1 for end in ends if end >= 0 and self.label[end] == origin)
        met = sum(1 for end in ends if end >= 0 and self.label[end] == to)
        return (left - 1) + (1 - met)

    def pieces(self, atoms: list[int]) -> int:
        """Return into how many connected pieces some atoms fall."""
        left, count = set(atoms), 0
        while left:
            count += 1
            stack = [left.pop()]
            while stack:
                near = [b for b in self.neighbours[stack.pop()] if b in left]
                left.difference_update(near)
                stack += near
        return count

    def _walk(self, atoms: list[int], start: int) -> tuple[list[int], dict[int, int]]:
        """Return atoms depth first from one of them, on along the line before turning off, and whence each is met."""
        inside = set(atoms)
        order: list[int] = []
        parent: dict[int, int] = {}
        while inside:
            stack = [(start if start in inside else min(inside, key=lambda a: (self.middle[a, 0], a)), -1)]
            while stack:
                atom, whence = stack.pop()
                if atom not in inside:
                    continue
                inside.discard(atom)
                order.append(atom)
                parent[atom] = whence
                onward = (self.before[atom], self.after[atom])
                near = sorted((b for b in self.neighbours[atom] if b in inside), key=lambda b: (b in onward, -b))
                stack += [(b, atom) for b in near]
        return order, parent


def _neighbours(tail: Ints, head: Ints) -> list[list[int]]:
    """Return for every atom those that share a node with it, rising."""
    at_node: dict[int, list[int]] = {}
    ends = list(zip(tail.tolist(), head.tolist(), strict=True))
    for atom, nodes in enumerate(ends):
        for node in set(nodes):
            at_node.setdefault(node, []).append(atom)
    return [sorted({b for node in nodes for b in at_node[node]} - {atom}) for atom, nodes in enumerate(ends)]
