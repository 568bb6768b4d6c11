"""The rows of what railway protection exports: guard segments and their corridors."""

from __future__ import annotations

import numpy as np

from gridplanner.io.layer_columns import LayerRows, line_shapes, rows_of
from gridplanner.model.lines import Floats
from gridplanner.model.mileage import chainage_text
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailSegment


def railsegs(project: Project) -> LayerRows | None:
    """Return a row for each guard segment, in line order."""
    plan = project.rail
    if plan is None:
        return None
    segments = sorted(plan.segments, key=lambda segment: (segment.line, segment.start))
    mean = float(np.mean([s.workload for s in segments])) if segments else 0.0
    order: dict[int, int] = {}
    seq = []
    for segment in segments:
        order[segment.line] = order.get(segment.line, 0) + 1
        seq.append(order[segment.line])
    columns = {
        "seg_code": [s.code for s in segments], "seq": seq, "plan": [plan.plan] * len(segments), "squad": [s.squad for s in segments],
        "guard": [s.guard for s in segments], "line": [plan.lines[s.line].name for s in segments],
        "from_km": [chainage_text(s.start) for s in segments], "to_km": [chainage_text(s.stop) for s in segments],
        "length_m": [_length(s.coords) for s in segments], "workload": [s.workload for s in segments],
        "dev_pct": [100.0 * (s.workload / mean - 1.0) if mean else 0.0 for s in segments],
    }  # fmt: skip
    return rows_of("railsegs", line_shapes([s.coords for s in segments]), columns)


def corridor(project: Project) -> LayerRows | None:
    """Return the corridor of each segment of the first plan; its value is the households there a kilometre of line."""
    plan = project.rail
    if plan is None or not len(plan.corridor.polygons):
        return None
    found = plan.corridor
    of_code = {plan.segments[row].code: plan.segments[row] for row in plan.of_plan(plan.plans[0])}
    rows = [row for row, code in enumerate(found.codes.tolist()) if code in of_code]
    segments = [of_code[str(found.codes[row])] for row in rows]
    value = found.households[rows] / np.maximum([(s.high - s.low) / 1000.0 for s in segments], 1e-3)
    mean = float(value.mean()) if len(value) else 0.0
    return rows_of("corridor", found.polygons[rows], {
        "code": [s.code for s in segments], "name": [_title(plan.lines[s.line], s) for s in segments],
        "minutes": [s.access_s / 60.0 if np.isfinite(s.access_s) else np.nan for s in segments], "value": value,
        "colour": ["green" if each < 0.5 * mean else "red" if each > 2.0 * mean else "yellow" for each in value.tolist()],
        "households": found.households[rows], "persons": found.persons[rows], "villages": found.villages[rows],
        "schools": found.schools[rows], "vill_names": found.village_names[rows],
    })  # fmt: skip


def _title(line: RailLine, segment: RailSegment) -> str:
    mileage = line.mileage
    return f"{line.name} {mileage.text(segment.low)}–{mileage.text(segment.high, coming=True)}".strip()


def _length(coords: Floats) -> float:
    return float(np.hypot(*np.diff(coords, axis=0).T).sum())
