"""A reader may ask the views and nothing else, whatever it tries."""

from __future__ import annotations

import re
import secrets
import subprocess
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import text

from db.connection import client_program
from db.engine import make_engine, open_database, session_scope
from db.errors import DatabaseError
from db.link import link
from db.reader import ReaderError, _run, drop_reader, make_reader, statements
from db.settings import Settings
from nlp.types import TextSpan
from tests.conftest import database
from tests.db import world
from tests.db.making import store
from tests.db.test_docs import QUERIES, WITHOUT_ROWS
from tests.db.test_questions import award

PHONE = "13912345678"


@pytest.fixture
def name(engine):
    """A role name of the test's own: roles belong to the whole server."""
    given = f"reader_{secrets.token_hex(4)}"
    yield given
    with engine.begin() as connection:
        if connection.scalar(text("select count(*) from pg_roles where rolname = :n"), {"n": given}):
            connection.exec_driver_sql(f'drop owned by "{given}"; drop role "{given}"')


@pytest.fixture
def reader(settings, engine, name):
    """A filled database and the address of its reader. The tests' server asks nobody for a password, so rights are all there is."""
    from dataclasses import replace

    page = award("1", extra=f"联系电话：{PHONE}，硬盘")
    start = page.text.index(PHONE)
    page = replace(page, spans=(TextSpan("personal:phone", start, start + len(PHONE)),))
    with session_scope(engine) as session:
        world.seeds(session)
        store(session, [("ccgp", page)])
        link(session)
    made = make_reader(settings, name)
    yield made
    drop_reader(settings, name)


def connect(url: str, **options):
    return psycopg.connect(url, autocommit=True, **options)


def as_role(settings: Settings, name: str) -> str:
    """The address for a server whose socket lets every role in by its account only."""
    return sa.make_url(settings.database_url).render_as_string(hide_password=False).replace("+psycopg", "")


@pytest.fixture
def session_of(reader, settings):
    """A connection that has the reader's rights and no way back to others."""
    with connect(as_role(settings, reader.name)) as connection:
        connection.execute(f'set session authorization "{reader.name}"')
        yield connection


WRITES = [
    "insert into portal (id) values ('x')",
    "update notice set url = 'x'",
    "delete from fact_notice",
    "truncate mention",
    "drop view v_notice",
    "create table mine (n int)",
    "create view mine as select 1",
    "create temp table mine (n int)",
    "create function mine() returns int language sql as 'select 1'",
    "alter table notice add column x int",
    "create role mine",
    "create schema mine",
    "copy v_notice to program 'cat'",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select nextval('notice_id_seq')",
    "select setval('notice_id_seq', 1)",
    "update v_text set text = 'x'",
    "insert into v_owner (brand) values ('x')",
    "comment on view v_notice is 'x'",
    "select pg_read_file('/etc/passwd')",
]


def test_it_cannot_write(session_of, engine) -> None:
    session_of.execute("set default_transaction_read_only = off")  # a reader may say so; its rights are the wall
    refused = (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.ObjectNotInPrerequisiteState,
        psycopg.errors.WrongObjectType,
    )
    for statement in WRITES:
        with pytest.raises(refused):
            session_of.execute(statement)
    # These the server answers with a warning, and does nothing.
    session_of.execute("vacuum notice")
    session_of.execute("grant select on v_notice to public")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from pg_class where relname = 'mine'")) == 0
        assert not connection.scalar(
            text(
                "select relacl::text like '%{=r%' or relacl::text like '%,=r%' from pg_class where relname = 'v_notice'"
            )
        )


def test_it_reads_the_views_and_no_table(session_of, reader, engine) -> None:
    assert set(reader.views) == {
        "v_notice", "v_mention", "v_purchase", "v_capture", "v_text", "v_owner", "v_listed_buyer", "v_link", "v_history", "v_window",
    }  # fmt: skip
    for view in reader.views:
        session_of.execute(f"select * from {view} limit 1")
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
    assert len(tables) > 30
    for table in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session_of.execute(f'select count(*) from "{table}"')


def test_people_s_data_are_out_of_reach(session_of) -> None:
    (shown,) = session_of.execute("select text from v_text where text like '%联系电话%'").fetchone()
    assert PHONE not in shown
    assert f"联系电话：{'*' * len(PHONE)}，硬盘" in shown
    (surface, at) = session_of.execute(
        """select m.surface, substring(t.text from m.start + 1 for length(m.surface)) from v_mention m join v_text t using (reading_id)
            join v_notice n on n.notice_id = m.notice_id where n.source_id = '1' and n.portal = 'ccgp'"""
    ).fetchone()
    assert surface == at
    for statement in (
        "select text from body",
        "select tokens from body",
        "select start from span",
        "select * from party",
        "select reviewer from review",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session_of.execute(statement)
    assert session_of.execute("select count(*) from notices_with('''硬盘'''::tsquery)").fetchone()[0] > 0


def test_the_cookbook_is_a_reader_s(session_of, engine) -> None:
    assert len(QUERIES) >= 12
    with session_scope(engine) as session:
        store(session, world.pages())
        link(session)
    empty = {title for title, asked in QUERIES if not session_of.execute(asked).fetchall()}
    assert empty == WITHOUT_ROWS


def test_a_statement_ends_in_time_and_a_transaction_is_read_only(settings, engine, name) -> None:
    make_reader(settings, name, timeout=1)
    with engine.connect() as connection:
        (settings_of,) = connection.execute(
            text("select setconfig from pg_db_role_setting s join pg_roles r on r.oid = s.setrole where rolname = :n"),
            {"n": name},
        ).one()
        limit = connection.scalar(text("select rolconnlimit from pg_roles where rolname = :n"), {"n": name})
    assert set(settings_of) == {
        "default_transaction_read_only=on",
        "statement_timeout=1s",
        "idle_in_transaction_session_timeout=10min",
    }
    assert limit == 10


def test_run_again_it_has_a_new_password_and_the_rights_of_now(settings, engine, name) -> None:
    def verifier():
        with engine.connect() as connection:
            return connection.scalar(text("select rolpassword from pg_authid where rolname = :n"), {"n": name})

    first = make_reader(settings, name)
    before = verifier()
    assert before.startswith("SCRAM-SHA-256$")
    with engine.begin() as connection:
        connection.exec_driver_sql(f'grant all on notice to "{name}"')
    second = make_reader(settings, name)
    assert (first.renewed, second.renewed) == (False, True)
    assert first.url != second.url
    assert verifier() != before
    with engine.connect() as connection:
        assert not connection.scalar(text("select has_table_privilege(:n, 'notice', 'select')"), {"n": name})


def test_a_view_made_anew_has_its_readers_again(settings, engine, name) -> None:
    from db.migrate import alembic_config, command

    make_reader(settings, name)
    with engine.connect() as connection:
        command.downgrade(alembic_config(connection), "0008")
        assert connection.scalar(text("select to_regclass('v_text')")) is None
    from db.engine import upgrade

    upgrade(settings)
    with engine.connect() as connection:
        assert connection.scalar(text("select has_table_privilege(:n, 'v_text', 'select')"), {"n": name})


def test_a_role_that_is_somebody_else_s_is_left_alone(settings, engine, name) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f'create role "{name}"')
    for act in (make_reader, drop_reader):
        with pytest.raises(ReaderError, match="no reader of this database"):
            act(settings, name)
    with pytest.raises(ReaderError, match="has no reader"):
        drop_reader(settings, f"{name}_no")
    for bad in ("pg_mine", "a b", 'x"; drop table notice; --', "", "Ä"):
        with pytest.raises(ReaderError, match="cannot be the name"):
            make_reader(settings, bad)


def test_rights_that_everybody_has_are_noticed(settings, engine, name) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("grant select on span to public")
    with pytest.raises(ReaderError, match="would get at more than the views \\(span\\)"):
        make_reader(settings, name)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from pg_roles where rolname = :n"), {"n": name}) == 0


def test_a_login_that_may_make_no_roles_is_told_what_to_do(settings, engine, name, tmp_path) -> None:
    owner = f"{name}_owner"
    with engine.begin() as connection:
        connection.exec_driver_sql(f'create role "{owner}" login')
    try:
        with psycopg.connect(as_role(settings, owner), autocommit=True) as connection:
            assert connection.execute("select current_user").fetchone() is not None
        printed = statements(settings, name)
        assert printed[0].startswith(f'CREATE ROLE "{name}" LOGIN')
        assert "PASSWORD '…'" in printed[0]
        script = ";\n".join(printed).replace("'…'", "'secret-of-the-test'")
        with engine.begin() as connection:
            connection.exec_driver_sql(script.replace("%", "%%"))
        with engine.connect() as connection:
            assert connection.scalar(text("select has_table_privilege(:n, 'v_notice', 'select')"), {"n": name})
            assert not connection.scalar(text("select has_table_privilege(:n, 'notice', 'select')"), {"n": name})
        other = make_engine(sa.make_url(settings.database_url))
        with other.connect() as connection:
            connection.exec_driver_sql(f'set session authorization "{owner}"')
            with pytest.raises(ReaderError, match="let an administrator run"):
                _run(connection, sql.SQL("CREATE ROLE nobody_at_all"))
            connection.invalidate()
        other.dispose()
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f'drop role "{owner}"')


@pytest.mark.parametrize("port", [False, True])
def test_the_embedded_server_lets_it_in_by_its_password(own_place, port: bool) -> None:
    number = 40000 + secrets.randbelow(20000) if port else None
    settings = Settings(own_place.home, None, postgres_port=number)
    with open_database(settings):
        made = make_reader(settings, "caigou_reader")
        assert ("127.0.0.1" in made.url) == port
        assert "requirepeer" not in made.url
        done = subprocess.run(
            [client_program("psql"), "-X", "-At", "-d", made.url, "-c", "select count(*) from v_notice"],
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
        refused = subprocess.run(
            [client_program("psql"), "-X", "-At", "-d", made.url, "-c", "select count(*) from notice"],
            capture_output=True,
            text=True,
        )
        assert (refused.returncode, "permission denied" in refused.stderr) == (1, True)
        again = make_reader(settings, "caigou_reader")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(made.url)
        with connect(again.url) as connection:
            assert connection.execute("show transaction_read_only").fetchone() == ("on",)
            assert connection.execute("show statement_timeout").fetchone() == ("1min",)
        rules = (own_place.directory / "data" / "pg_hba.conf").read_text()
        assert rules.count("caigou_reader") == 1
        drop_reader(settings, "caigou_reader")
        with pytest.raises(psycopg.OperationalError):
            connect(again.url)
        assert "caigou_reader" not in (own_place.directory / "data" / "pg_hba.conf").read_text()
    (own_place.directory / "keep-until").unlink(missing_ok=True)


def test_a_reader_of_another_database_of_the_server_is_not_ours(settings, server_url, template_database, name) -> None:
    with database(server_url, template_database) as url:
        other = Settings(settings.home, url.render_as_string(hide_password=False))
        make_reader(other, name)
        with pytest.raises(DatabaseError, match="no reader of this database"):
            make_reader(settings, name)
        drop_reader(other, name)


def test_every_view_is_in_the_docs() -> None:
    tables = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (v_\w+)", tables, re.MULTILINE)) >= {
        "v_text",
        "v_owner",
        "v_link",
        "v_history",
        "v_window",
        "v_listed_buyer",
    }
