"""What changed of settings and scenarios, for the log: key by key, without folders, people or anything secret."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import PureWindowsPath

from gridplanner.model.change_line import ChangeLine, shortened
from gridplanner.model.grid_changes import text_of
from gridplanner.model.project import Project
from gridplanner.settings import Settings, SourceSettings

# of an address, whose two strokes a path makes one, all up to the last @; a key only where its value has a digit (KEY=FILE is help)
_SECRET = re.compile(
    r"(:/{1,2}[^/\s@:]*:)[^/\s]*@|((?:(?:password|passwd|pwd|secret)\s*[=:]|(?:token|key|\btk)\s*=(?=\s*\S*\d))\s*)(?:'[^']*'|\S+)",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"(?:[A-Za-z]:|\.\.?|~\w*)?[/\\]")  # that a path begins with
_COUNTED = {("roster", "people"), ("roster", "cells")}  # who is on leave is nobody's business


def setting_changes(before: Settings, after: Settings) -> Iterator[ChangeLine]:
    """Return the keys of the settings that changed, in the order of the plan file."""
    for part in dataclasses.fields(Settings):
        old, new = getattr(before, part.name), getattr(after, part.name)
        if old is new or old == new:
            continue
        if part.name == "sources":
            yield from _sources(old, new)
        elif old is None or new is None:
            yield ChangeLine("setting", part.name, "begun" if old is None else "ended", "", "")
        else:
            yield from _section(part.name, old, new)


def _section(section: str, old: object, new: object) -> Iterator[ChangeLine]:
    for part in dataclasses.fields(old):  # type: ignore[arg-type]  # a section is a dataclass
        was, now = getattr(old, part.name), getattr(new, part.name)
        if was == now:
            continue
        name = f"{section}.{part.name}"
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            for key in sorted({**was, **now}, key=str):
                if was.get(key) != now.get(key):
                    yield ChangeLine("setting", f"{name}.{key}", "value", _value(was.get(key)), _value(now.get(key)))
        elif (section, part.name) in _COUNTED:
            yield ChangeLine("setting", name, "number", str(len(was)), str(len(now)))
        else:
            yield ChangeLine("setting", name, "value", _value(was), _value(now))


def _value(value: object) -> str:
    if isinstance(value, tuple) and any(dataclasses.is_dataclass(one) for one in value):
        return f"({len(value)})"
    if isinstance(value, Mapping):
        value = tuple(f"{key} {text_of(one)}" for key, one in value.items())
    texts = [text_of(one) for one in value] if isinstance(value, tuple) else [text_of(value)]
    return shortened(without_secrets(", ".join(PureWindowsPath(text).name if _FOLDER.match(text) else text for text in texts)))


def without_secrets(text: str) -> str:
    """Return text without what stands where a password stands.

    >>> without_secrets("postgresql://ann:hun@ter2@db/town"), without_secrets("host=db password='x x' y")
    ('postgresql://ann:…@db/town', 'host=db password=… y')
    """
    return _SECRET.sub(lambda found: f"{found[1]}…@" if found[1] else f"{found[2]}…", text)


def _sources(old: Mapping[str, SourceSettings], new: Mapping[str, SourceSettings]) -> Iterator[ChangeLine]:
    for key in sorted({**old, **new}):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        one, other = _file(was), _file(now)
        if one != other:
            yield ChangeLine("setting", f"sources.{key}", "file", one, other)
        else:
            yield ChangeLine("setting", f"sources.{key}", "changed", "", "")


def _file(source: SourceSettings | None) -> str:
    """Return the name of a source's file without its folder, or what a database calls it."""
    return shortened(without_secrets(PureWindowsPath(source.path).name or source.path)) if source is not None else ""


def scenario_changes(before: Project, after: Project) -> Iterator[ChangeLine]:
    """Return which scenarios began, ended, changed their name or content, and which one is worked on and is the master."""
    old, new = ([one.scenario, *(part.name for part in one.scenarios)] for one in (before, after))
    gone, fresh = [name for name in old if name not in new], [name for name in new if name not in old]
    if len(gone) == len(fresh) == 1 and len(old) == len(new):
        yield ChangeLine("scenario", fresh[0], "renamed", gone[0], fresh[0])
    else:
        for name in fresh:
            yield ChangeLine("scenario", name, "begun", "", name)
        for name in gone:
            yield ChangeLine("scenario", name, "ended", name, "")
    if before.scenario != after.scenario:
        yield ChangeLine("scenario", "", "active", before.scenario, after.scenario)
    if before.master != after.master:
        yield ChangeLine("scenario", "", "master", before.master or "", after.master or "")
    known = {part.name: part for part in before.scenarios}
    for part in after.scenarios:
        was = known.get(part.name)
        if was is not None and was is not part:
            yield ChangeLine("scenario", part.name, "changed", "", "")


def is_switch(before: Project, after: Project) -> bool:
    """Return whether another scenario is worked on, so that all plans are others though nobody changed them."""
    return before.scenario != after.scenario and after.scenario in {part.name for part in before.scenarios}
