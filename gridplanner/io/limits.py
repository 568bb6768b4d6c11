"""The limits of a grid in words (四至), as exported layers have them."""

from __future__ import annotations

from gridplanner.model.border_text import limits_of_grids, limits_words
from gridplanner.model.lines import Texts
from gridplanner.model.outlines import grid_ids
from gridplanner.model.places import texts
from gridplanner.model.project import Project


def grid_limits(project: Project) -> Texts:
    """Return for each grid, in the order of `grid_ids`, what bounds it on its four sides, in the language in use."""
    assert project.grids is not None
    return texts([limits_words(limits) for limits in limits_of_grids(project, grid_ids(project.grids))])
