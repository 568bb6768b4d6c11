"""A guarded line to be divided among guards, what is wished of the division, and the division."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields

import numpy as np

from algorithms.errors import Infeasible
from algorithms.network.polylines import Bools, Floats, Ints

_F, _I, _B = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, bool)
_UNSAID = {"stop": 0, "guards": 1, "squad": -1, "guard": -1}
TOLD = ("longest", "shortest", "guards", "squads", "pieces")


class CannotDivide(Infeasible):
    """No division keeps the limits: `limit` is one of TOLD, and the rest is the nearest that can be, 0 where nothing helps.

    `longest`: segments of at most so many metres do not reach with so many guards, or one piece without a break is longer; `shortest`: so
    many guards have no room; `guards`: fewer guards than separate stretches; `pieces`: more guards than pieces; `squads`: a post's guards
    fit into no squad where it lies, or more guards of a squad are held than it has. `guards` is the nearest number of guards that can,
    `metres` the nearest limit of length (`longest`: least possible greatest length with the guards given).
    """

    def __init__(self, text: str, limit: str, guards: int = 0, metres: float = 0.0) -> None:
        super().__init__(text)
        self.limit, self.guards, self.metres = limit, guards, metres


@dataclass(frozen=True, eq=False)
class Held:
    """Runs of atoms `start` to before `stop` (h,) that are segments as they are: fixed posts and locked segments, in line order.

    `guards` (h,) stand in each. `squad` (h,) is whose they are, -1: of the squad whose turn it is there; `guard` (h,) the number of the
    first within its squad, counted from 0, where the squad is given; -1, or one that the squad does not have or has given: by its turn.
    Their work counts in nobody's balance. Runs must not overlap.
    """

    start: Ints = field(default_factory=lambda: _I)
    stop: Ints = field(default_factory=lambda: _I)
    guards: Ints = field(default_factory=lambda: _I)
    squad: Ints = field(default_factory=lambda: _I)
    guard: Ints = field(default_factory=lambda: _I)

    def __post_init__(self) -> None:
        n = len(self.start)
        for item in fields(self):
            given = np.asarray(getattr(self, item.name), np.int64)
            if len(given) not in (0, n):
                raise ValueError("start, stop, guards, squad and guard of held runs need one value each")
            object.__setattr__(self, item.name, given if len(given) == n else np.full(n, _UNSAID[item.name], np.int64))
        _read_only(self)

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False)
class LineWork:
    """Atoms in line order, line after line, and the squads that guard them in that order.

    `work` (n,), not negative; `squads` (s,) guards of each squad, those in `held` counted. Segments begin at atoms: only where `open` (n,),
    rather where `wish` (n,) > 0, and always where `wall` (n,), open or not (a line begins, a jurisdiction ends). Empty arrays: open
    everywhere, no wishes, no walls. `metres` (n,) are the atoms' lengths, empty: 1 each. `access` (n,) or (s, n) are seconds to each
    atom (from the base of each squad), empty: 0; a segment's are the least of its atoms, and an atom without a way (inf) counts as the
    farthest that has one.
    """

    work: Floats
    squads: Ints
    metres: Floats = field(default_factory=lambda: _F)
    open: Bools = field(default_factory=lambda: _B)
    wish: Floats = field(default_factory=lambda: _F)
    wall: Bools = field(default_factory=lambda: _B)
    held: Held = field(default_factory=Held)
    access: Floats = field(default_factory=lambda: _F)

    def __post_init__(self) -> None:
        n = len(self.work)
        for name, kind, empty in (("metres", float, 1.0), ("open", bool, True), ("wish", float, 0.0), ("wall", bool, False)):
            given = np.asarray(getattr(self, name), kind)
            object.__setattr__(self, name, given if len(given) else np.full(n, empty, kind))
        object.__setattr__(self, "work", np.asarray(self.work, np.float64))
        object.__setattr__(self, "squads", np.asarray(self.squads, np.int64))
        _read_only(self)
        _refuse_bad(self)


@dataclass(frozen=True)
class DivideParams:
    """What is traded for a wished break, and the limits of a segment.

    For the sake of wished breaks alone the heaviest load may be heavier than the least possible, by the share `give` and, where access
    costs nothing, up to `even` times the mean work. A break wished with 1 is worth as much squared deviation as two neighbours that are
    each `reach` of the mean work off the mean: about as far as a break is drawn. `shortest` and `longest` are metres; a stretch between
    walls that is shorter than `shortest` is one segment. A second of access counts as `access_weight` units of work.
    """

    give: float = 0.01
    even: float = 1.02
    reach: float = 0.05
    shortest: float = 0.0
    longest: float = math.inf
    access_weight: float = 0.0


@dataclass(frozen=True, eq=False)
class Division:
    """Segments that tile the line, in line order: atoms `start` to before `stop` (k,).

    `work` (k,) is that of their atoms, `load` (k,) work and weighted access, `access` (k,) seconds. `squad` and `guard` (k,) are whose,
    counted from 0, the first of its `guards` (k,); `held` (k,) the row of the held run that it is, else -1.

    Of the segments that are not held: `value` is the heaviest load, `bound` the least that any division within the limits can have
    (proven), `mean` the mean load, `piece` the work of the heaviest piece without a place to break (above the mean: no division is
    even), `wished` the sum of wishes at the breaks. `status` is optimal: both steps are exact.
    """

    start: Ints
    stop: Ints
    work: Floats
    load: Floats
    access: Floats
    guards: Ints
    squad: Ints
    guard: Ints
    held: Ints
    value: float
    bound: float
    mean: float
    piece: float
    wished: float
    status: str = "optimal"

    def __post_init__(self) -> None:
        _read_only(self)

    def __len__(self) -> int:
        return len(self.start)


def _read_only(value: object) -> None:
    for item in fields(value):  # type: ignore[arg-type]
        given = getattr(value, item.name)
        if isinstance(given, np.ndarray):
            given = given.view()  # whose array it was may go on writing to it
            given.setflags(write=False)
            object.__setattr__(value, item.name, given)


def _refuse_bad(line: LineWork) -> None:
    n, squads = len(line.work), len(line.squads)
    if any(len(getattr(line, name)) != n for name in ("metres", "open", "wish", "wall")):
        raise ValueError("metres, open, wish and wall need one value an atom")
    for name in ("work", "metres", "wish"):
        if not np.all(np.isfinite(getattr(line, name))) or np.any(getattr(line, name) < 0):
            raise ValueError(f"{name} must be finite and not negative")
    if not n or not squads or np.any(line.squads < 1):
        raise ValueError("a line needs atoms, and every squad a guard")
    if line.access.size and line.access.shape not in ((n,), (squads, n)):
        raise ValueError("access needs one value an atom, or one a squad and atom")
    held = line.held
    if len(held):
        ends = np.column_stack((held.start, held.stop)).ravel()
        if np.any(np.diff(ends) < 0) or np.any(held.start >= held.stop) or ends[0] < 0 or ends[-1] > n:
            raise ValueError("held runs must follow one another along the line and not overlap")
        if np.any(held.guards < 1) or np.any(held.squad < -1) or np.any(held.squad >= squads):
            raise ValueError("a held run needs guards and a squad that there is")
