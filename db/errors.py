"""Database errors a person can act on: what happened, where, and what to do, in one line."""

from __future__ import annotations


class DatabaseError(Exception):
    """Raised by everything in `db` that opens, starts, migrates, saves or restores a database.

    `message` says what happened and where, `remedy` what to do about it. `str()` is the line the command prints.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class SettingsError(DatabaseError):
    """Raised by `load_settings` when an environment variable cannot be used."""


class EmbeddedServerError(DatabaseError):
    """Raised when the embedded server cannot be started, joined or stopped."""


class DiskFullError(EmbeddedServerError):
    """Raised when the server had no room to write. What was committed before is kept."""


class PortInUseError(EmbeddedServerError):
    """Raised when `CAIGOU_POSTGRES_PORT` names a port another program listens on."""


class ServerGoneError(DatabaseError):
    """Raised when the server cannot be reached, or a connection was lost in the middle of the work."""


class ServerTooOldError(DatabaseError):
    """Raised when `CAIGOU_DATABASE_URL` points at a server before Postgres 15."""


class SchemaError(DatabaseError):
    """The schema of the database is not the one this version of the code works with."""


class SchemaBehind(SchemaError):  # noqa: N818 - the class above says error
    """Raised when the database lacks migrations this code needs."""


class SchemaAhead(SchemaError):  # noqa: N818
    """Raised when the database was migrated by a newer version of the code."""


class BackupError(DatabaseError):
    """Raised by `db.backup` when a backup cannot be written, read, verified or restored."""
