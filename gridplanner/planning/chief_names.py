"""Who is the chief of which stretch: people on duty whose unit is a street or the code of a stretch."""

from __future__ import annotations

from gridplanner.model.duty_data import Staff

ROLES = ("街长", "路长", "street chief")


def chiefs_by_unit(staff: Staff) -> dict[str, list[str]]:
    """Return the names of the street chiefs by what they are given, in the order in which they are listed."""
    found: dict[str, list[str]] = {}
    rows = zip(staff.names.tolist(), staff.roles.tolist(), staff.units.tolist(), strict=True)
    for name, role, unit in rows:
        if name.strip() and any(word in role.lower() for word in ROLES):
            found.setdefault(unit.strip(), []).append(name.strip())
    return found


def name_chiefs(codes: list[str], streets: list[list[str]], staff: Staff) -> tuple[list[str], set[str]]:
    """Return the chief of each stretch, empty for none, and the units of chiefs that are no stretch and no street.

    `streets` are the names of the streets in each stretch, that with most of its length first. A chief of the stretch itself comes before
    one of its street. Where a street has several chiefs they share its stretches in order, in consecutive runs of about equal number.
    """
    by_unit = chiefs_by_unit(staff)
    chief = [" / ".join(by_unit.get(code, ())) for code in codes]
    of_street: dict[str, list[int]] = {}
    for row, names in enumerate(streets):
        street = next((name for name in names if name in by_unit), None)
        if street is not None and not chief[row]:
            of_street.setdefault(street, []).append(row)
    for street, rows in of_street.items():
        people = by_unit[street]
        for place, row in enumerate(rows):
            chief[row] = people[place * len(people) // len(rows)]
    known = set(codes) | {name for names in streets for name in names}
    return chief, set(by_unit) - known
