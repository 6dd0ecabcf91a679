"""Opening the database: a server of the user's own when `CAIGOU_DATABASE_URL` is set, else the embedded one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from db.errors import (
    DatabaseError,
    DiskFullError,
    EmbeddedServerError,
    ServerGoneError,
    ServerTooOldError,
    SettingsError,
)
from db.schema_state import SchemaState, SchemaStatus, require_current, schema_state
from db.settings import Settings

if TYPE_CHECKING:
    from db.embedded import Address, EmbeddedServer

OLDEST_SERVER = 15
APPLICATION_NAME = "caigou"
CONNECT_TIMEOUT = 10  # seconds
TUNED = "-c jit=off -c plan_cache_mode=force_custom_plan -c work_mem=64MB"
"""Questions differ by orders of magnitude in what they select: each is planned for its own values. Compiling costs more than it saves. The address may say otherwise."""


@contextlib.contextmanager
def open_database(settings: Settings, *, migrate: bool = True) -> Iterator[Engine]:
    """Yield an engine on a database whose schema is current.

    The embedded server starts or is joined, and is migrated here; a server of the user's own is only checked.
    `migrate=False` leaves the schema alone and does not look at it. On exit the engine is disposed of, and the embedded
    server stops if this was its last user. Raises `DatabaseError`; a disk that fills up or a server that goes away
    inside the block is raised as one, too.
    """
    with open_server(settings) as url:
        engine = make_engine(url)
        try:
            where = database_name(settings)
            with _explained(settings, where):
                if settings.database_url is not None:
                    _require_version(engine, where)
                if migrate:
                    _bring_schema(engine, where, embedded=settings.database_url is None)
                yield engine
        finally:
            engine.dispose()


@contextlib.contextmanager
def open_server(settings: Settings) -> Iterator[sa.URL]:
    """Yield the address of a running server, whatever is in its database."""
    if settings.database_url is not None:
        yield _given_url(settings.database_url)
        return
    with embedded_server(settings).join() as address:
        yield address_url(address)


def embedded_server(settings: Settings) -> EmbeddedServer:
    """The server in `settings.home`; nothing starts yet. Raises `EmbeddedServerError` where there can be none."""
    if sys.platform == "win32":
        raise EmbeddedServerError(
            "the embedded Postgres does not run on Windows", "use WSL, or set CAIGOU_DATABASE_URL"
        )
    from db.embedded import EmbeddedServer  # noqa: PLC0415 - needs what only Unix has

    return EmbeddedServer(
        settings.home,
        port=settings.postgres_port,
        linger=settings.postgres_linger,
        run_as=settings.postgres_user,
    )


def address_url(address: Address) -> sa.URL:
    url = sa.URL.create("postgresql+psycopg", username=address.user, database=address.database)
    if address.password is not None:
        return url.set(host=address.host, port=address.port, password=address.password)
    query = {"host": address.host, "port": str(address.port)}
    if address.peer:
        query["requirepeer"] = address.peer
    return url.set(query=query)


def make_engine(url: sa.URL, **options: Any) -> Engine:
    """An engine whose every connection speaks UTC, plans as questions need it and says who it is. Timeouts are the callers' to set."""
    engine = sa.create_engine(url, **options)

    @event.listens_for(engine, "do_connect")
    def _name_and_zone(_dialect: object, _record: object, _args: object, parameters: dict[str, Any]) -> None:
        parameters.setdefault("application_name", APPLICATION_NAME)
        parameters.setdefault("connect_timeout", CONNECT_TIMEOUT)
        parameters["options"] = f"{TUNED} {parameters.get('options', '')} -c timezone=UTC"

    return engine


@contextlib.contextmanager
def session_scope(engine: Engine) -> Iterator[Session]:
    """A session in one transaction: committed at the end, rolled back on any error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def upgrade(settings: Settings) -> tuple[SchemaState, SchemaState]:
    """Migrate to the newest schema, embedded or not. Returns the states before and after. Raises `DatabaseError`."""
    with open_database(settings, migrate=False) as engine:
        with engine.connect() as connection:
            before = schema_state(connection)
        if before.status is SchemaStatus.AHEAD:
            require_current(before, database_name(settings))
        _migrate(engine)
        with engine.connect() as connection:
            after = schema_state(connection)
        return before, after


def database_name(settings: Settings) -> str:
    """The database as messages name it: never with a password."""
    if settings.database_url is None:
        return f"the database in {settings.home}"
    url = _given_url(settings.database_url)
    return f"the database {url.database or ''} at {url.host or url.query.get('host', 'localhost')}"


def explain(
    error: DBAPIError | psycopg.Error, where: str, check: str = "check CAIGOU_DATABASE_URL"
) -> DatabaseError | None:
    """The errors an operator can do something about, in one line; None for all others, which are ours to mend.

    COPY goes past SQLAlchemy, and so do its errors. `where` names the database, `check` what to look at when it cannot be reached.
    """
    own = error.orig if isinstance(error, DBAPIError) else error
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    state = getattr(own, "sqlstate", None) or ""
    said = str(own).strip()
    detail = said.splitlines()[0] if said else type(own).__name__
    if state in {"53100", "58030"} or "No space left on device" in said:
        return DiskFullError(
            f"the disk of {where} is full; what was committed is kept", "free some space and run the command again"
        )
    if state == "53300":
        return ServerGoneError(f"{where} takes no more connections", "end other commands, or raise max_connections")
    if state == "42501":
        return ServerGoneError(f"{where} does not allow this: {detail}", "use a role that owns the database")
    if state.startswith("28") or "authentication failed" in said:
        return ServerGoneError(f"{where} refused the login: {detail}", check)
    if state == "3D000" or (not state and 'database "' in said and "does not exist" in said):
        return ServerGoneError(f"{where} does not exist", "create it (createdb), or correct CAIGOU_DATABASE_URL")
    if lost or state in {"57P01", "57P02", "57P03"} or state.startswith("08"):
        return ServerGoneError(f"the connection to {where} was lost: {detail}", "run the command again")
    if not state and isinstance(own, psycopg.OperationalError):
        return ServerGoneError(f"{where} cannot be reached: {detail}", check)
    return None


def _given_url(given: str) -> sa.URL:
    try:
        return sa.make_url(given).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise SettingsError(
            "CAIGOU_DATABASE_URL cannot be read",
            "write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special signs of the password as %XX",
        ) from None


@contextlib.contextmanager
def _explained(settings: Settings, where: str) -> Iterator[None]:
    server = embedded_server(settings) if settings.database_url is None else None
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        check = "run the command again" if server else "check that the server runs, and CAIGOU_DATABASE_URL"
        plain = explain(error, where, check)
        if plain is None:
            raise
        # A server that has no room for its log goes down without telling its clients why.
        if server and isinstance(plain, ServerGoneError) and server.disk_was_full():
            plain = DiskFullError(
                f"the disk of {where} is full; what was committed is kept", "free some space and run the command again"
            )
        raise plain from error


def _require_version(engine: Engine, where: str) -> None:
    with engine.connect() as connection:
        version = int(connection.exec_driver_sql("show server_version_num").scalar_one())
    if version < OLDEST_SERVER * 10_000:
        raise ServerTooOldError(
            f"{where} is Postgres {version // 10_000}, and Caigou needs {OLDEST_SERVER} or newer",
            "upgrade the server, or unset CAIGOU_DATABASE_URL to use the embedded one",
        )


def _bring_schema(engine: Engine, where: str, *, embedded: bool) -> None:
    with engine.connect() as connection:
        state = schema_state(connection)
    if state.status is SchemaStatus.CURRENT:
        return
    if embedded and state.status is not SchemaStatus.AHEAD:
        _migrate(engine)
        return
    require_current(state, where)


def _migrate(engine: Engine) -> None:
    from db.migrate import upgrade_to  # noqa: PLC0415 - Alembic takes 0.3 s to import, and is seldom needed
    from db.reader import regrant  # noqa: PLC0415 - imports this module

    with engine.connect() as connection:
        upgrade_to(connection)
    with engine.begin() as connection:
        regrant(connection)
