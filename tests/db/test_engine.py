"""Opening a database: whose it is, which schema it has, and what is said when it will not open."""

import datetime as dt
import socket
import subprocess

import psycopg
import pytest
import sqlalchemy as sa

from db.connection import URL_LINGER, client_command, database_url, libpq_uri, shell_command
from db.embedded import EmbeddedServer
from db.engine import make_engine, open_database, session_scope, upgrade
from db.errors import SchemaAhead, SchemaBehind, ServerGoneError, ServerTooOldError, SettingsError
from db.schema_state import SchemaStatus, schema_state
from db.settings import Settings


def at(url, home):
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    return Settings(home=home, database_url=text)


def test_a_connection_speaks_utc_and_says_who_it_is(settings):
    with open_database(settings) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("show timezone").scalar() == "UTC"
        assert connection.exec_driver_sql("show plan_cache_mode").scalar() == "force_custom_plan"
        assert connection.exec_driver_sql("show application_name").scalar() == "caigou"
        assert connection.exec_driver_sql("show statement_timeout").scalar() == "0"
        now = connection.exec_driver_sql("select now()").scalar()
        assert now.utcoffset() == dt.timedelta(0)


def test_options_of_the_address_are_kept(database_url, tmp_path):
    url = sa.make_url(database_url).update_query_dict({"options": "-c work_mem=5MB", "application_name": "mine"})
    with open_database(at(url, tmp_path)) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("show work_mem").scalar() == "5MB"
        assert connection.exec_driver_sql("show timezone").scalar() == "UTC"
        assert connection.exec_driver_sql("show application_name").scalar() == "mine"


def test_a_scope_commits_at_its_end_and_rolls_back_on_an_error(engine):
    with session_scope(engine) as session:
        session.execute(sa.text("create table kept (n integer)"))
        session.execute(sa.text("insert into kept values (1)"))
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(engine)
    with session_scope(engine) as session:
        assert session.scalars(sa.text("select n from kept")).all() == [1]


def _write_and_fail(engine):
    with session_scope(engine) as session:
        session.execute(sa.text("insert into kept values (2)"))
        raise ZeroDivisionError


def test_the_session_of_a_test_is_rolled_back_commits_and_all(session, shared_engine):
    session.execute(sa.text("create table stray (n integer)"))
    session.commit()
    assert session.scalar(sa.text("select to_regclass('stray')")) is not None
    with shared_engine.connect() as other:
        assert other.exec_driver_sql("select to_regclass('stray')").scalar() is None


def test_a_server_of_one_s_own_is_never_migrated_by_itself(empty_database_url, tmp_path):
    settings = at(empty_database_url, tmp_path)
    with pytest.raises(SchemaBehind) as caught, open_database(settings):
        pass
    assert "caigou db upgrade" in str(caught.value)
    assert "\n" not in str(caught.value)
    before, after = upgrade(settings)
    assert (before.status, after.status) == (SchemaStatus.EMPTY, SchemaStatus.CURRENT)
    assert after.current == before.head
    with open_database(settings) as engine, engine.connect() as connection:
        assert schema_state(connection) == after
    assert upgrade(settings) == (after, after)


def test_a_schema_of_the_future_is_refused(settings, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = 'from_the_future'")
    for attempt in (lambda: open_database(settings).__enter__(), lambda: upgrade(settings)):
        with pytest.raises(SchemaAhead) as caught:
            attempt()
        assert "from_the_future" in str(caught.value)
    with open_database(settings, migrate=False) as opened, opened.connect() as connection:
        assert schema_state(connection).status is SchemaStatus.AHEAD


def test_the_embedded_database_is_migrated_when_it_is_opened(own_place):
    settings = Settings(home=own_place.home, database_url=None)
    with open_database(settings, migrate=False) as engine, engine.connect() as connection:
        assert schema_state(connection).status is SchemaStatus.EMPTY
    with open_database(settings) as engine, engine.connect() as connection:
        assert schema_state(connection).status is SchemaStatus.CURRENT
    with open_database(settings) as engine, engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = 'from_the_future'")
    with pytest.raises(SchemaAhead, match="the database in "), open_database(settings):
        pass
    assert own_place.left_nothing()


def test_a_refused_login_does_not_show_the_password(server_url, tmp_path):
    with EmbeddedServer(tmp_path / "home", durable=False, port=_free_port()).join() as address:
        url = f"postgresql://{address.user}:wrong-secret@127.0.0.1:{address.port}/{address.database}"
        with pytest.raises(ServerGoneError) as caught, open_database(at(url, tmp_path)):
            pass
        assert "password authentication failed" in str(caught.value)
        assert "wrong-secret" not in str(caught.value)
        assert "\n" not in str(caught.value)
        right = url.replace("wrong-secret", address.password)
        before, after = upgrade(at(right, tmp_path))
        assert before != after
        with shell_command(at(right, tmp_path)) as shell:
            assert address.password not in " ".join(shell.argv)
            assert shell.env["PGPASSWORD"] == address.password


def test_a_database_that_is_not_there(server_url, tmp_path):
    with (
        pytest.raises(ServerGoneError, match=r"no_such_database .*does not exist; create it"),
        open_database(at(server_url.set(database="no_such_database"), tmp_path)),
    ):
        pass


def test_a_server_that_is_not_there(tmp_path):
    url = f"postgresql://me:wrong-secret@127.0.0.1:{_free_port()}/base"
    with (
        pytest.raises(ServerGoneError, match=r"cannot be reached: .*CAIGOU_DATABASE_URL") as caught,
        open_database(at(url, tmp_path)),
    ):
        pass
    assert "wrong-secret" not in str(caught.value)


def test_an_address_that_cannot_be_read(tmp_path):
    with (
        pytest.raises(SettingsError, match="special signs of the password") as caught,
        open_database(at("postgresql://me:wrong-secret@host:port/base", tmp_path)),
    ):
        pass
    assert "wrong-secret" not in str(caught.value)


def test_a_connection_cut_in_the_middle_is_one_line(settings):
    with pytest.raises(ServerGoneError) as caught:
        _cut_own_connection(settings)
    assert "lost" in str(caught.value)
    assert "\n" not in str(caught.value)


def _cut_own_connection(settings):
    with open_database(settings) as engine, engine.connect() as connection:
        connection.exec_driver_sql("select pg_terminate_backend(pg_backend_pid())")


def test_a_mistake_of_ours_is_not_dressed_up(settings):
    def mistake():
        with open_database(settings) as engine, engine.connect() as connection:
            connection.exec_driver_sql("select no_such_column")

    with pytest.raises(sa.exc.ProgrammingError, match="no_such_column"):
        mistake()


def test_the_printed_address_works_after_the_command_has_ended(place):
    settings = Settings(home=place.home, database_url=None)
    url = database_url(settings)
    with psycopg.connect(url) as connection:
        assert connection.execute("select current_database()").fetchone() == ("caigou",)
    assert database_url(settings) == url
    assert float((place.directory / "keep-until").read_text()) > 0
    assert URL_LINGER > 0
    assert EmbeddedServer(place.home).stop_if_unused()
    assert place.left_nothing()


def test_the_printed_address_of_a_server_of_one_s_own_keeps_its_password(tmp_path):
    assert database_url(at("postgres://me:p%40ss@host/base", tmp_path)) == "postgresql://me:p%40ss@host/base"


def test_an_address_keeps_its_spaces_for_libpq():
    url = sa.URL.create("postgresql+psycopg", username="me", database="b", query={"host": "/a b+c"})
    assert libpq_uri(url) == "postgresql://me@/b?host=%2Fa%20b%2Bc"
    assert psycopg.conninfo.conninfo_to_dict(libpq_uri(url)) == {"user": "me", "dbname": "b", "host": "/a b+c"}


def test_the_shell_runs_while_the_block_lasts(place):
    with shell_command(Settings(home=place.home, database_url=None)) as shell:
        done = subprocess.run([*shell.argv, "-XAtc", "select 6 * 7"], env=shell.env, capture_output=True, text=True)
        assert (done.stdout, done.returncode) == ("42\n", 0)
    assert place.left_nothing()


def test_a_client_program_is_given_no_password_it_has_not():
    command = client_command(sa.make_url("postgresql+psycopg://me@/base?host=/run"), "psql", "-X")
    assert command.argv[1:] == ["-X", "-d", "postgresql://me@/base?host=%2Frun"]


def test_engines_take_the_options_of_sqlalchemy(database_url):
    engine = make_engine(sa.make_url(database_url), pool_size=2)
    assert engine.pool.size() == 2
    engine.dispose()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_server_that_is_too_old_is_one_line(settings, monkeypatch):
    monkeypatch.setattr("db.engine.OLDEST_SERVER", 99)
    with (
        pytest.raises(ServerTooOldError, match=r"is Postgres \d\d, and Caigou needs 99 or newer"),
        open_database(settings),
    ):
        pass
