"""The way from a bare checkout to a running program, as far as one machine can show it; and, apart, the packages."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("algorithms", "gridplanner", "sample_data", "ui")


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The program as a module whose .venv is an empty folder elsewhere."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("VENV", "STAMP", "SCRIPTS", "PYTHON"):
        setattr(module, name, tmp_path / getattr(module, name).relative_to(ROOT))
    return module


def start(*args: str, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run([python, ROOT / "bootstrap.py", *args], capture_output=True, text=True, env=env, cwd=ROOT.parent, check=False)


def test_help_names_every_verb() -> None:
    result = start("--help")
    assert result.returncode == 0
    assert all(f"bootstrap.py {verb}" in result.stdout for verb in ("demo", "run", "test", "audit"))


@pytest.mark.parametrize("args", [[], ["dance"]])
def test_a_wrong_verb_is_wrong_usage(args: list[str]) -> None:
    result = start(*args)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        exec(compile((ROOT / "bootstrap.py").read_text(encoding="utf-8"), "bootstrap.py", "exec"), {"__name__": "old"})
    assert stopped.value.code == 2
    assert "Python 3.11" in capsys.readouterr().err


def test_a_prepared_environment_is_left_alone(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(bootstrap, "venv_is_usable", lambda: True)
    monkeypatch.setattr(bootstrap, "install_lock", lambda: installed.append("lock"))
    monkeypatch.setattr(bootstrap, "install_checkout", lambda: installed.append("checkout"))
    bootstrap.SCRIPTS.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    bootstrap.fill_environment()
    before = time.perf_counter()
    bootstrap.fill_environment()
    assert time.perf_counter() - before < 0.3
    assert installed == ["lock", "checkout"]


def test_a_failed_installation_is_tried_again_next_time(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "venv_is_usable", lambda: True)
    monkeypatch.setattr(bootstrap, "uv_of_lock", lambda: None)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    monkeypatch.setattr(bootstrap, "call", lambda *_: False)
    bootstrap.SCRIPTS.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    with pytest.raises(SystemExit) as stopped:
        bootstrap.fill_environment()
    assert stopped.value.code == 2
    assert not bootstrap.STAMP.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Debian has these packages")
def test_without_root_one_command_for_all_missing_packages_is_said(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(bootstrap, "has_chinese_font", lambda: False)
    monkeypatch.setattr(bootstrap, "has_postgis", lambda: False)
    monkeypatch.setattr(bootstrap, "venv_is_usable", lambda: True)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    bootstrap.fill_system_gaps(for_tests=True)
    assert "sudo apt-get install -y --no-install-recommends libegl1 fonts-wqy-microhei postgresql-postgis\n" in capsys.readouterr().err


def test_the_checkout_is_importable_through_a_relative_path(bootstrap: ModuleType) -> None:
    site = bootstrap.VENV / ("Lib/site-packages" if bootstrap.WINDOWS else f"lib/python3.{sys.version_info.minor}/site-packages")
    site.mkdir(parents=True)
    bootstrap.SCRIPTS.mkdir(parents=True, exist_ok=True)
    bootstrap.install_checkout()
    assert (site / (site / "gridplanner.pth").read_text(encoding="utf-8").strip()).resolve() == ROOT


@pytest.mark.packages
def test_the_wheel_holds_every_file_of_the_packages_and_starts(tmp_path: Path) -> None:
    source, env = tmp_path / "source", tmp_path / "env"
    for package in PACKAGES:  # a copy: a build in the checkout would pack the leavings of an earlier one
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for path in (ROOT / "pyproject.toml", ROOT / "LICENSE", *ROOT.glob("README.md")):
        shutil.copy(path, source)
    files = {path.relative_to(source).as_posix() for package in PACKAGES for path in (source / package).rglob("*") if path.is_file()}

    build = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"
    run(sys.executable, "-c", build, str(tmp_path), cwd=source)
    wheel = next(tmp_path.glob("*.whl"))
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()

    run("uv", "venv", "--quiet", "--python", sys.executable, str(env), cwd=tmp_path)
    run("uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(env), str(wheel), cwd=tmp_path)
    # The dependencies are those at hand. A path named in a .pth file brings none of that path's own .pth files, so not the checkout.
    (site,) = env.rglob("site-packages")
    (site / "dependencies.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n", encoding="utf-8")
    command = shutil.which("gridplanner", path=str(env / Path(sys.executable).parent.name))
    assert command is not None
    assert "gridplanner" in run(command, "--help", cwd=tmp_path)


def run(*command: str, cwd: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, "PATH": path}, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture
def advisories(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """A server in the place of OSV that knows one vulnerability of the first package asked for; the names that it was asked for.

    With a parameter it says that of every package.
    """
    asked: list[str] = []
    strange: list[object] = getattr(request, "param", [])

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            asked.extend(query["package"]["name"] for query in queries)
            results = [{"vulns": [{"id": "GHSA-0000"}]}, *[{} for _query in queries[1:]]] if not strange else [strange[0]] * len(queries)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": results}).encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    monkeypatch.setattr(bootstrap, "OSV", f"http://127.0.0.1:{server.server_port}/v1/querybatch")
    monkeypatch.setenv("no_proxy", "*")
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_audit_asks_for_every_package_of_the_lock_and_tells_what_is_known(
    bootstrap: ModuleType, advisories: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.audit() == 1
    told = capsys.readouterr().out
    assert f"audit: {advisories[0]} " in told
    assert "https://osv.dev/vulnerability/GHSA-0000\n" in told
    assert {"numpy", "pyside6-essentials", "pillow"} <= {name.lower() for name in advisories}


def test_a_vulnerability_with_a_reason_is_told_and_passes(
    bootstrap: ModuleType, advisories: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    text = '[tool.gridplanner.audit]\nignore = [{ id = "GHSA-0000", reason = "not used" }]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert bootstrap.audit() == 0
    assert "(known: not used)" in capsys.readouterr().out


@pytest.mark.parametrize("advisories", [[None], [[]], ["x"], [{"vulns": [{}]}], [{"vulns": 5}]], indirect=True)
def test_an_answer_that_is_none_is_told_as_such(bootstrap: ModuleType, advisories: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.audit() == 0
    assert advisories
    assert "not checked" in capsys.readouterr().out


def test_without_a_network_the_audit_says_so_and_passes(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OSV", "http://127.0.0.1:9/v1/querybatch")
    monkeypatch.setenv("no_proxy", "*")
    assert bootstrap.audit() == 0
    assert "not checked: no network" in capsys.readouterr().out
