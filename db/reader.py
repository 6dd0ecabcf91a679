"""A login for analysts: it may ask the described views, and nothing else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import Connection, text

from db.connection import URL_LINGER, libpq_uri
from db.engine import database_name, embedded_server, open_database
from db.errors import DatabaseError
from db.settings import Settings

NAME = "caigou_reader"
TIMEOUT = 60
"""Seconds a statement may take."""
_SESSIONS = 10
_IDLE = "10min"
_MARK = "caigou reader of "


class ReaderError(DatabaseError):
    """Raised when a reader cannot be made or dropped."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A login as it was just made: ``url`` holds its password, which is stored nowhere. ``renewed`` = it was there before."""

    name: str
    url: str
    views: tuple[str, ...]
    renewed: bool


def make_reader(settings: Settings, name: str = NAME, timeout: int = TIMEOUT) -> Reader:
    """Make the login, or give it a new password; its rights are set anew either way. Raises :class:`db.errors.DatabaseError`.

    The embedded server stays up for a while, as after `caigou db url`.
    """
    _check_name(name)
    longer = replace(settings, postgres_linger=max(settings.postgres_linger, URL_LINGER))
    password = secrets.token_urlsafe(24)
    with open_database(longer) as engine:
        with engine.begin() as connection:
            renewed = _is_ours(connection, name)
            for statement in _login(connection, name, password, timeout, exists=renewed):
                _run(connection, statement)
            views = grant(connection, name)
            _require_nothing_else(connection, name, views)
            _end_sessions(connection, name)
        url = engine.url.set(username=name, password=password)
        if settings.database_url is None:
            embedded_server(longer).allow_password(name)
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_reload_conf()"))
            # The other end's account is asked for by our own connections only.
            url = url.difference_update_query(["requirepeer"])
        return Reader(name, libpq_uri(url), views, renewed)


def drop_reader(settings: Settings, name: str = NAME) -> None:
    """Take the login away; its sessions end. Raises :class:`ReaderError` when it is none of ours."""
    _check_name(name)
    with open_database(settings) as engine, engine.begin() as connection:
        if not _is_ours(connection, name):
            raise ReaderError(f"{database_name(settings)} has no reader {name}", "caigou db reader makes one")
        _end_sessions(connection, name)
        for statement in _revoke_all(connection, name):
            _run(connection, statement)
        _run(connection, sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
        if settings.database_url is None:
            embedded_server(settings).allow_password(name, allowed=False)
            connection.execute(text("SELECT pg_reload_conf()"))


def statements(settings: Settings, name: str = NAME, timeout: int = TIMEOUT) -> list[str]:
    """The SQL that makes the login, for an administrator to run where this one may make none; the password is left open."""
    _check_name(name)
    with open_database(settings) as engine, engine.connect() as connection:
        raw = _raw(connection)
        made = [*_login(connection, name, None, timeout, exists=False), *_grants(connection, name)]
        return [statement.as_string(raw) + ";" for statement in made]


def regrant(connection: Connection) -> None:
    """Give every reader of this database the views there are now. Migrations call it: a view made anew has lost its readers."""
    names = connection.execute(
        text("SELECT rolname FROM pg_roles r WHERE shobj_description(r.oid, 'pg_authid') = :mark ORDER BY 1"),
        {"mark": _mark(connection)},
    ).scalars()
    for name in list(names):
        grant(connection, name)


def grant(connection: Connection, name: str) -> tuple[str, ...]:
    """Let a role ask the described views; anything else it was ever given is taken back. Returns their names."""
    for statement in (*_revoke_all(connection, name), *_grants(connection, name)):
        _run(connection, statement)
    return tuple(_views(connection))


# ── statements ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _login(
    connection: Connection, name: str, password: str | None, timeout: int, *, exists: bool
) -> Sequence[sql.Composable]:
    role = sql.Identifier(name)
    # The server gets the password's verifier: no log ever holds the password.
    given = (
        sql.SQL("'…'")
        if password is None
        else sql.Literal(
            _raw(connection).pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        )
    )
    what = (
        "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        if _is_superuser(connection)
        else "NOCREATEDB NOCREATEROLE"
    )
    return (
        sql.SQL(
            "ALTER ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT {}"
            if exists
            else f"CREATE ROLE {{}} LOGIN {what} NOINHERIT PASSWORD {{}} CONNECTION LIMIT {{}}"
        ).format(role, given, sql.Literal(_SESSIONS)),
        sql.SQL("COMMENT ON ROLE {} IS {}").format(role, sql.Literal(_mark(connection))),
        sql.SQL("ALTER ROLE {} RESET ALL").format(role),
        sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role),
        sql.SQL("ALTER ROLE {} SET statement_timeout = {}").format(role, sql.Literal(f"{timeout}s")),
        sql.SQL("ALTER ROLE {} SET idle_in_transaction_session_timeout = {}").format(role, sql.Literal(_IDLE)),
    )


def _grants(connection: Connection, name: str) -> Sequence[sql.Composable]:
    role = sql.Identifier(name)
    database = sql.Identifier(str(connection.scalar(text("SELECT current_database()"))))
    made: list[sql.Composable] = [
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
    ]
    views = _views(connection)
    if views:
        made.append(
            sql.SQL("GRANT SELECT ON {} TO {}").format(
                sql.SQL(", ").join(sql.Identifier("public", v) for v in views), role
            )
        )
    # Temporary tables are writing, too; the owner keeps the right by owning.
    if connection.scalar(
        text("SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()")
    ):
        made.append(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
    if _is_superuser(connection):
        made.extend(
            sql.SQL("REVOKE EXECUTE ON FUNCTION pg_catalog.{} FROM PUBLIC").format(sql.SQL(function))
            for function in ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)")
        )
    return made


def _revoke_all(connection: Connection, name: str) -> Sequence[sql.Composable]:
    role = sql.Identifier(name)
    database = sql.Identifier(str(connection.scalar(text("SELECT current_database()"))))
    return [
        *(
            sql.SQL(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {{}}").format(role)
            for kind in ("TABLES", "SEQUENCES", "FUNCTIONS")
        ),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(database, role),
    ]


def _views(connection: Connection) -> list[str]:
    """The views every column of which is described."""
    rows = connection.execute(
        text("""
            SELECT c.relname FROM pg_class c
             WHERE c.relkind = 'v' AND c.relnamespace = CAST('public' AS regnamespace) AND obj_description(c.oid, 'pg_class') IS NOT NULL
               AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                  AND col_description(c.oid, a.attnum) IS NULL)
             ORDER BY 1
        """)
    )
    return list(rows.scalars())


def _require_nothing_else(connection: Connection, name: str, views: Sequence[str]) -> None:
    """Rights may also come from PUBLIC: a reader that can do more is not made."""
    more = connection.execute(
        text("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
               AND ((NOT c.relname = ANY(:views) AND (has_table_privilege(:name, c.oid, 'SELECT') OR has_any_column_privilege(:name, c.oid, 'SELECT')))
                    OR has_table_privilege(:name, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'))
            UNION ALL SELECT 'schema ' || nspname FROM pg_namespace
             WHERE nspname !~ '^pg_' AND has_schema_privilege(:name, oid, 'CREATE')
             ORDER BY 1
        """),
        {"name": name, "views": list(views)},
    ).scalars()
    if found := list(more):
        raise ReaderError(
            f"{name} would get at more than the views ({', '.join(found[:3])}): everybody has rights on it",
            "REVOKE ALL ON … FROM PUBLIC, then run the command again",
        )


def _end_sessions(connection: Connection, name: str) -> None:
    """Sessions under the old password end, where this login may end them."""
    if _is_superuser(connection) or connection.scalar(text("SELECT pg_has_role(:name, 'USAGE')"), {"name": name}):
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :name"), {"name": name}
        )


def _is_ours(connection: Connection, name: str) -> bool:
    """Whether the role is a reader of this database; false when there is none. Raises :class:`ReaderError` for anybody else's."""
    row = connection.execute(
        text("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = :name"), {"name": name}
    ).one_or_none()
    if row is None:
        return False
    if row[0] != _mark(connection):
        raise ReaderError(f"the role {name} is there and is no reader of this database", "choose another --name")
    return True


def _mark(connection: Connection) -> str:
    return f"{_MARK}{connection.scalar(text('SELECT current_database()'))}"


def _is_superuser(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")))


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name) or name.startswith("pg_"):
        raise ReaderError(f"{name!r} cannot be the name of a reader", "use lower-case letters, digits and _")


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _run(connection: Connection, statement: sql.Composable) -> None:
    try:
        connection.exec_driver_sql(statement.as_string(_raw(connection)).replace("%", "%%"))
    except sa.exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":
            raise
        detail = str(error.orig).strip().splitlines()[0]
        raise ReaderError(
            f"this login may not do that ({detail})", "let an administrator run what caigou db reader --sql prints"
        ) from error
