"""What can be saved of a damaged project file: all of it where one copy of its text and every array are whole, else the parts that are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from gridplanner.i18n import N_, _
from gridplanner.io.earlier_files import brought_up
from gridplanner.io.keeping.disk_words import reading_words
from gridplanner.io.keeping.drawn_layers import drawn_communities, drawn_roads, drawn_system
from gridplanner.io.keeping.finds import Finds, found_in
from gridplanner.io.keeping.lost_columns import layer_of
from gridplanner.io.packing import Json, unpack_part
from gridplanner.io.project_text import CHECKED, DAMAGE, FORMAT_VERSION, NewerFileError, newer_words
from gridplanner.io.saved import DamagedProjectError, Mark, Saved
from gridplanner.model.project import Project
from gridplanner.model.scenarios import PLANNED, Scenario, scenario_title

CALLED = {
    "settings": N_("the settings"), "crs": N_("the coordinate system"), "communities": N_("the communities"),
    "households": N_("the addresses"), "roads": N_("the roads"), "barriers": N_("the barriers"), "railway": N_("the railway"),
    "stations": N_("the stations and kilometre posts"), "rail_things": N_("what lies at the railway"), "key_sites": N_("the key sites"),
    "depots": N_("the depots"), "incidents": N_("the incidents"), "station_areas": N_("the areas of the police stations"),
    "indicators": N_("the indicators"), "staff": N_("the staff"), "checkpoint_sites": N_("the sites of checkpoints"),
    "cordons": N_("the cordons"), "roster_cells": N_("the roster that was given"), "rules": N_("the rules"),
    "drawn": N_("the grids drawn elsewhere"), "units": N_("the basic units"), "grids": N_("the grids"), "beats": N_("the beats"),
    "zones": N_("the patrol zones"), "checkpoints": N_("the checkpoints"), "rings": N_("the rings"), "chiefs": N_("the street chiefs"),
    "patrol": N_("the patrol routes"), "picks": N_("the streets to patrol"), "rail": N_("the guard segments"), "roster": N_("the roster"),
    "read_issues": N_("the findings of reading"), "provenance": N_("where the data came from"), "scenario": N_("the scenario's name"),
    "scenarios": N_("the other scenarios"), "master": N_("which plan is in force"),
}  # fmt: skip
# a plan, and what it cannot be without
_STANDS_ON = {
    "units": ("communities",), "grids": ("units",), "beats": ("grids",), "zones": ("grids",), "rings": ("households",),
    "chiefs": ("grids",), "patrol": ("zones",),
}  # fmt: skip


_TOLD = 3  # notes in one sentence
_WORDS = ("settings", "crs", "scenario", "master")  # what alone would be no work to save


def salvaged(path: Path) -> Saved:
    """Return what can be saved of a file, its `notes` naming each part that is lost; as new work where its mark is not sure.

    Raises DamagedProjectError where nothing of a project is left, NewerFileError for a file of a later version, ProjectFileError where
    it cannot be read at all.
    """
    try:
        finds = found_in(path)
    except OSError as why:
        raise DamagedProjectError(reading_words(path, why), path) from None
    about = finds.about
    if about is not None and about.version > FORMAT_VERSION:
        raise NewerFileError(_("{file}: {why}").format(file=path, why=newer_words(about.program, about.version)))
    notes: list[str] = []
    try:
        project = _project(finds, notes)
    except DAMAGE:
        project = None
    if project is None:
        raise DamagedProjectError(_("{file}: nothing of a project can be read in it; open an earlier copy").format(file=path), path)
    sure = finds.checked and about is not None
    if not sure:
        notes.append(_("What the file says of itself is damaged: look at all of it with care; it is saved as a new project"))
    if sure and about is not None and about.version >= CHECKED and not finds.changes_whole:
        notes.append(_("The log of changes is not whole"))
    changes = finds.changes if about is None or about.version >= CHECKED else ()
    return Saved(project, about.mark if sure and about is not None else Mark(), changes, tuple(dict.fromkeys(notes)))


def can_be_saved(path: Path) -> str:
    """Return in a sentence what can be saved of a damaged file, empty where nothing can."""
    try:
        saved = salvaged(path)
    except DAMAGE:
        return ""
    if not saved.notes:
        return _("All of the project can be saved")
    told = _("; ").join((*saved.notes[:_TOLD], *(("…",) if len(saved.notes) > _TOLD else ())))
    return _("Part of the project can be saved ({notes})").format(notes=told)


def _project(finds: Finds, notes: list[str]) -> Project | None:
    tree = _tree(finds)
    known: dict[str, object] = {}
    found: dict[str, Any] = {}
    lost: set[str] = set()
    parts = tree["fields"] if tree is not None else {}
    if tree is not None:
        for part in fields(Project):
            if part.name == "scenarios" or part.name not in parts:
                continue
            try:
                found[part.name] = layer_of(part.name, parts[part.name], finds.arrays, known, notes, _said(part.name))
            except DAMAGE:
                lost.add(part.name)
        found["scenarios"] = _scenarios(parts.get("scenarios"), finds, known, notes)
    drawn = _from_layers(finds, found, lost, notes, everything=tree is None)
    if tree is None and not drawn:
        return None
    for name in sorted(lost, key=list(CALLED).index):
        notes.append(_("Lost: {part}").format(part=_said(name)))
    if lost and all(_is_empty(found.get(name)) for name in CALLED if name not in _WORDS):
        return None
    given = {part.name: found[part.name] for part in fields(Project) if part.name in found and part.name not in lost}
    project = Project(**given)
    if finds.about is not None:
        project = brought_up(project, finds.about.version)
    return _standing(project, lost, notes)


def _tree(finds: Finds) -> Json | None:
    try:
        tree = json.loads(finds.tree) if finds.tree else None
        return tree if isinstance(tree, dict) and tree.get("$class") == "Project" and isinstance(tree.get("fields"), dict) else None
    except (ValueError, RecursionError):
        return None


def _scenarios(tree: Json, finds: Finds, known: dict[str, object], notes: list[str]) -> tuple[Scenario, ...]:
    """Return the other scenarios, each without the parts that are lost."""
    if not isinstance(tree, dict) or not isinstance(tree.get("$tuple"), list):
        return ()
    found = []
    for number, one in enumerate(tree["$tuple"], 1):
        try:
            parts = one["fields"]
            name = unpack_part(parts.get("name", ""), finds.arrays, known)
        except DAMAGE:
            notes.append(_("Lost: scenario {name}").format(name=number))
            continue
        values: dict[str, Any] = {"name": name if isinstance(name, str) else str(number)}
        lost = []
        for part in fields(Scenario):
            if part.name in parts and part.name != "name":
                try:
                    values[part.name] = unpack_part(parts[part.name], finds.arrays, known)
                except DAMAGE:
                    lost.append(part.name)
        for part_name in lost:
            words = _("Lost of scenario {name}: {part}")
            notes.append(words.format(name=scenario_title(values["name"]), part=_said(part_name)))
        found.append(Scenario(**values))
    return tuple(found)


def _from_layers(finds: Finds, found: dict[str, Any], lost: set[str], notes: list[str], *, everything: bool) -> bool:
    """Take communities and roads from the layers that QGIS shows where nothing else is left of them; True where something was."""
    taken = False
    for name, draw in (("communities", drawn_communities), ("roads", drawn_roads)):
        if name in lost or everything:
            layer = draw(finds)
            if layer is not None:
                found[name], taken = layer, True
                lost.discard(name)
                notes.append(_("{part} are those of the layer that QGIS shows").format(part=_said(name).capitalize()))
    if everything or "crs" in lost:
        found["crs"] = drawn_system(finds)
        lost.discard("crs")
    return taken


def _standing(project: Project, lost: set[str], notes: list[str]) -> Project:
    """Return a project without the plans whose ground is lost, and with units that name no address or road that is lost."""
    gone = set(lost)
    if "households" in lost or "roads" in lost:
        project = _on_other_ground(project, households="households" in lost, roads="roads" in lost)
    dropped: dict[str, Any] = {}
    for name in PLANNED:
        there = name not in gone and getattr(project, name) is not None
        if there and any(ground in gone for ground in _STANDS_ON.get(name, ())):
            gone.add(name)
            dropped[name] = None
    if dropped:
        for name in dropped:
            notes.append(_("Lost with what it was made on: {part}").format(part=_said(name)))
        project = replace(project, **dropped)
    others = tuple(_other_standing(scenario, lost) for scenario in project.scenarios)
    return replace(project, scenarios=tuple(other for other in others if _fits(project, other)))


def _other_standing(scenario: Scenario, lost: set[str]) -> Scenario:
    gone = {name for name in lost if name not in PLANNED}
    for name in PLANNED:
        if getattr(scenario, name) is not None and any(ground in gone for ground in _STANDS_ON.get(name, ())):
            gone.add(name)
    changes: dict[str, Any] = dict.fromkeys(gone & set(PLANNED))
    return replace(scenario, **changes)


def _fits(project: Project, scenario: Scenario) -> bool:
    units = scenario.units
    return units is None or (
        len(units.address_unit) == len(project.households) and int(units.community.max(initial=-1)) < len(project.communities)
    )


def _on_other_ground(project: Project, *, households: bool, roads: bool) -> Project:
    """Return a project whose units name no address, no road, or neither; units that are shared stay shared."""
    made: dict[int, Any] = {}

    def over(units: Any) -> Any:
        if units is None:
            return None
        if id(units) not in made:
            changes: dict[str, Any] = {"address_unit": units.address_unit[:0]} if households else {}
            if roads:
                blank = units.road.copy()
                blank[:] = -1
                changes["road"] = blank
            made[id(units)] = replace(units, **changes)
        return made[id(units)]

    others = tuple(replace(scenario, units=over(scenario.units)) for scenario in project.scenarios)
    return replace(project, units=over(project.units), scenarios=others)


def _is_empty(value: object) -> bool:
    if value is None:
        return True
    sized: Sequence[object] | None = value if hasattr(value, "__len__") else None  # type: ignore[assignment]
    return sized is not None and len(sized) == 0


def _said(name: str) -> str:
    return _(CALLED.get(name, name))
