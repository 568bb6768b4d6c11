"""Move atoms between stretches that touch until no move makes their weights more even."""

from __future__ import annotations

from algorithms.progress import SILENT, Progress
from algorithms.streets.grouping import Grouping
from algorithms.streets.problem import StretchParams

_SMALL = 1e-9
_CUTS = 6  # ways of cutting two stretches anew that are looked at from each end


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


def divide_pairs(grouping: Grouping, mean: float, params: StretchParams, progress: Progress = SILENT) -> int:
    """Join two stretches that touch and cut them in two anew where that is better, over and over; returns how often it was.

    Single moves come to rest where every one of them is too large; a new cut of two moves many atoms at once, both ways. What is
    better is said in `even_out`.
    """
    done = 0
    price = params.run_price * mean * mean
    waiting = sorted(grouping.members)
    for sweep in range(params.sweeps):
        progress.check()
        progress.report(sweep / params.sweeps)
        if progress.should_finish() or not waiting:
            break
        changed: set[int] = set()
        for one in waiting:
            for other in grouping.touching(one):
                if _cut_anew(grouping, one, other, mean, price):
                    changed |= {one, other}
                    done += 1
        waiting = sorted(changed)
    return done


def _cut_anew(grouping: Grouping, one: int, other: int, mean: float, price: float) -> bool:
    """Cut two stretches that touch in two anew where that is better; returns whether it was."""
    weight = (grouping.weight[one], grouping.weight[other])
    spread = sum((part - mean) ** 2 for part in weight)
    half = sum(weight) / 2
    sides = [set(grouping.members[group]) for group in (one, other)]
    joints = grouping.joints(*sides)
    if spread - 2 * (half - mean) ** 2 + price * joints < _SMALL * mean * mean:
        return False
    best: tuple[float, int, set[int]] | None = None
    both = sorted(sides[0] | sides[1])
    for row, (off, part) in enumerate(grouping.cuts(both, _CUTS)):
        gain = spread - 2 * ((half - mean) ** 2 + off**2)
        if gain + price * joints > (best[0] if best is not None else _SMALL * mean * mean):
            gain += price * (joints - grouping.joints(part, (sides[0] | sides[1]) - part))
            if gain > (best[0] if best is not None else _SMALL * mean * mean):
                best = (gain, row, part)
    if best is None:
        return False
    part = best[2]
    if len(part & sides[0]) < len(part & sides[1]):
        part = (sides[0] | sides[1]) - part
    rest = (sides[0] | sides[1]) - part
    for moved, to in ((part & sides[1], one), (rest & sides[0], other)):
        if moved:
            grouping.move(sorted(moved), to)
    return True


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
