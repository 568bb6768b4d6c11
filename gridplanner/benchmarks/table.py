"""What a benchmark found: one row a measure, beside its bar and its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One measure: its value, the bar it must keep (None: none), whether it does, and the same measure of the peers."""

    case: str
    measure: str
    value: float
    unit: str = ""
    bar: str = ""
    ok: bool | None = None
    peers: dict[str, float] = field(default_factory=dict)


def at_most(case: str, measure: str, value: float, bar: float | None, unit: str = "", peers: dict[str, float] | None = None) -> Row:
    """Return a row whose value should not exceed the bar."""
    return Row(case, measure, value, unit, "" if bar is None else f"≤ {bar:g}", None if bar is None else value <= bar, peers or {})


def at_least(case: str, measure: str, value: float, bar: float | None, unit: str = "", peers: dict[str, float] | None = None) -> Row:
    """Return a row whose value should reach the bar."""
    return Row(case, measure, value, unit, "" if bar is None else f"≥ {bar:g}", None if bar is None else value >= bar, peers or {})


def print_table(rows: Sequence[Row]) -> None:
    """Print rows as an aligned table on standard output."""
    lines = [("case", "measure", "value", "bar", "ok", "peers")]
    for row in rows:
        peers = ", ".join(f"{name} {value:.4g}" for name, value in row.peers.items())
        verdict = "" if row.ok is None else ("yes" if row.ok else "NO")
        lines.append((row.case, row.measure, f"{row.value:.4g} {row.unit}".strip(), row.bar, verdict, peers))
    widths = [max(len(line[i]) for line in lines) for i in range(6)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
