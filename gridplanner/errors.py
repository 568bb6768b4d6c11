"""What can go wrong, split by what failed; the text is for the planner and says what to do."""

from __future__ import annotations


class GridplannerError(Exception):
    """Any failure that a planner can mend; its text names the file, layer, row or grid, and the remedy."""

    exit_code = 2


class InputError(GridplannerError):
    """A source or plan file cannot be used as it is."""


class ProjectFileError(GridplannerError):
    """A project file cannot be opened or saved."""


class EditRejected(GridplannerError):  # noqa: N818  (named for what happened, as the design has it)
    """An edit would corrupt the project, or was made from data that has been replaced since."""


class NoPlanFound(GridplannerError):  # noqa: N818  (the same)
    """A hard rule cannot be kept; the text says which, and the closest that can."""

    exit_code = 3
