"""What was saved comes back, all of it, or nothing does."""

import hashlib
import io
import json
import os
import secrets
import shutil
import signal
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import backup as module
from db._account import account_for
from db.backup import backup, read_manifest, restore
from db.engine import make_engine, open_database, upgrade
from db.errors import BackupError, DatabaseError, DiskFullError, SchemaAhead, SchemaBehind
from db.settings import Settings
from tests.conftest import database
from tests.db.conftest import until


@pytest.fixture
def filled(settings, engine):
    """A database with rows in a table of each kind of value, and an archive of two files."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create table sample as select n, 'a' || chr(9) || '公安局\n' || n as words, null::text as none, "
            "now() as at, n * 1.25 as money from generate_series(1, 500) n"
        )
        connection.exec_driver_sql("create table empty_sample (id bigint generated always as identity primary key)")
    (settings.archive / "2026").mkdir(parents=True)
    (settings.archive / "2026" / "a.warc.gz").write_bytes(b"first" * 1000)
    (settings.archive / "b 采购.warc.gz").write_bytes(b"second")
    return settings


@pytest.fixture
def elsewhere(tmp_path, empty_database_url):
    return Settings(tmp_path / "elsewhere", empty_database_url.render_as_string(hide_password=False))


def content(settings):
    with open_database(settings, migrate=False) as engine, engine.connect() as connection:
        return connection.exec_driver_sql("select * from sample order by n").all()


def tables(settings):
    with open_database(settings, migrate=False) as engine:
        return sa.inspect(engine).get_table_names()


def test_what_was_saved_comes_back(filled, elsewhere, tmp_path):
    saved = backup(filled, tmp_path / "a.backup")
    assert saved.rows["public.sample"] == 500
    assert saved.rows["public.empty_sample"] == 0
    assert (saved.archive_files, saved.archive_bytes) == (2, 5006)
    assert read_manifest(tmp_path / "a.backup") == saved
    shutil.copytree(filled.archive, elsewhere.archive)
    restored = restore(elsewhere, tmp_path / "a.backup")
    assert (restored.manifest, restored.missing, restored.changed) == (saved, [], [])
    assert content(elsewhere) == content(filled)
    with open_database(elsewhere):  # the schema is current again
        pass


def test_the_archive_is_held_against_the_index(filled, elsewhere, tmp_path):
    backup(filled, tmp_path / "a.backup")
    assert restore(elsewhere, tmp_path / "a.backup").missing == ["2026/a.warc.gz", "b 采购.warc.gz"]


def test_a_file_that_grew_is_whole_and_one_that_differs_is_named(filled, tmp_path, server_url):
    backup(filled, tmp_path / "a.backup")
    grown, other = filled.archive / "2026" / "a.warc.gz", filled.archive / "b 采购.warc.gz"
    with grown.open("ab") as file:
        file.write(b"more")
    other.write_bytes(b"secomd")
    with database(server_url) as url:
        target = Settings(filled.home, url.render_as_string(hide_password=False))
        restored = restore(target, tmp_path / "a.backup")
    assert (restored.missing, restored.changed) == ([], ["b 采购.warc.gz"])
    other.write_bytes(b"seco")
    with database(server_url) as url:
        target = Settings(filled.home, url.render_as_string(hide_password=False))
        assert restore(target, tmp_path / "a.backup").changed == ["b 采购.warc.gz"]


def test_an_embedded_database_is_saved_and_brought_back(own_place, tmp_path):
    with open_database(Settings(own_place.home, None)) as engine, engine.begin() as connection:
        connection.exec_driver_sql("create table sample as select n from generate_series(1, 3) n")
    saved = backup(Settings(own_place.home, None), tmp_path / "a.backup")
    assert saved.server.startswith("18")
    assert own_place.left_nothing()
    target = Settings(tmp_path / "second", None)
    restore(target, tmp_path / "a.backup")
    assert content(target) == [(1,), (2,), (3,)]


def test_rows_written_meanwhile_do_not_upset_the_count(filled, elsewhere, tmp_path, engine, monkeypatch):
    """Counted and dumped in one snapshot."""
    ran = module.client_command

    def write_first(url, program, *arguments):
        with engine.begin() as connection:
            connection.exec_driver_sql("insert into sample (n) values (501)")
        return ran(url, program, *arguments)

    monkeypatch.setattr(module, "client_command", write_first)
    saved = backup(filled, tmp_path / "a.backup")
    monkeypatch.setattr(module, "client_command", ran)
    assert saved.rows["public.sample"] == 500
    restore(elsewhere, tmp_path / "a.backup")
    assert len(content(elsewhere)) == 500
    assert len(content(filled)) == 501


def test_a_database_that_is_not_empty_is_not_restored_into(filled, tmp_path):
    backup(filled, tmp_path / "a.backup")
    with pytest.raises(BackupError, match="is not empty") as caught:
        restore(filled, tmp_path / "a.backup")
    assert "new CAIGOU_HOME" in str(caught.value)
    assert len(content(filled)) == 500


def test_an_empty_database_is_not_saved(elsewhere, tmp_path):
    with pytest.raises(BackupError, match="nothing to save"):
        backup(elsewhere, tmp_path / "a.backup")
    assert list(tmp_path.glob("*backup*")) == []


def test_a_backup_is_never_written_over(filled, tmp_path):
    (tmp_path / "a.backup").write_text("mine")
    with pytest.raises(BackupError, match="exists"):
        backup(filled, tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "mine"


def test_a_directory_that_is_not_there_is_one_line(filled, tmp_path):
    with pytest.raises(BackupError, match="is not a directory"):
        backup(filled, tmp_path / "no" / "a.backup")


def test_a_damaged_dump_is_noticed_before_anything_is_restored(filled, elsewhere, tmp_path):
    path = tmp_path / "a.backup"
    backup(filled, path)
    with tarfile.open(path) as tar:
        middle = tar.getmember("database.dump").offset_data + 2000
    with path.open("r+b") as file:
        file.seek(middle)
        byte = file.read(1)
        file.seek(middle)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(BackupError, match="is damaged"):
        restore(elsewhere, path)
    assert tables(elsewhere) == []


@pytest.mark.parametrize("length", [0, 10, 5000])
def test_half_a_file_is_no_backup(filled, elsewhere, tmp_path, length):
    path = tmp_path / "a.backup"
    backup(filled, path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BackupError):
        restore(elsewhere, path)
    assert tables(elsewhere) == []


def test_a_file_that_is_none_and_one_that_is_not_there(elsewhere, tmp_path):
    (tmp_path / "other").write_text("words")
    with pytest.raises(BackupError, match="is not a backup"):
        restore(elsewhere, tmp_path / "other")
    with pytest.raises(BackupError, match="No such file"):
        restore(elsewhere, tmp_path / "none")


def rewrite(path, target, **changes):
    """The same backup with another manifest."""
    with tarfile.open(path) as old, tarfile.open(target, "w:") as new:
        for member in old.getmembers():
            raw = old.extractfile(member).read()
            if member.name == "manifest.json":
                raw = json.dumps({**json.loads(raw), **changes}).encode()
                member.size = len(raw)
            new.addfile(member, io.BytesIO(raw))
    return target


def test_a_restore_that_miscounts_is_rolled_back(filled, elsewhere, tmp_path):
    saved = backup(filled, tmp_path / "a.backup")
    wrong = rewrite(tmp_path / "a.backup", tmp_path / "b.backup", rows={**saved.rows, "public.sample": 499})
    with pytest.raises(BackupError, match=r"public\.sample has not the 499 rows"):
        restore(elsewhere, wrong)
    assert tables(elsewhere) == []


def test_a_restore_that_breaks_off_is_rolled_back(filled, elsewhere, tmp_path):
    """A dump that ends early, though its digest is right."""
    backup(filled, tmp_path / "a.backup")
    with tarfile.open(tmp_path / "a.backup") as tar:
        dump = tar.extractfile("database.dump").read()
    short = dump[: len(dump) - 300]
    with tarfile.open(tmp_path / "a.backup") as old, tarfile.open(tmp_path / "b.backup", "w:") as new:
        for member in old.getmembers():
            raw = old.extractfile(member).read()
            if member.name == "database.dump":
                raw = short
            elif member.name == "manifest.json":
                raw = json.dumps({**json.loads(raw), "dump_sha256": hashlib.sha256(short).hexdigest()}).encode()
            member.size = len(raw)
            new.addfile(member, io.BytesIO(raw))
    with pytest.raises(BackupError, match="the restore failed"):
        restore(elsewhere, tmp_path / "b.backup")
    assert tables(elsewhere) == []


def test_a_backup_of_the_future_is_refused(filled, elsewhere, tmp_path):
    backup(filled, tmp_path / "a.backup")
    newer = rewrite(tmp_path / "a.backup", tmp_path / "b.backup", revision="from_the_future")
    with pytest.raises(SchemaAhead, match="from_the_future"):
        restore(elsewhere, newer)
    other = rewrite(tmp_path / "a.backup", tmp_path / "c.backup", format="caigou-backup/2")
    with pytest.raises(BackupError, match="caigou-backup/2"):
        restore(elsewhere, other)
    assert tables(elsewhere) == []


def test_a_full_disk_leaves_no_backup(filled, tmp_path, small_disk):
    with (small_disk / "filler").open("wb") as file:
        file.write(b"\0" * ((96 << 20) - 40_000))
    with pytest.raises(DiskFullError) as caught:
        backup(filled, small_disk / "a.backup")
    assert "\n" not in str(caught.value)
    assert [entry.name for entry in small_disk.iterdir()] == ["filler"]


def test_a_place_one_may_not_write_to_is_one_line(filled):
    with pytest.raises(DatabaseError) as caught:
        backup(filled, Path("/proc/a.backup"))
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def oldest_server():
    """A server of the oldest version we speak to, where this machine has one."""
    programs = Path("/usr/lib/postgresql/15/bin")
    if not (programs / "initdb").is_file():
        pytest.skip("no Postgres 15 in /usr/lib/postgresql")
    account = account_for(None, None) if os.geteuid() == 0 else account_for(os.geteuid(), None)
    data = Path(tempfile.mkdtemp(prefix="caigou-test-fifteen-"))  # where every account can reach it
    if account.switched:
        os.chown(data, account.uid, account.gid)
    run = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, **account.run_as()}
    initdb = [programs / "initdb", "-D", data, "-U", "tester", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, **run)
    port = 40000 + secrets.randbelow(20000)
    command = [programs / "postgres", "-D", data, "-k", "", "-p", str(port)]
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    server = subprocess.Popen([*command, *settings], stderr=subprocess.DEVNULL, **run)
    pid_file = data / "postmaster.pid"
    until(lambda: pid_file.exists() and "ready" in pid_file.read_text())
    yield sa.make_url(f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres")
    server.send_signal(signal.SIGINT)
    server.wait()
    shutil.rmtree(data)


def test_the_oldest_server_takes_the_migrations_and_a_backup_of_the_newest(oldest_server, filled, tmp_path):
    backup(filled, tmp_path / "new.backup")
    with database(oldest_server) as url:
        target = Settings(tmp_path / "old", url.render_as_string(hide_password=False))
        with pytest.raises(SchemaBehind), open_database(target):
            pass
        restore(target, tmp_path / "new.backup")
        assert content(target) == content(filled)
        with open_database(target):
            pass
    with database(oldest_server) as url:
        source = Settings(tmp_path / "old", url.render_as_string(hide_password=False))
        upgrade(source)
        engine = make_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("create table sample as select n from generate_series(1, 3) n")
        engine.dispose()
        saved = backup(source, tmp_path / "old.backup")
        assert saved.server.startswith("15")
    with database(sa.make_url(filled.database_url)) as url:
        target = Settings(tmp_path / "new", url.render_as_string(hide_password=False))
        restore(target, tmp_path / "old.backup")
        assert content(target) == [(1,), (2,), (3,)]
