"""The figures of a province, added up chunk by chunk: those of `summary.py`, without the province in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from gridplanner import __version__
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.settings import Settings
from gridplanner.summary import certificate_figures


class ProvinceFigures:
    """Sums over chunks, and the summary that they make."""

    def __init__(self) -> None:
        self._count = 0
        self._in_band = 0
        self._max_deviation = 0.0
        self._compact = 0.0
        self._street = 0.0
        self._inner = np.zeros(2)
        self._planned = 0.0
        self._certificates: list[dict[str, Any]] = []
        self._issues: Counter[str] = Counter()
        self._said: set[tuple[str, str]] = set()

    def add(self, project: Project) -> None:
        """Add a chunk with its plan."""
        assert project.units is not None
        assert project.grids is not None
        f = grid_figures(project)
        self._count += len(f)
        self._in_band += int(np.isin(f.status, ("ok", "parts")).sum())
        self._max_deviation = max(self._max_deviation, float(np.abs(f.deviation).max(initial=0.0)))
        self._compact += float(f.compact.sum())
        self._street += float(f.street_pct.sum())
        inner = f.inner_pct[np.isfinite(f.inner_pct)]
        self._inner += len(inner), inner.sum()
        self._planned += float(project.households.households[project.units.address_unit >= 0].sum())
        self._certificates += certificate_figures(project)

    def new_issues(self, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
        """Count issues and return those to write: one without a place is written once, however many chunks have it."""
        new = []
        for issue in issues:
            words = issue.kind, issue.message
            if issue.x is None and words in self._said:
                continue
            if issue.x is None:
                self._said.add(words)
            self._issues[str(issue.level)] += 1
            new.append(issue)
        return tuple(new)

    def summary(self, settings: Settings, crs: str, seconds: Mapping[str, float], read: float, chunks: int) -> dict[str, Any]:
        """Return the figures as `summary.json` has them, and in how many chunks the province was planned."""
        count = max(self._count, 1)
        return {
            "project": settings.project.name,
            "seed": settings.project.seed,
            "version": __version__,
            "crs": crs,
            "steps": {name: round(value, 3) for name, value in seconds.items()},
            "issues": {str(level): self._issues.get(str(level), 0) for level in Level},
            "households": {"read": read, "planned": self._planned, "outside": read - self._planned},
            "grids": {
                "count": self._count,
                "in_band": self._in_band,
                "max_deviation": round(self._max_deviation, 3),
                "mean_compact": round(self._compact / count, 3),
                "mean_street_pct": round(self._street / count, 3),
                "mean_inner_pct": round(float(self._inner[1] / self._inner[0]), 3) if self._inner[0] else None,
            },
            "certificates": self._certificates,
            "streamed": {"chunks": chunks},
        }
