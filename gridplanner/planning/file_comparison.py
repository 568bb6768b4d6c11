"""Two project files side by side, whatever addresses each has: households, grids, and every other part that differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.model.comparison import Comparison
from gridplanner.model.lines import Ints
from gridplanner.model.places import Households
from gridplanner.model.project import Project
from gridplanner.model.sameness import same_value
from gridplanner.planning.comparison import compare

NEAR_CM = 100  # addresses of one text and place are one; those without a text by their place alone


@dataclass(frozen=True, eq=False)
class FileComparison:
    """What differs between two files.

    `comparison` is of the grids over the addresses that both have, None where one has no plan; `gone`, `came` and `changed` are addresses
    that only the first or only the second has, or with other counts; `households` are those of all addresses of each. `fields` names
    the parts of the project that differ in any way, `settings` the sections of the settings that do.
    """

    comparison: Comparison | None
    gone: int
    came: int
    changed: int
    households: tuple[float, float]
    fields: tuple[str, ...]
    settings: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True where the two files hold the very same."""
        return not self.fields


def compare_files(before: Project, after: Project) -> FileComparison:
    """Return what differs between two projects; addresses are matched by text and place where their layers differ."""
    fields = [part.name for part in dataclasses.fields(Project) if not same_value(getattr(before, part.name), getattr(after, part.name))]
    sections = [part.name for part in dataclasses.fields(before.settings)
                if not same_value(getattr(before.settings, part.name), getattr(after.settings, part.name))]  # fmt: skip
    one, two = before.households, after.households
    same = "households" not in fields
    rows = (np.arange(len(one)), np.arange(len(two))) if same else common_addresses(one, two)
    differ = (one.households[rows[0]] != two.households[rows[1]]) | (one.persons[rows[0]] != two.persons[rows[1]])
    found = None
    if before.units is not None and before.grids is not None and after.units is not None and after.grids is not None:
        found = compare(_with_addresses(before, rows[0]), _with_addresses(after, rows[1]))
    return FileComparison(
        found, len(one) - len(rows[0]), len(two) - len(rows[1]), int(differ.sum()),
        (float(one.households.sum()), float(two.households.sum())), tuple(fields), tuple(sections),
    )  # fmt: skip


def common_addresses(one: Households, other: Households) -> tuple[Ints, Ints]:
    """Return the rows of addresses that both have, (n,) each: one text and one place, else one text, else one place to the metre.

    What is there more than once is matched in its order.
    """
    found: list[tuple[Ints, Ints]] = []
    left = [np.arange(len(one)), np.arange(len(other))]
    for by in (("text", "place"), ("text",), ("place",)):
        keys = [_keys(homes, rows, by) for homes, rows in zip((one, other), left, strict=True)]
        a, b = _matched(*keys)
        found.append((left[0][a], left[1][b]))
        left = [np.delete(left[0], a), np.delete(left[1], b)]
    rows = np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])
    order = np.argsort(rows[0], kind="stable")
    return rows[0][order], rows[1][order]


def _keys(homes: Households, rows: Ints, by: Sequence[str]) -> list[object]:
    place = np.round(homes.xy[rows] * 100 / NEAR_CM).astype(np.int64)
    names = homes.address[rows].tolist()
    where = list(map(tuple, place.tolist()))
    if by == ("place",):
        return list(where)
    if by == ("text",):
        return [name or None for name in names]
    return [(name, spot) if name else None for name, spot in zip(names, where, strict=True)]


def _matched(one: list[object], other: list[object]) -> tuple[Ints, Ints]:
    places: dict[object, list[int]] = {}
    for row in range(len(other) - 1, -1, -1):
        places.setdefault(other[row], []).append(row)
    a, b = [], []
    for row, key in enumerate(one):
        if key is not None and (there := places.get(key)):
            a.append(row)
            b.append(there.pop())
    return np.array(a, np.int64), np.array(b, np.int64)


def _with_addresses(project: Project, rows: Ints) -> Project:
    """Return the project with some of its addresses alone."""
    homes, units = project.households, project.units
    if units is None or (len(rows) == len(homes) and np.array_equal(rows, np.arange(len(homes)))):
        return project
    some = Households(
        homes.xy[rows], homes.households[rows], homes.persons[rows], homes.address[rows],
        None if homes.radius is None else homes.radius[rows], None if homes.group is None else homes.group[rows],
    )  # fmt: skip
    return dataclasses.replace(project, households=some, units=dataclasses.replace(units, address_unit=units.address_unit[rows]))
