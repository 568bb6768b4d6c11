"""The file of an export profile."""

from __future__ import annotations

from pathlib import Path

from gridplanner.errors import InputError, ProjectFileError
from gridplanner.export_profiles import ExportProfile, profile_text
from gridplanner.io.keeping.swap import write_whole


def write_profile(profile: ExportProfile, path: Path) -> None:
    """Write a profile so that its file is the earlier one or the new one; raises InputError with what to do where that is not possible."""
    try:
        write_whole(path, profile_text(profile).encode("utf-8"))
    except ProjectFileError as why:
        raise InputError(str(why)) from None
