"""What a benchmark found: one row a measure, beside its bar and its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One measure: its value, the bar it must keep (None: none), whether it does, and the same measure of the peers.

    Over several seeds `value` and `peers` are medians, `worst` and `peers_worst` the worst seed; `stopped` names the peers that were
    stopped, with the seconds that they had been given.
    """

    case: str
    measure: str
    value: float
    unit: str = ""
    bar: str = ""
    ok: bool | None = None
    peers: dict[str, float] = field(default_factory=dict)
    worst: float | None = None
    peers_worst: dict[str, float] = field(default_factory=dict)
    stopped: dict[str, float] = field(default_factory=dict)


def at_most(case: str, measure: str, value: float, bar: float | None, unit: str = "", peers: dict[str, float] | None = None) -> Row:
    """Return a row whose value should not exceed the bar."""
    return Row(case, measure, value, unit, "" if bar is None else f"≤ {bar:g}", None if bar is None else value <= bar, peers or {})


def at_least(case: str, measure: str, value: float, bar: float | None, unit: str = "", peers: dict[str, float] | None = None) -> Row:
    """Return a row whose value should reach the bar."""
    return Row(case, measure, value, unit, "" if bar is None else f"≥ {bar:g}", None if bar is None else value >= bar, peers or {})


def print_table(rows: Sequence[Row]) -> None:
    """Print rows as an aligned table on standard output; a worst seed stands in brackets behind its median."""
    lines = [("case", "measure", "value", "bar", "ok", "peers")]
    for row in rows:
        peers = [f"{name} {with_worst(value, row.peers_worst.get(name))}" for name, value in row.peers.items()]
        peers += [f"{name} > {limit:g}" for name, limit in row.stopped.items()]
        verdict = "" if row.ok is None else ("yes" if row.ok else "NO")
        lines.append((row.case, row.measure, f"{with_worst(row.value, row.worst)} {row.unit}".strip(), row.bar, verdict, ", ".join(peers)))
    widths = [max(len(line[i]) for line in lines) for i in range(6)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def with_worst(value: float, worst: float | None) -> str:
    """Return a figure, and the worst seed's in brackets where it reads differently."""
    text = figure(value)
    return text if worst is None or figure(worst) == text else f"{text} ({figure(worst)})"


def figure(value: float) -> str:
    """Return a number as a table shows it: three figures, whole numbers whole.

    >>> figure(1234567.0), figure(0.56789), figure(12.345)
    ('1,234,567', '.568', '12.3')
    """
    if value != value:
        return "–"
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else (f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}".replace("0.", ".", 1))
