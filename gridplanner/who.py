"""Who is at the computer, as its own system calls them: for locks and the change log."""

from __future__ import annotations

import getpass
import os
import socket
from functools import lru_cache


@lru_cache(maxsize=1)
def who() -> str:
    """Return login@computer; GRIDPLANNER_WHO says otherwise (an office that wants desks instead of logins)."""
    said = os.environ.get("GRIDPLANNER_WHO", "").strip()
    if said:
        return said
    try:
        login = getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        login = "?"
    return f"{login}@{socket.gethostname() or '?'}"
