"""The rows of what railway protection exports: guard segments and their corridors."""

from __future__ import annotations

from collections import Counter

import numpy as np

from gridplanner.io.layer_columns import LayerRows, line_shapes, rows_of
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailSegment
from gridplanner.model.rail_pieces import chainage_words, mileage_of
from gridplanner.model.rail_work import deviations


def railsegs(project: Project) -> LayerRows | None:
    """Return a row for each guard segment, plan after plan (day, night …), each in line order."""
    plan = project.rail
    if plan is None:
        return None
    names = plan.plans
    order = sorted(range(len(plan)), key=lambda row: _order(plan.segments[row], names))
    segments, off = [plan.segments[row] for row in order], deviations(plan)[order]
    seen: Counter[tuple[str, int]] = Counter()
    seq = []
    for segment in segments:
        seen[segment.plan, segment.line] += 1
        seq.append(seen[segment.plan, segment.line])
    ends = [chainage_words(plan, segment) for segment in segments]
    gates = [plan.gates.along[s.gate] if 0 <= s.gate < len(plan.gates) else np.nan for s in segments]
    done = [s.round for s in segments]
    return rows_of("railsegs", line_shapes([s.coords for s in segments]), {
        "seg_code": [s.code for s in segments], "seq": seq, "plan": [s.plan for s in segments], "squad": [s.squad for s in segments],
        "guard": [s.guard for s in segments], "line": [plan.lines[s.line].name for s in segments],
        "from_km": [first for first, _last in ends], "to_km": [last for _first, last in ends],
        "length_m": [_length(s.coords) for s in segments], "workload": [s.workload for s in segments], "dev_pct": off,
        "access_min": [s.access_s / 60.0 if np.isfinite(s.access_s) else np.nan for s in segments], "base": [s.base for s in segments],
        "gate_km": [mileage_of(plan.lines[s.line]).text(at) if np.isfinite(at) else "" for s, at in zip(segments, gates, strict=True)],
        "post": [s.post for s in segments], "guards": [each.guards if each else 1 for each in done],
        "rounds": [each.times if each else 0 for each in done], "round_min": [each.minutes if each else np.nan for each in done],
        "locked": [int(s.locked) for s in segments],
    })  # fmt: skip


def _order(segment: RailSegment, names: tuple[str, ...]) -> tuple[int, int, float]:
    return names.index(segment.plan), segment.line, segment.low


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
