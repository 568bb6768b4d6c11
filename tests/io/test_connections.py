"""Connections by name: services, saved ones, and passwords that are written nowhere but into the keyring."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from gridplanner.errors import InputError
from gridplanner.io import connections
from gridplanner.io.connections import (
    Connection,
    database_path,
    find_connection,
    forget_connection,
    known_connections,
    name_and_table,
    password_of,
    save_connection,
    saved_file,
)
from gridplanner.io.inspection import inspect
from gridplanner.io.vector_files import list_layers
from gridplanner.plan_file import read_plan
from gridplanner.settings import ExportSettings, SourceSettings

SECRET = "geheim-42"
TOWN = Connection("西郊", "10.0.0.5", 5433, "gis", "planner", "require")
ADDRESSES = (
    f"postgis:postgresql://planner:{SECRET}@host/gis", f"postgresql://planner:{SECRET}@host/gis", f"postgres://u:{SECRET}@h/d",
    f"postgis:host=h password={SECRET}", f"postgis:planner:{SECRET}@host", "postgis:",
)  # fmt: skip


class Ring(KeyringBackend):
    """A keyring of this process."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedRing(Ring):
    """One that the user did not unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    set_password = get_password  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's settings, services and keyring of their own."""
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "配置"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services.conf"))
    monkeypatch.setattr(connections, "_typed", {})
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    yield tmp_path
    keyring.set_keyring(before)


def forget_typed() -> None:
    """Begin the program anew."""
    connections._typed.clear()


def test_a_saved_connection_comes_back_and_its_password_lies_in_the_keyring_alone(home: Path) -> None:
    assert save_connection(TOWN, SECRET)
    assert save_connection(Connection("乙", database="b"), "")
    forget_typed()
    assert find_connection("西郊") == TOWN
    assert password_of(TOWN) == SECRET
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files == [saved_file()]
    assert SECRET not in saved_file().read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(saved_file().stat().st_mode) == 0o600
    assert SECRET not in repr(find_connection("西郊"))
    forget_connection("西郊")
    assert [one.name for one in known_connections()] == ["乙"]
    assert password_of(TOWN) == ""


def test_signs_that_toml_forbids_do_not_lose_the_other_connections() -> None:
    save_connection(Connection("town"))
    save_connection(Connection("a\x7fb", "10.0.0.5", 5433, '库 "1"', "某\\人"))
    assert {one.name for one in known_connections()} >= {"town", "a\x7fb"}
    assert find_connection("a\x7fb") == Connection("a\x7fb", "10.0.0.5", 5433, '库 "1"', "某\\人")


@pytest.mark.parametrize("schema", ["", " ", "长" * 22, "a\x00b", "pg_mine", "information_schema"])
def test_what_cannot_be_a_schema_is_refused_before_anything_is_written(schema: str) -> None:
    with pytest.raises(ValueError, match="schema is"):
        ExportSettings(postgis="town", schema=schema)


@pytest.mark.parametrize("ring", [NoKeyring, LockedRing])
def test_without_a_keyring_a_password_is_known_until_the_program_ends(ring: type[KeyringBackend], home: Path) -> None:
    keyring.set_keyring(ring())
    assert not save_connection(TOWN, SECRET)
    assert password_of(TOWN) == SECRET
    assert connections.typed_passwords() == {"西郊": SECRET}
    forget_typed()
    assert password_of(TOWN) == ""
    assert not any(SECRET in path.read_text(encoding="utf-8") for path in home.rglob("*") if path.is_file())


def test_services_are_found_and_their_passwords_not_read(home: Path) -> None:
    text = f"# 注释\n[town]\nhost=10.0.0.7\nport=5440\ndbname=gis\nuser=u\npassword={SECRET}\n\n[bad=name]\nhost=x\n[bare]\n"
    (home / "services.conf").write_text(text, encoding="utf-8")
    town, bare = known_connections()
    assert (town.name, town.host, town.port, town.database, town.is_service) == ("town", "10.0.0.7", 5440, "gis", True)
    assert bare.name == "bare"
    assert SECRET not in repr(known_connections())
    with pytest.raises(InputError, match="name of a service"):
        save_connection(Connection("town", database="x"))
    with pytest.raises(InputError, match="did you mean town"):
        find_connection("towm")


def test_a_file_that_holds_a_password_or_nonsense_is_refused_with_the_remedy() -> None:
    saved_file().parent.mkdir(parents=True)
    for text, told in (
        (f'[a]\nhost = "h"\npassword = "{SECRET}"\n', "take it out"), ('[a]\nport = "x"\n', "is no connection"),
        ("a = 1\n", "is no connection"), ("[a\n", "mend the file"), ('[a]\nport = 99999\n', "65535"),
        ('["u@h"]\nhost = "h"\n', "named by a service"),
    ):  # fmt: skip
        saved_file().write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=told) as refused:
            known_connections()
        assert SECRET not in str(refused.value)


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_is_refused_wherever_it_stands_and_never_repeated(path: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(f'[sources.roads]\npath = "{path}"\n', encoding="utf-8")
    for attempt in (
        lambda: SourceSettings(path=path), lambda: read_plan(plan), lambda: ExportSettings(postgis=path), lambda: name_and_table(path),
        lambda: inspect([Path(path)]), lambda: list_layers(Path(path)),
    ):  # fmt: skip
        with pytest.raises((ValueError, InputError), match=r"named by a service.*keyring") as refused:
            attempt()
        assert SECRET not in str(refused.value)


def test_paths_name_a_connection_and_a_table() -> None:
    assert name_and_table(Path(database_path("西郊 库", "公共.街道#1"))) == ("西郊 库", "公共.街道#1")
    assert SourceSettings(path="postgis:西郊 库").in_database
