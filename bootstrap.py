"""Start gridplanner from a checkout, on a machine that has nothing but Python 3.11 to 3.13 (Linux or Windows).

    python3 bootstrap.py demo [ARGS...]     plan the sample town and show it
    python3 bootstrap.py run [ARGS...]      any gridplanner command; without one, the window
    python3 bootstrap.py test [ARGS...]     ruff, mypy, lint-imports and pytest (ARGS go to pytest)
    python3 bootstrap.py test --packages    build the wheel, check what is in it, install it, start it
    python3 bootstrap.py audit              ask OSV whether a package of the lock has a known vulnerability

The first start makes .venv from requirements.lock; later ones go straight on. What this program itself has to
say goes to standard error, so standard output is the command's own.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # before anything that an old Python does not know
    sys.stderr.write(f"gridplanner needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]} ({sys.executable}).\n")
    sys.exit(2)

import ctypes
import hashlib
import http.client
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import tomllib
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "gridplanner-stamp"
WINDOWS = sys.platform == "win32"
EXE = ".exe" if WINDOWS else ""
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / f"python{EXE}"
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)  # .venv cannot be remade by its own interpreter
VENV_PACKAGE = f"python3.{sys.version_info.minor}-venv"  # Debian packs the means to make an environment apart
QUIET = [] if sys.stderr.isatty() else ["--quiet"]  # a person may watch the download, a log need not
PIP_INSTALL = (str(PYTHON), "-m", "pip", "install", *QUIET, "--disable-pip-version-check", "--require-hashes")

# What Qt needs beside its wheel, by the Debian package that brings it.
LIBRARIES = {
    "libgl1": "libGL.so.1", "libegl1": "libEGL.so.1", "libglib2.0-0": "libglib-2.0.so.0", "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1", "libfreetype6": "libfreetype.so.6", "libx11-6": "libX11.so.6", "libx11-xcb1": "libX11-xcb.so.1",
    "libxkbcommon0": "libxkbcommon.so.0", "libxkbcommon-x11-0": "libxkbcommon-x11.so.0", "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4", "libxcb-image0": "libxcb-image.so.0", "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0", "libxcb-render-util0": "libxcb-render-util.so.0", "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-shm0": "libxcb-shm.so.0", "libxcb-sync1": "libxcb-sync.so.1", "libxcb-xfixes0": "libxcb-xfixes.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
}
TEST_PROGRAMS = {"xvfb": "Xvfb", "xauth": "xauth", "xdotool": "xdotool"}
POSTGIS = "postgresql-postgis"  # the tests start a server of their own; Debian keeps its programs out of the way
POSTGIS_FILES = ("/usr/share/postgresql/*/extension/postgis.control", "/usr/lib/postgresql/*/bin/initdb")
OSV = "https://api.osv.dev/v1/querybatch"  # the open database of vulnerabilities, which PyPI's own advisories are in
AUDIT_SECONDS = 15.0
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


def main(args: Sequence[str]) -> int:
    """Exit code of the verb; 2 where it cannot be started."""
    verb = args[0] if args else ""
    if verb in ("-h", "--help"):
        print(__doc__)
        return 0
    if verb == "audit":
        return audit()
    if verb not in ("demo", "run", "test"):
        stop(f"{__doc__}\n" + (f"There is no verb {verb}." if verb else "The verb is missing."))
    fill_system_gaps(for_tests=verb == "test")
    fill_environment()
    if verb == "test":
        return run_pytest(["-m", "packages", "tests/test_bootstrap.py"])[0] if "--packages" in args else check_sources(args[1:])
    command = [str(PYTHON), "-P", "-m", "ui", *(args if verb == "demo" else args[1:])]
    if not WINDOWS:
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child gets Ctrl-C too, and knows what it means
    return subprocess.call(command)


def fill_system_gaps(for_tests: bool) -> None:
    """Install the Debian packages that are missing (as root), or say the one command that does."""
    packages = missing_packages(for_tests) if sys.platform == "linux" else []
    if sys.platform == "win32" or not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not (shutil.which("dpkg") and shutil.which("apt-get")):
        say(f"Something may be missing that Qt needs; on Debian these packages bring it: {' '.join(packages)}")
    elif os.geteuid() != 0:
        say(f"System packages are missing. This installs them:\n    sudo {' '.join(install)}\nGoing on without them.")
    else:
        say(f"Installing system packages: {' '.join(packages)}")
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        has_lists = any(Path("/var/lib/apt/lists").glob("*_Packages*"))
        # Old lists name files that are gone, so a failure is worth one fresh look.
        if not (has_lists and call(*install)) and not (call("apt-get", "update") and call(*install)):
            say(f"That failed (see above); with a network this does it:\n    {' '.join(install)}\nGoing on without them.")


def missing_packages(for_tests: bool) -> list[str]:
    """Names of the Debian packages that would bring what is not there."""
    missing = [package for package, library in LIBRARIES.items() if not loads(library)]
    if not has_chinese_font():
        missing.append("fonts-wqy-microhei")
    if not venv_is_usable() and not shutil.which("uv") and not importlib.util.find_spec("ensurepip"):
        missing.append(VENV_PACKAGE)
    missing += [package for package, program in TEST_PROGRAMS.items() if for_tests and not shutil.which(program)]
    return missing + ([POSTGIS] if for_tests and not has_postgis() else [])


def loads(library: str) -> bool:
    """Whether the system finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """Whether Chinese text will be more than boxes."""
    fonts = (name for folder in FONT_FOLDERS for _, _, files in os.walk(Path(folder).expanduser()) for name in files)
    return any(re.search(r"wqy|cjk", name, re.IGNORECASE) for name in fonts) or bool(output_of("fc-list", ":lang=zh"))


def has_postgis() -> bool:
    """Whether a PostgreSQL server with PostGIS can be started."""
    return all(any(Path("/").glob(pattern.lstrip("/"))) for pattern in POSTGIS_FILES)


def fill_environment() -> None:
    """Make .venv hold what requirements.lock names, and this checkout; nothing is done where the stamp says so."""
    wanted = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes() + sys.version.encode()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text("utf-8") == wanted:
        return
    say("Preparing .venv; this happens once, and a good network makes it a matter of seconds ...")
    try:
        if not venv_is_usable():
            make_venv()
        install_lock()
        install_checkout()
        STAMP.write_text(wanted, "utf-8")
    except OSError as error:
        stop(f"The environment cannot be made: {error}")


def venv_is_usable() -> bool:
    """Whether .venv has an interpreter of the version that runs this."""
    config = VENV / "pyvenv.cfg"
    version = rf"(?m)^version(_info)? *= *{sys.version_info.major}\.{sys.version_info.minor}\."
    return PYTHON.exists() and config.exists() and bool(re.search(version, config.read_text("utf-8")))


def make_venv() -> None:
    """Make a new, empty .venv."""
    if VENV.exists():
        shutil.rmtree(VENV)
    uv = shutil.which("uv")
    if (uv and call(uv, "venv", *QUIET, "--python", BASE_PYTHON, VENV)) or call(BASE_PYTHON, "-m", "venv", VENV):
        return
    shutil.rmtree(VENV, ignore_errors=True)  # half an environment would pass for a whole one next time
    stop(f"Python cannot make an environment here. On Debian and Ubuntu this helps:\n    sudo apt-get install -y {VENV_PACKAGE}")


def install_lock() -> None:
    """Install every package of the lock, each checked against its hashes: by uv where that works, otherwise by pip."""
    uv = shutil.which("uv") or uv_of_lock()
    if uv and call(uv, "pip", "install", *QUIET, "--python", PYTHON, "--require-hashes", "-r", LOCK):
        return
    if not (call(PYTHON, "-m", "ensurepip") and call(*PIP_INSTALL, "-r", LOCK)):
        stop("The packages of requirements.lock could not be installed (see above). Is there a network, and a way to a package index?")


def uv_of_lock() -> Path | None:
    """Path of the uv that the lock names, brought into .venv by pip; None where that fails."""
    only_uv = VENV / "uv.txt"
    only_uv.write_text("".join(re.findall(r"(?m)^uv==(?:.*\\\n)*.*$", LOCK.read_text("utf-8"))), "utf-8")
    if not call(*PIP_INSTALL, "--only-binary=:all:", "-r", only_uv):
        return None
    # uv does not read pip's settings, where people behind a slow or closed network name their mirror.
    mirror = os.environ.get("PIP_INDEX_URL") or output_of(PYTHON, "-m", "pip", "config", "get", "global.index-url")
    if mirror:
        os.environ.setdefault("UV_DEFAULT_INDEX", mirror)
    return SCRIPTS / f"uv{EXE}"


def install_checkout() -> None:
    """Make this folder importable in .venv and put the command `gridplanner` beside its interpreter."""
    # No editable install: that needs a build, and loses its way when the folder is moved.
    site = VENV / ("Lib/site-packages" if WINDOWS else f"lib/python3.{sys.version_info.minor}/site-packages")
    (site / "gridplanner.pth").write_text(f"{os.path.relpath(ROOT, site)}\n", "utf-8")  # relative: ASCII whatever the folder is called
    command = SCRIPTS / ("gridplanner.cmd" if WINDOWS else "gridplanner")
    posix = '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -P -m ui "$@"\n'
    command.write_text('@"%~dp0python.exe" -P -m ui %*\n' if WINDOWS else posix, "utf-8")
    command.chmod(0o755)


def check_sources(pytest_args: Sequence[str]) -> int:
    """Exit code of the linters and pytest together; pytest's closing line comes last."""
    imports = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"
    linters = {"ruff": ["-m", "ruff", "check", "--output-format=concise", "."], "mypy": ["-m", "mypy"], "lint-imports": ["-c", imports]}
    nice = ["nice"] if shutil.which("nice") else []  # beside pytest but not in its way: some tests measure time

    def lint(args: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*nice, PYTHON, *args], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    with ThreadPoolExecutor(1) as beside:
        reports = beside.map(lint, linters.values())
        status, closing_line = run_pytest(pytest_args)
        for name, report in zip(linters, reports, strict=True):
            print(f"{name}: {'FAILED' if report.returncode else 'passed'}", flush=True)
            if report.returncode:
                sys.stdout.buffer.write(report.stdout)
            status = status or report.returncode
    print(closing_line, flush=True)
    return status


def run_pytest(args: Sequence[str]) -> tuple[int, str]:
    """Exit code and closing line of pytest, whose output passes through as it comes; the whole suite runs on every core."""
    # a file's fixtures are made once; one more than there are processors, as some tests wait for windows, servers and the disk
    spread = ["-n", str((os.cpu_count() or 1) + 1), "--dist=loadfile"] if not args else []
    color = ["--color=yes"] if sys.stdout.isatty() else []
    closing_line = ""
    with subprocess.Popen([PYTHON, "-u", "-m", "pytest", *color, *spread, *args], cwd=ROOT, stdout=subprocess.PIPE) as pytest:
        for line in pytest.stdout or []:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            closing_line = line.decode(errors="replace").rstrip() or closing_line
    return pytest.returncode, closing_line


def audit() -> int:
    """Exit code 1 where a package of the lock has a known vulnerability that pyproject.toml gives no reason for; without a network 0."""
    packages = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\\\]+)", LOCK.read_text("utf-8"))
    answers: list[list[list[str]] | Exception] = []
    # a thread, as the system may look for the name of a server longer than anybody wants to wait
    asking = threading.Thread(target=lambda: answers.append(known_vulnerabilities(packages)), daemon=True)
    asking.start()
    asking.join(AUDIT_SECONDS)
    found = answers[0] if answers else TimeoutError(f"no answer within {AUDIT_SECONDS:.0f} s")
    if isinstance(found, Exception):
        print(f"audit: not checked: no network, or no answer from {OSV.split('/')[2]} ({found})")
        return 0
    reasons = audit_reasons()
    unknown = 0
    for (name, version), numbers in zip(packages, found, strict=True):
        for number in numbers:
            reason = reasons.get(number, "")
            unknown += not reason
            print(f"audit: {name} {version}: https://osv.dev/vulnerability/{number}" + (f" (known: {reason})" if reason else ""))
    print(f"audit: {len(packages)} packages; known vulnerabilities without a reason in pyproject.toml: {unknown}")
    return 1 if unknown else 0


def known_vulnerabilities(packages: Sequence[tuple[str, str]]) -> list[list[str]] | Exception:
    """The numbers of the vulnerabilities that OSV knows of each package, or why it did not say."""
    asked = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in packages]
    request = urllib.request.Request(OSV, json.dumps({"queries": asked}).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=AUDIT_SECONDS) as answer:
            results = json.load(answer)["results"]
        found = [[re.sub(r"[^\w.-]", "?", each["id"]) for each in one.get("vulns") or ()] for one in results]
    except (OSError, http.client.HTTPException) as why:
        return why
    except (ValueError, LookupError, TypeError, AttributeError):
        found = []
    return found if len(found) == len(asked) else ValueError("it answered something else")


def audit_reasons() -> dict[str, str]:
    """Why a known vulnerability does not matter here, by its number: [tool.gridplanner.audit] ignore = [{ id = "…", reason = "…" }]."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")).get("tool", {}).get("gridplanner", {}).get("audit", {})
    return {each["id"]: each["reason"] for each in table.get("ignore", ())}


def call(*command: str | Path) -> bool:
    """Whether a program ended well; what it says goes to standard error."""
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0


def output_of(*command: str | Path) -> str:
    """What a program says on standard output; nothing where it fails or is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def say(message: str) -> None:
    """Tell the person in front of it."""
    print(message, file=sys.stderr, flush=True)


def stop(message: str) -> NoReturn:
    """End: nothing can be started."""
    say(message)
    sys.exit(2)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
