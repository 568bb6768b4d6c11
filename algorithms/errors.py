"""Errors of the algorithms; planning/ translates them into words for the planner."""

from __future__ import annotations


class Infeasible(Exception):  # noqa: N818  (a finding about the problem, named as the field names it)
    """No solution keeps every hard rule; the message says which rule, and the closest that can be kept."""
