"""The change log in words: what a line of it says in the language in use."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.change_line import ChangeLine
from gridplanner.model.changes import DONE, REDONE, UNDONE
from gridplanner.model.scenarios import scenario_title

WAYS: Mapping[str, str] = {DONE: N_("done"), UNDONE: N_("undone"), REDONE: N_("redone")}
_MOVED = re.compile(r"units=([0-9]{1,12})(?: households=([0-9]{1,12}))?")

# what is small here is written large at the head of a line: as a word of its own it names a column elsewhere, and is another in Chinese
WHATS: Mapping[str, str] = {
    "project": N_("Project"), "layer": N_("Layer"), "setting": N_("Setting"), "rule": N_("Rule"), "units": N_("Units"), "grid": N_("grid"),
    "grids": N_("Grids"), "beat": N_("Beat"), "beats": N_("Beats"), "zone": N_("Patrol zone"), "zones": N_("Patrol zones"),
    "checkpoint": N_("Checkpoint"), "checkpoints": N_("Checkpoints"), "rings": N_("Response rings"), "chiefs": N_("Street chiefs"),
    "patrol": N_("Patrol"), "route": N_("Route"), "routes": N_("Routes"), "picks": N_("Picked streets"), "rail": N_("Railway"),
    "segment": N_("Guard segment"), "segments": N_("Guard segments"), "roster": N_("Roster"), "scenario": N_("Scenario"),
    "package": N_("Package"), "more": N_("More"),
}  # fmt: skip
FIELDS: Mapping[str, str] = {
    "number": N_("number"), "made": N_("made anew"), "changed": N_("changed"), "moved": N_("moved"), "begun": N_("begun"),
    "ended": N_("ended"), "merged": N_("merged"), "renamed": N_("renamed"), "active": N_("worked on"), "master": N_("master plan"),
    "cut": N_("cut"), "code": N_("code"), "name": N_("name"), "area": N_("area"), "locked": N_("locked"), "kind": N_("kind"),
    "valid_from": N_("valid from"), "workers": N_("people on duty"), "grid": N_("grid"), "beat": N_("beat"), "zone": N_("patrol zone"),
    "depot": N_("depot"), "x": "x", "y": "y", "place": N_("place"), "road": N_("road"), "choice": N_("choice"), "rows": N_("rows"),
    "file": N_("file"), "crs": N_("coordinate system"), "value": N_("value"), "limits": N_("limits"), "squad": N_("squad"),
    "guard": N_("guard"), "post": N_("post"), "km": "km", "minutes": N_("minutes"), "calls": N_("calls"), "draws": N_("draws"),
    "start": N_("first day"), "days": N_("number of days"), "people": N_("people"), "cells": N_("cells changed"),
    "fixed": N_("fixed cells"), "until": N_("until"), "places": N_("places changed"), "posts": N_("posts"), "stretches": N_("stretches"),
    "lines": N_("lines of the log"),
}  # fmt: skip
REFS: Mapping[str, str] = {
    "communities": N_("Communities"), "households": N_("Household points"), "roads": N_("Roads"), "barriers": N_("Barriers"),
    "railway": N_("Railway lines"), "stations": N_("Stations"), "rail_things": N_("Things along the line"), "key_sites": N_("Key sites"),
    "depots": N_("Depots"), "incidents": N_("Incidents"), "station_areas": N_("Station areas"), "indicators": N_("Indicators"),
    "staff": N_("Staff"), "checkpoint_sites": N_("Checkpoint sites"), "cordons": N_("Cordons"), "roster_cells": N_("Roster cells"),
    "drawn": N_("Drawn grids"), "keep": N_("kept whole"), "exclusive": N_("grids of their own"), "groups": N_("villagers' groups"),
    "fixed_lines": N_("fixed lines"), "must_stay": N_("places that stay"),
}  # fmt: skip
PARTS: Mapping[str, str] = {
    "settings": N_("Settings"), "crs": N_("coordinate system"), "rules": N_("Rules"), "picks": N_("Picked streets"),
    "read_issues": N_("Findings of the import"), "provenance": N_("Where the data came from"), "scenario": N_("Scenario worked on"),
    "scenarios": N_("Scenarios"), "master": N_("master plan"), "handouts": N_("Packages handed out"),
}  # fmt: skip
_MANY = ("grids", "segments", "routes")
_VALUES: Mapping[str, str] = {"yes": N_("yes"), "no": N_("no")}


def part_words(name: str) -> str:
    """Return what a part of a project (a field of Project) is called in the language in use."""
    return _known(PARTS if name in PARTS else REFS if name in REFS else WHATS, name)


def what_words(line: ChangeLine) -> str:
    """Return what a line is about in the language in use."""
    words = _known(WHATS, line.what)
    return words[:1].upper() + words[1:]


def ref_words(line: ChangeLine) -> str:
    """Return which one a line is about: a code, a layer or rule in words, how many units and households."""
    found = _MOVED.fullmatch(line.ref)
    if found and line.what == "units":
        units = ngettext("{n} unit", "{n} units", int(found[1])).format(n=found[1])
        if found[2] is None:
            return units
        return f"{units}, " + ngettext("{n} household", "{n} households", int(found[2])).format(n=found[2])
    if line.what in _MANY and line.ref.isdecimal():  # those behind the ones that have a line each
        return _("{n} more").format(n=line.ref)
    if line.what == "scenario":
        return scenario_title(line.ref) if line.field not in ("active", "master") else ""
    return _known(REFS, line.ref) if line.what in ("layer", "rule") else line.ref


def field_words(line: ChangeLine) -> str:
    """Return which of its fields changed, or what became of it."""
    return _known(FIELDS, line.field)


def way_words(way: str) -> str:
    """Return whether a change was done, undone or redone, in the language in use."""
    return _known(WAYS, way)


def value_words(line: ChangeLine, value: str) -> str:
    """Return a value of a line: yes and no, and the scenario without a name, in the language in use."""
    if line.what == "scenario" and line.field in ("active", "renamed"):
        return scenario_title(value)
    return _known(_VALUES, value)


def line_words(line: ChangeLine) -> str:
    """Return a line of the log as one text, such as "Grid 012: name Old → New"."""
    if line.what == "more" and len(line.ref) < 12 and line.ref.isdecimal():
        return ngettext("and {n} more line", "and {n} more lines", int(line.ref)).format(n=line.ref)
    head = " ".join(part for part in (what_words(line), ref_words(line)) if part)
    before, after = value_words(line, line.before), value_words(line, line.after)
    values = f"{before or '–'} → {after or '–'}" if before or after else ""
    return _("{name}: {value}").format(name=head, value=" ".join(part for part in (field_words(line), values) if part))


def _known(words: Mapping[str, str], key: str) -> str:
    """Return a word of the program in the language in use; what a log of others says beside is no word of it, and stays as it is."""
    return _(words[key]) if key in words else key
