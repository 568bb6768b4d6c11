"""Whether a process that left a mark is alive: by its number and its start, never by the time of day."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

UNSEEN = "?"  # a process is there, when it started is hidden


@dataclass(frozen=True)
class Alive:
    """A process as its mark says: the computer and its boot (hashed), the room in which process numbers count, number and start."""

    computer: str
    boot: str
    pid: int
    started: str


def this_process() -> Alive:
    """Return the mark of the process that asks."""
    return Alive(_computer(), _boot(), os.getpid(), _started(os.getpid()))


def is_alive(mark: Alive) -> bool | None:
    """Tell whether the process of a mark is alive; None where that cannot be known: it is another computer's, or a container's."""
    if mark.computer != _computer():
        return None
    if mark.boot != _boot():
        return False if _room(mark.boot) == _room(_boot()) else None
    now = _started(mark.pid)
    return bool(now) and (now == UNSEEN or not mark.started or now == mark.started)


@lru_cache(maxsize=1)
def _computer() -> str:
    name = ""
    for place in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        with contextlib.suppress(OSError):
            name = name or Path(place).read_text(encoding="ascii", errors="replace").strip()
    if sys.platform == "win32":
        import winreg

        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, winreg.KEY_READ | 0x0100) as key,
        ):
            name = str(winreg.QueryValueEx(key, "MachineGuid")[0])
    return _hashed(f"{name}/{socket.gethostname()}")


@lru_cache(maxsize=1)
def _boot() -> str:
    """Return which start of the computer this is and, behind a dot, the room of process numbers (a container has its own)."""
    boot = room = ""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            room = str(Path("/proc/self/ns/pid").readlink())
    elif sys.platform == "darwin":
        boot = _said("sysctl", "-n", "kern.bootsessionuuid")
    return f"{_hashed(boot)}.{_hashed(room)}"


def _room(boot: str) -> str:
    return boot.partition(".")[2]


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _started(pid: int) -> str:
    """Return when a process started, as the system counts it; empty where there is no such process."""
    if pid <= 0:
        return ""
    if sys.platform == "linux":
        try:
            text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return _unseen(pid)
        words = text.rpartition(")")[2].split()  # the name before may hold anything
        return "" if words[0] in "ZX" else words[19]
    if sys.platform == "win32":
        return _started_on_windows(pid)
    return _said("ps", "-o", "lstart=", "-p", str(pid))


def _unseen(pid: int) -> str:
    """Return UNSEEN for a process of another account that the system hides, empty where there is none."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return UNSEEN
    except (OSError, OverflowError):  # no process has such a number
        return ""
    return UNSEEN


def _said(*command: str) -> str:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            command, capture_output=True, text=True, timeout=5, env={**os.environ, "LC_ALL": "C"}, check=True
        ).stdout.strip()
    return ""


def _started_on_windows(pid: int) -> str:
    """Return a process's time of creation in 100 ns since 1601; empty where it has ended. Another account's process counts as alive."""
    if sys.platform != "win32":
        return ""
    import ctypes
    from ctypes import wintypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = wintypes.HANDLE
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return UNSEEN if ctypes.get_last_error() == 5 else ""
    try:
        code = wintypes.DWORD()
        if kernel.GetExitCodeProcess(wintypes.HANDLE(handle), ctypes.byref(code)) and code.value != 259:  # STILL_ACTIVE
            return ""
        times = [wintypes.FILETIME() for _at in range(4)]
        kernel.GetProcessTimes(wintypes.HANDLE(handle), *(ctypes.byref(time) for time in times))
        return str((times[0].dwHighDateTime << 32) | times[0].dwLowDateTime)
    finally:
        kernel.CloseHandle(wintypes.HANDLE(handle))
