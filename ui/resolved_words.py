"""What came of dividing grids anew, as the status line says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridplanner.i18n import _, ngettext

if TYPE_CHECKING:
    from gridplanner.planning.resolve import Resolved

TELLING = 0.25  # share of the cost above which a bound says nothing of use


def resolved_words(found: Resolved) -> str:
    """Return what became of it, and what is proven, in one sentence."""
    text = ngettext("{k} grid, {n} households change grid", "{k} grids, {n} households change grid", found.number)
    said = text.format(k=found.number, n=f"{found.moved:,.0f}")
    if found.status == "optimal" and found.columns:
        return _("{said}; proven best of {columns} possible grids").format(said=said, columns=f"{found.columns:,}")
    if found.status == "optimal":
        return _("{said}; proven best").format(said=said)
    if found.status == "gap" and found.gap <= TELLING:
        return _("{said}; at most {percent} % dearer than the best").format(said=said, percent=f"{100 * found.gap:.1f}")
    return _("{said}; not proven best").format(said=said)
