"""Which grids are selected, and which of them tools work on."""

from __future__ import annotations

from collections.abc import Container, Sequence

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Grids in the order in which they were chosen, the latest in front; `changed` follows every other choice."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selected: int | None = None
        self.others: frozenset[int] = frozenset()

    @property
    def chosen(self) -> tuple[int, ...]:
        """All of them, the one that tools work on in front."""
        return () if self.selected is None else (self.selected, *sorted(self.others))

    def take(self, grids: Sequence[int]) -> None:
        """Select grids and no others."""
        if (selected := grids[0] if grids else None) != self.selected or frozenset(grids[1:]) != self.others:
            self.selected, self.others = selected, frozenset(grids[1:])
            self.changed.emit()

    def take_beside(self, grid: int) -> None:
        """Select a grid beside the others, or take it out of the selection."""
        rest = [other for other in self.chosen if other != grid]
        self.take(rest if grid in self.chosen else [grid, *rest])

    def keep(self, there: Container[int]) -> None:
        """Forget grids that are no longer there, and say nothing: who takes them away shows everything anew."""
        left = [grid for grid in self.chosen if grid in there]
        if len(left) != len(self.chosen):
            self.selected, self.others = (left[0], frozenset(left[1:])) if left else (None, frozenset())
