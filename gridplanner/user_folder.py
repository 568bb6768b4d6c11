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
