"""What goes wrong, and the one line that says so."""

import os
import shutil
import socket
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from db import _postmaster
from db._account import account_for
from db._postmaster import State, check_socket
from db._process import identity
from db.embedded import EmbeddedServer
from db.engine import open_database
from db.errors import DiskFullError, EmbeddedServerError, PortInUseError
from db.settings import Settings
from tests.db.conftest import Place, until


def start(place, **options):
    return EmbeddedServer(place.home, durable=False, **options).join()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_port_needs_the_password(place):
    port = free_port()
    with start(place, port=port) as address:
        assert (address.host, address.port, address.peer) == ("127.0.0.1", port, None)
        login = {"host": address.host, "port": port, "user": address.user, "dbname": address.database}
        with psycopg.connect(**login, password=address.password) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**login, password="another")
        # Whoever joins takes the server as it is.
        with start(place) as joined:
            assert joined == address
    assert stat.S_IMODE((place.directory / "password").stat().st_mode) == 0o600
    assert place.left_nothing()


def test_a_taken_port_is_one_line_and_nothing_is_left(place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError) as caught, start(place, port=port):
            pass
    assert f"port {port}" in str(caught.value)
    assert "CAIGOU_POSTGRES_PORT" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert place.left_nothing()
    with start(place, port=port):
        assert place.runs()


def test_a_port_taken_between_the_look_and_the_start_is_the_same_line(place, monkeypatch):
    monkeypatch.setattr(_postmaster, "_must_be_free", lambda port: None)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortInUseError), start(place, port=other.getsockname()[1]):
            pass
    assert place.left_nothing()


def test_data_of_another_version_is_one_line(own_place):
    (own_place.directory / "data" / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(EmbeddedServerError, match=r"made by Postgres 12, and the installed programs are Postgres 1\d"),
        start(own_place),
    ):
        pass
    assert own_place.left_nothing()


def test_a_data_directory_that_is_none_is_one_line(own_place):
    shutil.rmtree(own_place.directory / "data")
    (own_place.directory / "data").mkdir()
    owner = own_place.directory.parent.parent
    if os.geteuid() == 0:
        account = account_for(None, None)
        os.chown(own_place.directory / "data", account.uid, account.gid)
    with pytest.raises(EmbeddedServerError, match="not a Postgres data directory"), start(own_place):
        pass
    assert owner.exists()


def test_a_server_that_refuses_its_configuration_says_why(own_place):
    with (own_place.directory / "data" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = on\n")
    with pytest.raises(EmbeddedServerError, match=r"did not start: .*server\.log"), start(own_place):
        pass
    assert "no_such_setting" in (own_place.directory / "server.log").read_text()
    assert own_place.left_nothing()


def test_settings_of_one_s_own_are_kept(own_place):
    with (own_place.directory / "data" / "postgresql.conf").open("a") as file:
        file.write("work_mem = '77MB'\n")
    with start(own_place) as address, psycopg.connect(host=address.host, user="caigou", dbname="caigou") as connection:
        assert connection.execute("show work_mem").fetchone() == ("77MB",)


def test_a_home_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "home").write_text("")
    with pytest.raises(EmbeddedServerError, match="home"), EmbeddedServer(tmp_path / "home").join():
        pass


def test_the_socket_directory_is_closed_to_others(place):
    with start(place) as address:
        found = Path(address.host).stat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == (place.directory / "data").stat().st_uid
        assert len(os.fsencode(address.host + "/.s.PGSQL.5432")) <= 103


def test_a_socket_directory_somebody_opened_is_refused(place):
    with start(place) as address:
        Path(address.host).chmod(0o755)
        with pytest.raises(EmbeddedServerError, match="not the private one"), start(place):
            pass
        Path(address.host).chmod(0o700)
        with start(place) as again:
            assert again == address
    assert place.left_nothing()


def test_a_socket_directory_somebody_else_made_is_refused(tmp_path):
    state = State(1, "", str(tmp_path), 5432, "me")
    tmp_path.chmod(0o700)
    check_socket(state, os.geteuid())
    with pytest.raises(EmbeddedServerError, match="not the private one"):
        check_socket(state, os.geteuid() + 1)
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(EmbeddedServerError, match="not the private one"):
        check_socket(State(1, "", str(tmp_path / "link"), 5432, "me"), os.geteuid())
    with pytest.raises(EmbeddedServerError, match="is not there"):
        check_socket(State(1, "", str(tmp_path / "gone"), 5432, "me"), os.geteuid())


@pytest.mark.parametrize("trouble", ["open to all", "too long", "missing", "signs"])
def test_a_temporary_directory_that_will_not_do_is_passed_over(trouble, place, tmp_path, monkeypatch):
    base = tmp_path / {"too long": "x" * 100, "signs": "a,b 'c'"}.get(trouble, "base")
    if trouble != "missing":
        base.mkdir()
    if trouble == "open to all":
        base.chmod(0o777)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
    monkeypatch.setattr(_postmaster.tempfile, "gettempdir", lambda: str(base))
    with start(place) as address:
        assert address.host.startswith("/tmp/caigou-")


def test_the_log_is_put_aside_when_it_is_large(own_place, monkeypatch):
    with start(own_place):
        pass
    monkeypatch.setattr(_postmaster, "LOG_LIMIT", 10)
    with start(own_place):
        assert "ready to accept connections" in (own_place.directory / "server.log").read_text()
    assert "shut down" in (own_place.directory / "server.log.1").read_text()


def fill(disk):
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            return


def test_a_full_disk_at_the_first_start(small_disk):
    place = Place(small_disk / "home")
    (small_disk / "home" / "postgres").mkdir(parents=True, mode=0o700)
    fill(small_disk)
    with pytest.raises(DiskFullError, match="the disk is full") as caught, start(place):
        pass
    assert "\n" not in str(caught.value)
    (small_disk / "filler").unlink()
    assert not list(place.directory.glob("data*"))
    with start(place):
        assert place.runs()


def test_a_full_disk_in_the_middle_of_making_the_database(small_disk):
    place = Place(small_disk / "home")
    with (small_disk / "filler").open("wb") as file:
        file.write(b"\0" * (70 << 20))
    with pytest.raises(DiskFullError), start(place):
        pass
    assert not list(place.directory.glob("data*"))


def test_a_full_disk_at_a_later_start(small_disk, made_home):
    subprocess.run(["cp", "-a", str(made_home), str(small_disk / "home")], check=True)
    place = Place(small_disk / "home")
    fill(small_disk)
    with pytest.raises(DiskFullError), start(place):
        pass
    (small_disk / "filler").unlink()
    with start(place) as address, psycopg.connect(host=address.host, user="caigou", dbname="caigou") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert place.left_nothing()


def write_too_much(settings, disk):
    with open_database(settings, migrate=False) as engine:
        fill(disk)
        with engine.begin() as connection:
            connection.exec_driver_sql("insert into precious select generate_series(1, 3000000)")


def test_a_disk_that_fills_up_during_the_work_is_one_line_and_keeps_what_was_committed(small_disk, made_home):
    subprocess.run(["cp", "-a", str(made_home), str(small_disk / "home")], check=True)
    place = Place(small_disk / "home")
    settings = Settings(home=place.home, database_url=None)
    with open_database(settings, migrate=False) as engine, engine.begin() as connection:
        connection.exec_driver_sql("create table precious as select generate_series(1, 1000) as n")
    with pytest.raises(DiskFullError) as caught:
        write_too_much(settings, small_disk)
    assert "full" in str(caught.value)
    assert "\n" not in str(caught.value)
    until(lambda: not place.runs())
    (small_disk / "filler").unlink()
    with open_database(settings, migrate=False) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from precious").scalar() == 1000
        connection.exec_driver_sql("select count(*) from pg_class")
    assert place.left_nothing()


def test_a_home_that_is_removed_under_a_server_leaves_nothing(own_place, clients, tmp_path):
    client = clients(own_place.home)
    socket_directory = Path(client.joined()["host"])
    until(own_place.watched)
    server = own_place.postmaster()
    aside = tmp_path / "aside"
    own_place.directory.rename(aside)
    client.kill()
    until(lambda: own_place.watchdog() is None)
    assert identity(server) is None
    assert not socket_directory.exists()
    assert not own_place.directory.exists()
    shutil.rmtree(aside)
