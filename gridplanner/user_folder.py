"""The folder of what a person keeps for all projects: connections to databases, profiles of exports."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_folder() -> Path:
    """Return the program's folder among the user's settings; it may not be there yet."""
    if sys.platform == "win32":
        home = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Application Support"
    else:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "gridplanner"


def state_folder() -> Path:
    """Return the folder of what the program keeps for itself on this computer (journals, backups, logs); it may not be there yet.

    GRIDPLANNER_STATE names another one.
    """
    said = os.environ.get("GRIDPLANNER_STATE")
    if said:
        return Path(said)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "gridplanner"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "gridplanner" / "state"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "gridplanner"
