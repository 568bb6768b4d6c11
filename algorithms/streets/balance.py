"""Move atoms between stretches that touch until no move makes their weights more even."""

from __future__ import annotations

from algorithms.progress import SILENT, Progress
from algorithms.streets.grouping import Grouping
from algorithms.streets.problem import StretchParams

_SMALL = 1e-9
_CUTS = {2: 6, 3: 3}  # by how many parts are left to make: ways of cutting the next one off that are looked at from each end
_WORTH = {2: 1e-9, 3: 0.01}  # by how many there are: what a new cut could gain at most, in squares of the mean, to be looked for
_UNEVEN = 0.15  # of the mean: stretches farther from it are cut anew with two others


def even_out(grouping: Grouping, mean: float, params: StretchParams, progress: Progress = SILENT) -> tuple[int, bool]:
    """Change a grouping by the best move of each atom in turn, over and over; returns (moves, whether it came to an end).

    A move takes an atom, or the whole line of its stretch that it is in, to a stretch that it touches. It is made where the sum of
    squared deviations from the mean plus the price of lines becomes less, and the stretch that it leaves is not broken.
    """
    moves = 0
    dirty = set(range(len(grouping.label)))
    for sweep in range(params.sweeps):
        progress.check()
        progress.report(sweep / params.sweeps)
        if progress.should_finish():
            return moves, False
        look, dirty = sorted(dirty), set()
        for atom in look:
            change = _best_move(grouping, atom, mean, params.run_price * mean * mean)
            if change is None:
                continue
            atoms, to = change
            origin = grouping.label[atom]
            grouping.move(atoms, to)
            moves += 1
            for group in (origin, to):  # whatever touches the two may move differently now
                for a in grouping.members[group]:
                    dirty.add(a)
                    dirty.update(grouping.neighbours[a])
        if not dirty:
            return moves, True
    return moves, False


def divide_anew(grouping: Grouping, mean: float, params: StretchParams, progress: Progress = SILENT) -> int:
    """Join stretches that touch and cut them anew where that is better, over and over; returns how often it was.

    Single moves come to rest where each of them is too large; a new cut moves many atoms at once, both ways. All pairs are looked at,
    and threes in a row about stretches that are far from the mean. What is better is said in `even_out`.
    """
    done = 0
    price = params.run_price * mean * mean
    waiting = sorted(grouping.members)
    for sweep in range(params.sweeps):
        changed: set[int] = set()
        for row, one in enumerate(waiting):
            progress.check()
            progress.report(1.0 - 0.5**sweep * (1.0 - 0.5 * row / len(waiting)))
            if progress.should_finish():
                return done
            for together in _around(grouping, one, far=abs(grouping.weight[one] - mean) > _UNEVEN * mean):
                if _cut_anew(grouping, together, mean, price):
                    changed.update(together)
                    done += 1
        waiting = sorted(changed)
        if not waiting:
            break
    return done


def _around(grouping: Grouping, one: int, far: bool) -> list[tuple[int, ...]]:
    """Return the pairs of a stretch with those that touch it, and where it is far from the mean also those in a row of three."""
    beside = grouping.touching(one)
    pairs: list[tuple[int, ...]] = [(one, other) for other in beside]
    if not far:
        return pairs
    threes = {tuple(sorted((one, other, third))) for other in beside for third in grouping.touching(other) if third not in {one, other}}
    return pairs + sorted(threes)


def _cut_anew(grouping: Grouping, together: tuple[int, ...], mean: float, price: float) -> bool:
    """Cut stretches that touch into as many anew where that is better; returns whether it was."""
    sides = [set(grouping.members[group]) for group in together]
    weights = [grouping.weight[group] for group in together]
    spread = sum((part - mean) ** 2 for part in weights)
    atoms = set[int]().union(*sides)
    before = spread + price * _joints(grouping, sides)
    even = sum(weights) / len(weights)
    if before - len(weights) * (even - mean) ** 2 < _WORTH[len(weights)] * mean * mean:
        return False
    if grouping.pieces(list(atoms)) + len(sides) - 1 > sum(grouping.pieces(list(side)) for side in sides):
        return False  # they no longer touch, and would fall apart
    found = _divided(grouping, atoms, len(sides), mean, price)
    if found is None or found[0] > before - _SMALL * mean * mean:
        return False
    parts = found[1]
    for group, side in zip(together, sides, strict=True):  # each keeps its number where most of it is
        part = max(parts, key=lambda atoms: len(atoms & side))
        parts.remove(part)
        grouping.put(sorted(part), group)
    return True


def _divided(grouping: Grouping, atoms: set[int], count: int, mean: float, price: float) -> tuple[float, list[set[int]]] | None:
    """Return the best way found to cut atoms into some parts, and what it costs; None where there is none."""
    whole = sum(grouping.atom_weight[a] for a in atoms)
    best: tuple[float, list[set[int]]] | None = None
    for part in grouping.cuts(sorted(atoms), whole / count, _CUTS[count]):
        rest = atoms - part
        weight = sum(grouping.atom_weight[a] for a in part)
        cost = (weight - mean) ** 2 + price * _joints(grouping, [part, rest])
        if best is not None and cost + (count - 1) * ((whole - weight) / (count - 1) - mean) ** 2 >= best[0]:
            continue
        if count == 2:
            best = (cost + (whole - weight - mean) ** 2, [part, rest])
        elif (more := _divided(grouping, rest, count - 1, mean, price)) is not None and (best is None or cost + more[0] < best[0]):
            best = (cost + more[0], [part, *more[1]])
    return best


def _joints(grouping: Grouping, parts: list[set[int]]) -> int:
    """Return how often a line runs on from one part to another."""
    of = {atom: number for number, part in enumerate(parts) for atom in part}
    return sum(after in of and of[after] != number for atom, number in of.items() if (after := grouping.after[atom]) >= 0)


def _best_move(grouping: Grouping, atom: int, mean: float, price: float) -> tuple[list[int], int] | None:
    """Return the atoms to move and where to, None where nothing gets better."""
    origin = grouping.label[atom]
    targets = {grouping.label[b] for b in grouping.neighbours[atom]} - {origin}
    if not targets:
        return None
    found: list[tuple[float, int, int, list[int]]] = []
    run = grouping.run_of(atom)
    for atoms in ([atom], run) if len(run) > 1 else ([atom],):
        if len(atoms) == len(grouping.members[origin]):
            continue
        weight = sum(grouping.atom_weight[a] for a in atoms)
        out = (grouping.weight[origin] - weight - mean) ** 2 - (grouping.weight[origin] - mean) ** 2
        for to in targets:
            into = (grouping.weight[to] + weight - mean) ** 2 - (grouping.weight[to] - mean) ** 2
            change = out + into + price * grouping.more_runs(atoms, to)
            if change < -_SMALL * mean * mean:
                found.append((change, to, len(atoms), atoms))
    for _change, to, _count, atoms in sorted(found):
        rest = set(grouping.members[origin]) - set(atoms)
        if grouping.pieces(list(rest)) <= grouping.pieces(grouping.members[origin]):
            return atoms, to
    return None
