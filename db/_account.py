"""The account the embedded server runs as. Postgres refuses to run as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from typing import TypedDict

from db.errors import EmbeddedServerError

# In this order. `nobody` is the last resort: other services may share it.
SERVICE_ACCOUNTS = ("caigou", "postgres", "nobody")


class RunAs(TypedDict, total=False):
    """Keyword arguments for `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


@dataclass(frozen=True, slots=True)
class Account:
    """`switched` says that the server runs as another user than the caller, who is then root."""

    name: str
    uid: int
    gid: int
    switched: bool

    def run_as(self) -> RunAs:
        if not self.switched:
            return RunAs(umask=0o077)
        return RunAs(user=self.uid, group=self.gid, extra_groups=[], umask=0o077)


def account_for(data_owner: int | None, wanted: str | None) -> Account:
    """The account for a data directory owned by `data_owner` (None: not made yet). `wanted` matters to root only.

    Raises `EmbeddedServerError` when no account can run the server, or the data belongs to somebody else.
    """
    me = os.geteuid()
    if me != 0:
        if data_owner is not None and data_owner != me:
            raise EmbeddedServerError(
                f"the database in CAIGOU_HOME belongs to {user_name(data_owner)}, and you are {user_name(me)}",
                "run the command as the user who made it, or set CAIGOU_HOME to a directory of your own",
            )
        return _named(me, switched=False)
    if data_owner == 0:
        raise EmbeddedServerError(
            "the database in CAIGOU_HOME belongs to root, and Postgres does not run as root",
            "give its directory back to the account that made it, or set CAIGOU_DATABASE_URL",
        )
    if data_owner is not None:
        return _named(data_owner, switched=True)
    for name in (wanted,) if wanted else SERVICE_ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(name, found.pw_uid, found.pw_gid, switched=True)
    raise EmbeddedServerError(
        f"Postgres does not run as root, and there is no account {wanted or ', '.join(SERVICE_ACCOUNTS)} to run it as",
        "name an ordinary account in CAIGOU_POSTGRES_USER, run as an ordinary user, or set CAIGOU_DATABASE_URL",
    )


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user id {uid}"


def _named(uid: int, *, switched: bool) -> Account:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedServerError(
            f"user id {uid} has no name on this machine, and Postgres needs one",
            "add the user to the password file, or set CAIGOU_DATABASE_URL",
        ) from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid, switched=switched)
