"""One server for all who use it, none when nobody does."""

import os
import signal
import subprocess
import sys
import threading

import psycopg
import pytest

from db.embedded import EmbeddedServer
from tests.db.conftest import ROOT, Place, ordinary, until


def test_a_first_start_makes_the_database_and_the_last_leaver_stops_it(tmp_path, clients):
    place = Place(tmp_path / "home")
    client = clients(place.home, durable=True)
    client.joined()
    assert client.query("select current_database()") == "caigou"
    assert client.query("show fsync") == "on"
    assert client.query("show synchronous_commit") == "on"
    assert client.query("show data_checksums") == "on"
    assert client.query("show server_encoding") == "UTF8"
    assert client.query("select datlocale from pg_database where datname = 'caigou'") == "C.UTF-8"
    assert client.query("select upper('ñ') = 'Ñ'") is True
    assert client.query("show jit") == "off"
    assert place.runs()
    until(place.watched)
    client.leave()
    assert place.left_nothing()
    until(lambda: place.watchdog() is None)


def test_what_was_written_is_there_next_time(place, clients):
    first = clients(place.home)
    first.joined()
    first.query("create table kept_over_night as select 42 as answer")
    first.leave()
    second = clients(place.home)
    second.joined()
    assert second.query("select answer from kept_over_night") == 42
    second.leave()


def test_the_server_stays_for_the_others(place, clients):
    first, second = clients(place.home), clients(place.home)
    assert first.joined() == second.joined()
    server = place.postmaster()
    first.leave()
    assert second.query("select 1") == 1
    assert place.postmaster() == server
    second.leave()
    assert place.left_nothing()


def test_one_process_may_join_twice(place):
    server = EmbeddedServer(place.home, durable=False)
    with server.join() as outer:
        with server.join() as inner:
            assert inner == outer
            assert server.users() == 2
        assert place.runs()
        assert server.users() == 1
    assert place.left_nothing()


def test_starts_at_the_same_time_make_one_server(tmp_path, clients):
    place = Place(tmp_path / "home")
    together = [clients(place.home) for _ in range(4)]
    assert len({tuple(client.joined().items()) for client in together}) == 1
    assert len({client.query("select pg_postmaster_start_time()::text") for client in together}) == 1
    for client in together:
        client.leave()
    assert place.left_nothing()


def test_starts_and_stops_in_turn_never_meet(place, clients):
    """Each leaves while the next one comes."""

    def use():
        for _ in range(4):
            with (
                EmbeddedServer(place.home, durable=False).join() as address,
                psycopg.connect(host=address.host, user=address.user, dbname=address.database) as connection,
            ):
                assert connection.execute("select 1").fetchone() == (1,)
            done.append(1)

    done = []
    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 12
    assert place.left_nothing()


def test_a_killed_user_does_not_keep_the_server(place, clients):
    client = clients(place.home)
    client.joined()
    client.kill()
    until(place.left_nothing)
    again = clients(place.home)
    again.joined()
    assert again.query("select 1") == 1
    again.leave()


def test_a_killed_user_does_not_take_the_server_from_others(place, clients):
    killed, other = clients(place.home), clients(place.home)
    killed.joined()
    other.joined()
    server = place.postmaster()
    killed.kill()
    assert other.query("select pg_sleep(0.3) is null") is False
    assert place.postmaster() == server
    other.leave()
    assert place.left_nothing()


def test_a_user_killed_together_with_the_watchdog_is_noticed_by_the_next_command(place, clients):
    client = clients(place.home)
    client.joined()
    until(place.watched)
    os.kill(place.watchdog(), signal.SIGKILL)
    client.kill()
    assert place.runs()
    server = place.postmaster()
    again = clients(place.home)
    again.joined()
    assert place.postmaster() == server
    until(place.watched)
    again.leave()
    assert place.left_nothing()


def test_a_killed_server_is_started_again_with_all_that_was_committed(place, clients):
    client = clients(place.home)
    client.joined()
    client.query("create table kept as select 42 as answer")
    os.kill(place.postmaster(), signal.SIGKILL)
    again = clients(place.home)
    again.joined()
    assert again.query("select answer from kept") == 42
    client.kill()
    assert again.query("select 1") == 1
    again.leave()
    assert place.left_nothing()


def test_a_pid_file_whose_process_id_went_to_somebody_else_is_no_obstacle(place, clients):
    client = clients(place.home)
    client.joined()
    pid_file = place.directory / "data" / "postmaster.pid"
    state_file = place.directory / "server.json"
    server = place.postmaster()
    until(place.watched)
    os.kill(place.watchdog(), signal.SIGKILL)
    client.kill()
    os.kill(server, signal.SIGKILL)
    until(lambda: not place.runs())
    # This very process, alive, has the id of the server that was killed.
    for file in (pid_file, state_file):
        file.write_text(file.read_text().replace(str(server), str(os.getpid())))
    again = clients(place.home)
    again.joined()
    assert again.query("select 1") == 1
    again.leave()
    assert place.left_nothing()


def test_a_server_somebody_started_by_hand_is_left_alone(place, clients):
    from db._account import account_for
    from db._binaries import server_programs
    from db._cluster import environment
    from db._cluster import place as where

    data = place.directory / "data"
    account = account_for(data.stat().st_uid, None)
    argument, cwd = where(data, account)
    command = [
        server_programs(account) / "postgres",
        "-D",
        argument,
        "-c",
        "listen_addresses=",
        "-k",
        "/tmp",
        "-p",
        "61234",
    ]
    by_hand = subprocess.Popen(command, cwd=cwd, env=environment(), stderr=subprocess.DEVNULL, **account.run_as())
    pid_file = data / "postmaster.pid"
    try:
        until(lambda: pid_file.exists() and "ready" in pid_file.read_text())
        said = clients(place.home).hears()
        assert said["error"] == "EmbeddedServerError"
        assert "postmaster.pid" in said["line"]
        assert by_hand.poll() is None
    finally:
        by_hand.send_signal(signal.SIGINT)
        by_hand.wait()
    assert place.left_nothing()


def test_a_start_that_was_killed_half_way_is_made_good(tmp_path, clients):
    place = Place(tmp_path / "home")
    client = clients(place.home)
    until(lambda: any(place.directory.glob("data.new-*/base")))
    client.kill()
    again = clients(place.home)
    again.joined()
    assert again.query("select 1") == 1
    again.leave()
    assert not list(place.directory.glob("data.new-*"))
    assert place.left_nothing()


def test_a_server_whose_starter_died_before_it_wrote_the_process_id_down_is_adopted(place, clients):
    client = clients(place.home)
    client.joined()
    state = place.directory / "server.json"
    state.write_text(state.read_text().replace(f'"pid": {place.postmaster()}', '"pid": 0'))
    server = place.postmaster()
    other = clients(place.home)
    other.joined()
    assert place.postmaster() == server
    client.leave()
    other.leave()
    assert place.left_nothing()


def test_ctrl_c_is_for_the_command_not_for_the_server(place, clients):
    client, other = clients(place.home), clients(place.home)
    client.joined()
    other.joined()
    client.process.send_signal(signal.SIGINT)
    client.process.wait()
    assert other.query("select 1") == 1
    other.leave()
    assert place.left_nothing()


def test_a_forked_child_that_leaves_the_block_does_not_end_it_for_its_parent(place):
    class LeftError(Exception):
        pass

    try:
        with EmbeddedServer(place.home, durable=False).join() as address:
            child = os.fork()
            if child == 0:
                raise LeftError  # noqa: TRY301
            assert os.waitpid(child, 0)[1] == 0
            assert place.runs()
            with psycopg.connect(host=address.host, user=address.user, dbname=address.database) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
    except LeftError:
        os._exit(0)
    assert place.left_nothing()


def test_an_orphan_that_still_works_keeps_the_server(place, clients):
    """A pool's worker whose parent was killed holds the parent's entry until it ends."""
    code = (
        "import os, sys, time; from pathlib import Path; from db.embedded import EmbeddedServer\n"
        "with EmbeddedServer(Path(sys.argv[1]), durable=False).join():\n"
        "    child = os.fork()\n"
        "    if child: print(child, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, place.home], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    client = clients(place.home)
    client.joined()
    client.leave()
    assert place.runs()
    os.kill(child, signal.SIGKILL)
    until(place.left_nothing)


def test_a_lingering_server_waits_for_the_next_user(place, clients):
    first = clients(place.home, linger=60)
    first.joined()
    server = place.postmaster()
    first.leave()
    assert place.postmaster() == server
    # A user without patience does not break what the first was promised.
    second = clients(place.home)
    second.joined()
    assert place.postmaster() == server
    second.leave()
    assert place.runs()
    assert EmbeddedServer(place.home).stop_if_unused()
    assert place.left_nothing()


def test_a_lingering_server_ends_by_itself(place, clients):
    client = clients(place.home, linger=0.5)
    client.joined()
    client.leave()
    assert place.runs()
    until(place.left_nothing)


def test_a_used_server_is_not_stopped_by_others(place, clients):
    client = clients(place.home)
    client.joined()
    assert not EmbeddedServer(place.home).stop_if_unused()
    assert client.query("select 1") == 1
    client.leave()


def test_the_environment_of_the_caller_does_not_leak_into_the_server(place, clients):
    env = {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere", "PGOPTIONS": "-c geqo=off", "LC_ALL": "de_DE"}
    client = clients(place.home, env=env)
    client.joined()
    client.leave()
    assert place.left_nothing()


def test_the_watchdog_needs_nothing_but_the_standard_library():
    code = "import sys; sys.path.insert(0, sys.argv[1]); import db._watchdog; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code, ROOT], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


@pytest.mark.parametrize("who", ["me", "ordinary"])
def test_any_path_will_do(who, open_place, clients):
    """Spaces, signs, Chinese, and longer than a socket's path may be."""
    name = "采购 数据 a'b\"c,d$e%f" + "long" * 30
    person = ordinary()
    if who == "me":
        place = Place(open_place / name)
        client = clients(place.home)
    else:
        above = open_place / "theirs"
        above.mkdir()
        os.chown(above, person.uid, -1)
        place = Place(above / name)
        client = clients(place.home, person)
    client.joined()
    assert client.query("select 1") == 1
    client.leave()
    assert place.left_nothing()
