"""Published shift-scheduling instances as rostering problems: sections of comma-separated rows, all beginning on a Monday."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from algorithms.rostering.problem import FREE, OFF, RosterProblem
from gridplanner.errors import InputError
from gridplanner.i18n import _

BEST = {"Instance1": 607, "Instance2": 828, "Instance3": 1001}  # proven by others
SECTIONS = ("HORIZON", "SHIFTS", "STAFF", "DAYS_OFF", "SHIFT_ON_REQUESTS", "SHIFT_OFF_REQUESTS", "COVER")


def read_shift_instance(path: Path) -> RosterProblem:
    """Return a published instance as a problem of one group; a wish not met, a person short and one too many cost what the file says.

    A shift wanted on a day costs its weight with every other shift of that day and with none. Raises InputError.
    """
    sections = _sections(path)
    try:
        return _problem(sections)
    except (KeyError, IndexError, ValueError) as error:
        raise InputError(_("{file} is no shift-scheduling instance: {reason}").format(file=path, reason=error)) from error


def _sections(path: Path) -> dict[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {name: [] for name in SECTIONS}
    name = ""
    for line in path.read_text(encoding="ascii").splitlines():
        text = line.strip()
        if text.startswith("SECTION_"):
            name = text.removeprefix("SECTION_")
        elif text and not text.startswith("#") and name in sections:
            sections[name].append([word.strip() for word in text.split(",")])
    return sections


def _problem(sections: dict[str, list[list[str]]]) -> RosterProblem:
    days = int(sections["HORIZON"][0][0])
    shift = {row[0]: number for number, row in enumerate(sections["SHIFTS"])}
    person = {row[0]: number for number, row in enumerate(sections["STAFF"])}
    people, shifts = len(person), len(shift)
    follows = np.ones((shifts, shifts), bool)
    for row in sections["SHIFTS"]:
        for other in filter(None, row[2].split("|")):
            follows[shift[row[0]], shift[other]] = False
    most = np.full((people, shifts), days)
    limits = np.array([[int(word) for word in row[2:8]] for row in sections["STAFF"]])
    for row in sections["STAFF"]:
        for text in filter(None, row[1].split("|")):
            name, count = text.split("=")
            most[person[row[0]], shift[name]] = int(count)
    fixed = np.full((people, days), FREE)
    for row in sections["DAYS_OFF"]:
        fixed[person[row[0]], [int(day) for day in row[1:]]] = OFF
    cost, off_cost = np.zeros((people, days, shifts), np.int64), np.zeros((people, days), np.int64)
    for who, day, what, weight in _wishes(sections["SHIFT_ON_REQUESTS"], person, shift):
        cost[who, day] += weight
        cost[who, day, what] -= weight
        off_cost[who, day] += weight
    for who, day, what, weight in _wishes(sections["SHIFT_OFF_REQUESTS"], person, shift):
        cost[who, day, what] += weight
    demand, short, over = (np.zeros((1, days, shifts), np.int64) for _part in range(3))
    for day_text, name, *numbers in sections["COVER"]:
        cell = (0, int(day_text), shift[name])
        demand[cell], short[cell], over[cell] = (int(number) for number in numbers)
    saturdays = np.arange(5, days, 7)
    return RosterProblem(
        allowed=np.broadcast_to((most > 0)[:, None], cost.shape), fixed=fixed, follows=follows,
        minutes=np.array([int(row[1]) for row in sections["SHIFTS"]]), demand=demand, short=short, over=over,
        group=np.zeros(people, np.int64), max_minutes=limits[:, 0], min_minutes=limits[:, 1], max_shifts=most, max_run=limits[:, 2],
        min_run=limits[:, 3], min_off=limits[:, 4], max_weekends=limits[:, 5], weekends=np.column_stack((saturdays, saturdays + 1)),
        cost=cost, off_cost=off_cost,
    )  # fmt: skip


def _wishes(rows: list[list[str]], person: dict[str, int], shift: dict[str, int]) -> Iterator[tuple[int, int, int, int]]:
    for who, day, what, weight in rows:
        yield person[who], int(day), shift[what], int(weight)
