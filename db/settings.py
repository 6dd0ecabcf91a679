"""Where the data lives: read once from the environment, passed as a value everywhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from db.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lives.

    `home` holds the archive and, without `database_url`, the embedded Postgres. The `postgres_*` fields concern the
    embedded server only: a TCP port on 127.0.0.1 in place of the private socket, the seconds it stays up after its
    last user, and the account it runs as when the caller is root.
    """

    home: Path
    database_url: str | None
    postgres_port: int | None = None
    postgres_linger: float = 0.0
    postgres_user: str | None = None

    @property
    def archive(self) -> Path:
        return self.home / "archive"


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """`CAIGOU_HOME`, `CAIGOU_DATABASE_URL`, `CAIGOU_POSTGRES_PORT`, `CAIGOU_POSTGRES_LINGER`, `CAIGOU_POSTGRES_USER`.

    An empty variable counts as unset. Raises `SettingsError`.
    """
    env = os.environ if env is None else env
    home = env.get("CAIGOU_HOME") or platformdirs.user_data_dir("caigou", appauthor=False)
    url = env.get("CAIGOU_DATABASE_URL") or None
    if url is not None and not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise SettingsError(
            "CAIGOU_DATABASE_URL is not a Postgres address",
            "write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or unset it to use the embedded server",
        )
    return Settings(
        home=Path(home).expanduser().absolute(),
        database_url=url,
        postgres_port=_port(env.get("CAIGOU_POSTGRES_PORT")),
        postgres_linger=_seconds(env.get("CAIGOU_POSTGRES_LINGER")),
        postgres_user=env.get("CAIGOU_POSTGRES_USER") or None,
    )


def _port(raw: str | None) -> int | None:
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw) <= 65535):
        raise SettingsError(f"CAIGOU_POSTGRES_PORT is {raw!r}", "give a port number from 1 to 65535, or unset it")
    return int(raw)


def _seconds(raw: str | None) -> float:
    if not raw:
        return 0.0
    try:
        seconds = float(raw)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise SettingsError(f"CAIGOU_POSTGRES_LINGER is {raw!r}", "give seconds from 0 to 86400, or unset it")
    return seconds
