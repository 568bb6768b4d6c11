"""Even out: a proposal of moves that bring a grid into its band, shown as arrows and accepted one by one."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.several import Several
from gridplanner.i18n import _, ngettext
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.project import Project
from gridplanner.planning.evening import Evening, Transfer, propose_evening
from ui.figures import amount
from ui.map.tools.counts import Counts
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class EvenOut:
    """Enter makes the next move, Shift and Enter all of them, Escape leaves those that are not made yet."""

    cursor = "PointingHandCursor"

    def start(self, reach: Reach) -> Drag | None:
        """Begin with the grid that is selected, where there is just one."""
        plan = reach.project.grids
        return self._offer(reach.project, reach.chosen[0]) if plan is not None and len(reach.chosen) == 1 else None

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        plan = reach.project.grids
        if plan is None or press.unit < 0 or int(plan.labels[press.unit]) not in plan.grids:
            return None
        return (yield from self._offer(reach.project, int(plan.labels[press.unit])))

    def _offer(self, project: Project, grid: int) -> Drag:
        """Show the moves for a grid; a press on another grid makes a proposal for that one."""
        assert project.grids is not None
        evening, now, edit = propose_evening(project, grid), 0, None
        while True:
            pointer = yield _preview(project, grid, evening, now, edit)
            edit = None
            if pointer.pressed and pointer.unit >= 0 and not now:
                other = int(project.grids.labels[pointer.unit])
                if other in project.grids.grids and other != grid:
                    grid, evening = other, propose_evening(project, other)
            elif pointer.accepted:
                left = evening.transfers[now:]
                if not left:
                    return None
                if pointer.more or len(left) == 1:
                    return _edit(project, left)
                edit, now = _edit(project, left[:1]), now + 1


def _edit(project: Project, transfers: tuple[Transfer, ...]) -> Edit:
    assert project.grids is not None
    codes = {grid: known.code for grid, known in project.grids.grids.items()}
    edits = tuple(MoveUnits(transfer.units, transfer.to, codes[transfer.to]) for transfer in transfers)
    if len(edits) == 1:
        return edits[0]
    words = ngettext("Even out a grid with {n} move", "Even out a grid with {n} moves", len(edits))
    return Several(words.format(n=len(edits)), edits)


def _preview(project: Project, grid: int, evening: Evening, now: int, edit: Edit | None) -> Preview:
    counts = Counts(project)
    left = evening.transfers[now:]
    why = _(evening.why).format(**evening.places) if evening.why else ""
    if not left:
        return Preview(tallies=(counts.tally(grid),), warning=why, hint=why, refused=not evening.done)
    change: dict[int, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for transfer in evening.transfers:
        amounts = counts.of(transfer.units)
        for key, sign in ((transfer.source, -1.0), (transfer.to, 1.0)):
            change[key] = change.get(key, np.zeros(2)) + sign * amounts
    arrows = np.array([_arrow(project, transfer) for transfer in left])
    count, by_homes = len(left), counts.band.households is not None
    hint = ngettext(
        "Even out: {n} move; Enter makes it, Esc leaves it",
        "Even out: {n} moves; Enter makes the next one, Shift+Enter all, Esc leaves the rest", count,
    )  # fmt: skip
    return Preview(
        frozenset(unit for transfer in left for unit in transfer.units),
        arrows=arrows,
        notes=tuple((_("{n} hh") if by_homes else _("{n} persons")).format(n=amount(transfer.households)) for transfer in left),
        tallies=tuple(counts.tally(key, change[key]) for key in (grid, *(key for key in change if key != grid))),
        words=_("Enter accepts"),
        warning=why,
        hint=hint.format(n=count),
        edit=edit,
    )


def _arrow(project: Project, transfer: Transfer) -> list[float]:
    """Return an arrow from amid the units that move, over the border, as far again into the grid that they go to."""
    ground = neighbourhood_of(project, (transfer.to,), transfer.units)
    moving = np.isin(ground.rows, transfer.units)
    start = ground.middle[moving].mean(axis=0)
    rest = ground.middle[~moving]
    goal = rest[np.argsort(((rest - start) ** 2).sum(axis=1))[: max(len(rest) // 2, 1)]].mean(axis=0)
    return [*start.tolist(), *goal.tolist()]
