"""Who may do what with an office's projects, connections that are proven to be those meant, and passwords that stand nowhere."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridplanner.benchmarks.own_server import DATABASE, PASSWORD, USER
from gridplanner.cli import main
from gridplanner.errors import GridplannerError, InputError, ProjectFileError
from gridplanner.io.connections import Connection, forget_connection, save_connection, use_password
from gridplanner.io.project_file import open_saved, save_project
from gridplanner.io.saved import Saved
from gridplanner.io.shared_places import shared_place
from gridplanner.io.shared_project import newest_version, open_shared, remove_shared, save_shared, shared_projects, shared_versions
from gridplanner.io.shared_schema import EDITOR, KEEPER, READER, SCHEMA, TABLES, roles_script
from gridplanner.user_folder import state_folder
from tests.block_town import block_town, planned
from tests.io.postgis_server import Database
from tests.io.shared_desk import edited

OFFICE, CANARY = "office", "Kanarienvogel-7q!"
ROLES = {"leser": READER, "schreiber": EDITOR, "hueter": KEEPER, "niemand": ""}


@pytest.fixture(scope="module")
def office(database: Database) -> Iterator[Database]:
    """A database in which nobody but its keeper may make anything, with a person for each role."""
    server = database.server
    server.run(f"CREATE DATABASE {OFFICE} TEMPLATE {DATABASE}", "postgres")
    server.run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; REVOKE CREATE ON SCHEMA public FROM PUBLIC", OFFICE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(database.folder / "office"))
        for name in ROLES:
            server.run(f"CREATE ROLE {name} LOGIN PASSWORD '{CANARY}'", "postgres")
            save_connection(Connection(name, "127.0.0.1", server.port, OFFICE, name))
            use_password(name, CANARY)
        yield database
        for name in ROLES:
            forget_connection(name)


@pytest.fixture(scope="module")
def with_roles(office: Database) -> Database:
    """The same after its keeper has run the script, twice."""
    with pytest.raises(ProjectFileError, match="gridplanner shared roles"):
        save_shared(Saved(planned(block_town(4, 2))), shared_place("schreiber", "早"))
    for _time in range(2):
        office.server.run(roles_script(), OFFICE)
    for name, role in ROLES.items():
        if role:
            office.server.run(f"GRANT {role} TO {name}", "postgres")
    return office


def allowed(office: Database, name: str, *statements: str) -> list[str]:
    """Return which statements a person may run; none of them lasts."""
    calls = [f"BEGIN EXECUTE $q${text}$q$; RAISE EXCEPTION 'undo'; EXCEPTION WHEN raise_exception THEN RAISE NOTICE 'allowed {number};'; "
             "WHEN insufficient_privilege THEN NULL; END;" for number, text in enumerate(statements)]  # fmt: skip
    said = office.server.run(f"SET ROLE {name}; DO $do$ BEGIN {' '.join(calls)} END $do$", OFFICE)
    return [text for number, text in enumerate(statements) if f"allowed {number};" in said]


def test_an_editor_adds_versions_and_can_neither_change_nor_remove_one(with_roles: Database) -> None:
    place = shared_place("schreiber", "西郊")
    saved = Saved(planned(block_town(4, 2)))
    saved = dataclasses.replace(saved, mark=save_shared(saved, place))
    assert saved.project.grids is not None
    mark = save_shared(edited(saved, min(saved.project.grids.grids), name="x"), place, expected=saved.mark.save_id)
    assert mark.number == 2
    assert [one.role for one in shared_versions(place)] == ["schreiber"] * 2
    kinds = ("DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}", "ALTER TABLE {} ADD more text", "UPDATE {} SET project = DEFAULT")
    bad = [kind.format(f"{SCHEMA}.{table}") for table in TABLES for kind in kinds]
    bad += [f"CREATE TABLE {SCHEMA}.mine (a int)", "CREATE SCHEMA mine", f"DROP SCHEMA {SCHEMA} CASCADE",
            f"INSERT INTO {SCHEMA}.projects (name, project_id, role) VALUES ('a', 'b', 'boss')",
            f"INSERT INTO {SCHEMA}.projects (name, project_id, created) VALUES ('a', 'b', 'epoch')"]  # fmt: skip
    good = f"INSERT INTO {SCHEMA}.projects (name, project_id) VALUES ('a', 'b')"
    assert allowed(with_roles, "schreiber", *bad, good) == [good]
    for name in ("leser", "niemand"):
        assert allowed(with_roles, name, *bad, good) == []
    assert allowed(with_roles, "hueter", *bad, good) == [f"DELETE FROM {SCHEMA}.projects", good]
    with pytest.raises(InputError, match=r"may not remove a project.*gridplanner_keeper"):
        remove_shared(place)
    assert newest_version(place).number == 2


def test_a_reader_reads_and_is_told_why_nothing_is_saved(with_roles: Database) -> None:
    place = shared_place("schreiber", "读")
    saved = Saved(planned(block_town(4, 2)))
    mark = save_shared(saved, place)
    read = open_shared(shared_place("leser", "读"))
    assert read.mark == mark
    with pytest.raises(ProjectFileError, match=r"may read the projects here, not save them.*gridplanner_editor"):
        save_shared(read, shared_place("leser", "读"), expected=mark.save_id)
    for act in (lambda: open_shared(shared_place("niemand", "读")), lambda: shared_projects("niemand")):
        with pytest.raises(InputError, match=r"may not read the projects here.*gridplanner_reader"):
            act()


def test_the_keeper_removes_a_project_with_all_that_belongs_to_it(with_roles: Database) -> None:
    place = shared_place("hueter", "旧")
    save_shared(Saved(planned(block_town(4, 2))), place)
    before = {one.name for one in shared_projects("hueter")}
    number = with_roles.server.run(f"SELECT project FROM {SCHEMA}.projects WHERE name = '旧'", OFFICE).strip()
    remove_shared(place)
    assert {one.name for one in shared_projects("hueter")} == before - {"旧"}
    for table in TABLES:
        assert with_roles.server.run(f"SELECT count(*) FROM {SCHEMA}.{table} WHERE project = {number}", OFFICE).strip() == "0", table


def test_the_roles_cannot_log_in_and_have_no_rights_beside(with_roles: Database) -> None:
    rights = "rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
    text = f"SELECT {rights} FROM pg_roles WHERE rolname = '{{}}'"
    for role in (READER, EDITOR, KEEPER):
        assert with_roles.server.run(text.format(role), OFFICE).strip() == "f"


def test_the_command_puts_lists_gets_and_tells(with_roles: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, out = tmp_path / "镇.gridplan", tmp_path / "again.gridplan"
    save_project(planned(block_town(4, 2)), project)
    place = "postgis:schreiber#命令"
    assert main(["shared", "put", str(project), place]) == 0
    assert main(["shared", "list", "postgis:schreiber"]) == 0
    assert "命令  version 1" in capsys.readouterr().out
    assert main(["shared", "get", place, "--out", str(out)]) == 0
    assert open_saved(out).project.settings == open_saved(project).project.settings
    assert main(["shared", "put", str(out), place, "--after", "1"]) == 0
    assert main(["shared", "put", str(out), place, "--after", "1"]) == 2
    assert "take it in" in capsys.readouterr().err
    assert main(["shared", "log", place]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("version 2")
    assert main(["shared", "remove", "postgis:hueter#命令"]) == 2
    assert main(["shared", "remove", "postgis:hueter#命令", "--yes"]) == 0
    assert main(["shared", "log", place]) == 2
    assert "no project of that name" in capsys.readouterr().err
    assert main(["shared", "--roles"]) == 0
    assert capsys.readouterr().out == roles_script()


def certificate(folder: Path, name: str, host: str) -> tuple[Path, Path]:
    """Make a certificate that vouches for itself, for a host; return it and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("certificates are made with openssl, which is not installed")
    made, key = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(office: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = office.server
    proof, key = certificate(tmp_path, "server", "localhost")
    stranger, _key = certificate(tmp_path, "stranger", "localhost")
    elsewhere, other_key = certificate(tmp_path, "elsewhere", "office.example")
    save_connection(Connection("sicher", "localhost", server.port, DATABASE, USER, "verify-full"))
    use_password("sicher", PASSWORD)

    def prove(with_proof: Path, with_key: Path) -> None:
        for source, name in ((with_proof, "server.crt"), (with_key, "server.key")):
            target = server.data / name
            shutil.copyfile(source, target)
            target.chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(target, "postgres", "postgres")
        server.run("ALTER SYSTEM SET ssl = on", "postgres")
        server.run("SELECT pg_reload_conf()", "postgres")

    try:
        with pytest.raises(InputError, match="cannot be reached"):  # no certificate at all
            shared_projects("sicher")
        prove(proof, key)
        monkeypatch.setenv("PGSSLROOTCERT", str(proof))
        _until_encrypted("sicher")
        monkeypatch.setenv("PGSSLROOTCERT", str(stranger))
        with pytest.raises(InputError, match=r"cannot be reached: .*certificate verify failed"):
            shared_projects("sicher")
        prove(elsewhere, other_key)
        monkeypatch.setenv("PGSSLROOTCERT", str(elsewhere))
        _until_refused("sicher", "office.example")
    finally:
        server.run("ALTER SYSTEM RESET ssl", "postgres")
        server.run("SELECT pg_reload_conf()", "postgres")
        forget_connection("sicher")


def _until_encrypted(name: str) -> None:
    """Reach the server; it takes a moment until it has read its settings again."""
    from gridplanner.io.postgis import open_database

    for _time in range(50):
        try:
            with open_database(name) as link:
                row = link.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
                assert row == (True,)
                return
        except InputError:
            continue
    pytest.fail("the server was not reached over TLS")


def _until_refused(name: str, words: str) -> None:
    for _time in range(50):
        try:
            shared_projects(name)
        except InputError as why:
            if words in str(why):
                return
    pytest.fail(f"nothing was said of {words}")


def test_no_password_stands_in_any_file_or_word(with_roles: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """All that the program writes and says, while things go well and badly, is searched for the password."""
    from gridplanner.io.connections import saved_file

    said: list[str] = []
    place, out = shared_place("schreiber", "密"), tmp_path / "密.gridplan"
    saved = Saved(planned(block_town(4, 2)))
    mark = save_shared(saved, place)
    save_project(open_shared(place).project, out)
    attempts = (
        lambda: save_shared(saved, place, expected="0" * 32),
        lambda: save_shared(saved, shared_place("leser", "密"), expected=mark.save_id),
        lambda: open_shared(shared_place("niemand", "密")),
        lambda: open_shared(Path(f"postgis:postgresql://schreiber:{CANARY}@127.0.0.1/x#密")),
        lambda: save_connection(Connection(f"postgresql://schreiber:{CANARY}@127.0.0.1/x")),
    )
    for act in attempts:
        try:
            act()
        except (GridplannerError, ValueError) as why:
            said.append("".join(traceback.format_exception(why)))
    assert len(said) == len(attempts)
    with_roles.server.run("ALTER ROLE schreiber PASSWORD 'another'", "postgres")
    try:
        with pytest.raises(InputError) as caught:
            open_shared(place)
        said.append("".join(traceback.format_exception(caught.value)))
    finally:
        with_roles.server.run(f"ALTER ROLE schreiber PASSWORD '{CANARY}'", "postgres")
    assert main(["shared", "list", "postgis:schreiber"]) == 0
    assert main(["shared", "put", str(out), f"postgis:schreiber:{CANARY}@h#x"]) == 2
    printed = capfd.readouterr()
    said += [printed.out, printed.err]
    assert not [words for words in said if CANARY in words]
    searched = [path for folder in (state_folder(), saved_file().parent, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert {out, saved_file()} <= set(searched)
    assert not [path for path in searched if CANARY.encode() in path.read_bytes()]
    dump = with_roles.server.run(f"SELECT string_agg(t::text, '') FROM {SCHEMA}.commits t", OFFICE)
    assert CANARY not in dump
