"""A filled embedded home moves to a server and back, and every count stays the same to the byte."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.archive import Archive
from db import manifest
from db.backup import backup, restore
from db.embedded import EmbeddedServer
from db.engine import address_url, make_engine, open_database, session_scope
from db.errors import BackupError, DiskFullError
from db.filters import Filters
from db.seed_load import load_seeds
from db.settings import Settings
from jobs.import_files import import_files
from jobs.link import link_queue
from jobs.manifest import read_manifest
from jobs.read import read_captures
from seeds import load_knowledge
from tests.db.conftest import Place
from tests.db.contents import contents, differences
from tests.saved_pages import save_pages

ASKED = (Filters(roles=("references",)), Filters(brand=("Seagate",)), Filters(brand=("Seagate",), region=("65",)))


def bring_in(settings: Settings, pages: Path) -> None:
    with open_database(settings) as engine:
        with session_scope(engine) as session:
            load_seeds(session)
        assert import_files(engine, settings.archive, read_manifest(pages)).ok
        assert read_captures(engine, settings.archive, knowledge_source=load_knowledge).readings
        link_queue(engine)


def counted(settings: Settings) -> list[str]:
    with open_database(settings) as engine, session_scope(engine) as session:
        return [manifest.dump(manifest.make(session, asked)) for asked in ASKED]


def held(settings: Settings) -> dict[str, list[str]]:
    with open_database(settings) as engine:
        return contents(engine)


@pytest.fixture(scope="module")
def server(made_home, tmp_path_factory):
    """Another cluster, on TCP, and the login of somebody who owns one database of it and nothing else."""
    home = tmp_path_factory.mktemp("server") / "home"
    shutil.copytree(made_home, home, symlinks=True)
    place = Place(home)
    if (owner := (made_home / "postgres" / "data").stat()).st_uid:
        for path in (home / "postgres" / "data", *(home / "postgres" / "data").rglob("*")):
            shutil.chown(path, owner.st_uid, owner.st_gid)
    with EmbeddedServer(home, port=40000 + secrets.randbelow(20000), durable=False).join() as address:
        admin = make_engine(address_url(address), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("create role mover login password 'of the test'")
        yield admin, address_url(address).set(username="mover", password="of the test")
        admin.dispose()
    assert place.left_nothing()


@pytest.fixture
def target(server):
    """An empty database of the mover's own, where an administrator has put the extension already."""
    admin, url = server
    name = f"moved_{secrets.token_hex(4)}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"create database {name} owner mover template template0")
    there = make_engine(admin.url.set(database=name), isolation_level="AUTOCOMMIT")
    with there.connect() as connection:
        connection.exec_driver_sql("create extension pg_trgm")
    there.dispose()
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"drop database {name} with (force)")


def test_a_filled_home_moves_to_a_server_and_back(own_place, target, tmp_path) -> None:
    embedded = Settings(own_place.home, None)
    bring_in(embedded, save_pages(tmp_path / "saved", 8))
    told, everything = counted(embedded), held(embedded)
    assert '"lower": 0' not in told[0].split('"N1"')[1][:60]

    backup(embedded, tmp_path / "to-server.backup")
    on_server = Settings(own_place.home, target)  # the archive stays where it is
    restored = restore(on_server, tmp_path / "to-server.backup")
    assert (restored.missing, restored.changed) == ([], [])
    assert counted(on_server) == told
    assert differences(everything, held(on_server)) == {}

    # The server's copy lives on: new rows get new numbers, old manifests still verify.
    bring_in(on_server, save_pages(tmp_path / "more", 4, first=8))
    grown = counted(on_server)
    assert grown != told
    with open_database(on_server) as engine, session_scope(engine) as session:
        for text in told:
            assert manifest.verify(session, json.loads(text)).ok

    backup(on_server, tmp_path / "back.backup")
    back = Settings(tmp_path / "new-home", None)
    shutil.copytree(own_place.home / "archive", back.archive)
    restored = restore(back, tmp_path / "back.backup")
    assert (restored.missing, restored.changed) == ([], [])
    assert counted(back) == grown
    assert Archive(back.archive).verify().ok
    bring_in(back, save_pages(tmp_path / "last", 2, first=12))
    assert counted(back) != grown
    with pytest.raises(BackupError, match="is not empty"):
        restore(back, tmp_path / "back.backup")
    with pytest.raises(BackupError, match="is not empty"):
        restore(on_server, tmp_path / "back.backup")


def test_a_restore_onto_a_full_disk_leaves_the_target_empty(own_place, small_disk, tmp_path) -> None:
    embedded = Settings(own_place.home, None)
    with open_database(embedded) as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "create table large as select n, repeat(md5(n::text), 40) as words from generate_series(1, 40000) n"
        )
    backup(embedded, tmp_path / "a.backup")
    home = small_disk / "home"
    target = Settings(home, None)
    with EmbeddedServer(home, durable=False).join():
        pass
    with pytest.raises(DiskFullError) as caught:
        restore(target, tmp_path / "a.backup")
    assert "\n" not in str(caught.value)
    assert "free some space" in str(caught.value)
    with open_database(target, migrate=False) as engine:
        assert sa.inspect(engine).get_table_names() == []
