"""What changed of the data and the rules, for the log: layers by count and file name, rules by name, nobody's address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PureWindowsPath

from gridplanner.model.change_line import ChangeLine, counted, shortened
from gridplanner.model.grid_changes import text_of
from gridplanner.model.project import Project
from gridplanner.model.rules import RuleAreas, Rules

LAYERS = (
    "communities", "households", "roads", "barriers", "railway", "stations", "rail_things", "key_sites", "depots", "incidents",
    "station_areas", "indicators", "staff", "checkpoint_sites", "cordons", "roster_cells", "drawn",
)  # fmt: skip


def layer_changes(before: Project, after: Project) -> Iterator[ChangeLine]:
    """Return the layers that were read anew, with the number of their rows, and the system of coordinates where it is another."""
    if before.crs != after.crs:
        yield ChangeLine("project", "", "crs", before.crs, after.crs)
    for name in LAYERS:
        old, new = getattr(before, name), getattr(after, name)
        if old is not new:
            yield ChangeLine("layer", name, "rows", str(_count(old)), str(_count(new)))
    if before.provenance is not after.provenance:
        known = {part.source: part for part in before.provenance}
        for part in after.provenance:
            was = known.get(part.source)
            file = PureWindowsPath(part.path).name
            if was is None or PureWindowsPath(was.path).name != file:
                yield ChangeLine("layer", part.source, "file", shortened(PureWindowsPath(was.path).name if was else ""), shortened(file))


def _count(layer: object) -> int:
    return len(layer) if hasattr(layer, "__len__") else 0


def handout_changes(before: Project, after: Project) -> Iterator[ChangeLine]:
    """Return which communities were handed out as packages, and until when, and which packages came back; to whom is not told."""
    old, new = ({part.package_id: part for part in project.handouts} for project in (before, after))
    for key in [*(key for key in old if key not in new), *(key for key in new if key not in old)]:
        part = new.get(key) or old[key]
        codes = shortened(", ".join(part.communities))
        values = (codes, "") if key in old else ("", f"{codes} – {part.until}" if part.until else codes)
        yield ChangeLine("package", key[:6], "ended" if key in old else "begun", *values)
    for key in [key for key in new if key in old and old[key] is not new[key]]:
        if old[key].until != new[key].until:
            yield ChangeLine("package", key[:6], "until", old[key].until, new[key].until)


def rule_changes(before: Rules, after: Rules) -> Iterator[ChangeLine]:
    """Return the rules that were laid down, taken back or changed."""
    for kind in ("keep", "exclusive", "groups"):
        old, new = getattr(before, kind), getattr(after, kind)
        if old is not new:
            yield from _areas(kind, old, new)
    if before.fixed_lines is not after.fixed_lines:
        yield from counted(len(before.fixed_lines), len(after.fixed_lines), "rule", "number", "fixed_lines") or _changed("fixed_lines")
    if before.must_stay is not after.must_stay:
        yield from counted(len(before.must_stay), len(after.must_stay), "rule", "number", "must_stay") or _changed("must_stay")


def _changed(kind: str) -> tuple[ChangeLine, ...]:
    return (ChangeLine("rule", kind, "changed", "", ""),)


def _areas(kind: str, old: RuleAreas, new: RuleAreas) -> Iterator[ChangeLine]:
    """Return which areas came and went, by their names; areas are known by identity of their polygons."""
    was = {id(polygon): name for polygon, name in zip(old.polygons.tolist(), old.names.tolist(), strict=True)}
    now = {id(polygon): name for polygon, name in zip(new.polygons.tolist(), new.names.tolist(), strict=True)}
    gone, fresh = [name for key, name in was.items() if key not in now], [name for key, name in now.items() if key not in was]
    if not gone and not fresh:
        renamed = [(was[key], now[key]) for key in was if key in now and was[key] != now[key]]
        for one, other in renamed:
            yield ChangeLine("rule", kind, "name", shortened(one), shortened(other))
        if not renamed:
            yield from _changed(kind)
        return
    if len(gone) + len(fresh) > 8:
        yield ChangeLine("rule", kind, "number", str(len(old)), str(len(new)))
        return
    for name in gone:
        yield ChangeLine("rule", kind, "ended", shortened(text_of(name)), "")
    for name in fresh:
        yield ChangeLine("rule", kind, "begun", "", shortened(text_of(name)))
