"""Saving the whole database to one file, and bringing it back.

A backup is a tar file with three members:

- `manifest.json`: what is inside (schema revision, rows of every table, time, sha256 of the dump);
- `database.dump`: `pg_dump --format=custom`;
- `archive-index.jsonl`: path, size and sha256 of every file in the archive. The archive itself is not copied: its files
  never change once they are full, so any file copier keeps them. The index tells whether all of them are back.

The rows are counted in the snapshot that is dumped, so that `restore` can hold what came back against them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text

from db.connection import client_command, client_program
from db.engine import database_name, open_database
from db.errors import BackupError, DatabaseError, DiskFullError, SchemaAhead
from db.schema_state import SchemaStatus, known_revisions, schema_state
from db.settings import Settings

FORMAT = "caigou-backup/1"
MANIFEST, DUMP, INDEX = "manifest.json", "database.dump", "archive-index.jsonl"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """`rows` counts every table; `made_at` is UTC; `server` is the version of the Postgres that was dumped."""

    format: str
    made_at: str
    server: str
    revision: str | None
    rows: dict[str, int]
    dump_sha256: str
    archive_files: int
    archive_bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """`missing` and `changed` are archive files of the index that are not, or not the same, in this home."""

    manifest: Manifest
    missing: list[str]
    changed: list[str]


def backup(settings: Settings, path: Path) -> Manifest:
    """Save database and archive index to `path`, which must not exist. Commands may go on writing meanwhile.

    Raises `BackupError`, or another `DatabaseError` when the database cannot be opened.
    """
    path = path.absolute()
    if path.exists():
        raise BackupError(f"{path} exists", "choose another name: a backup is never written over")
    if not path.parent.is_dir():
        raise BackupError(f"{path.parent} is not a directory", "make it first")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as directory:
            scratch = Path(directory)
            manifest = _write_parts(settings, scratch)
            whole = scratch / "backup.tar"
            with whole.open("xb") as file:
                with tarfile.open(fileobj=file, mode="w:") as tar:
                    for name in (MANIFEST, INDEX, DUMP):
                        tar.add(scratch / name, arcname=name, filter=_plain)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                raise BackupError(f"{path} exists", "choose another name: a backup is never written over")
            whole.replace(path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError(
                f"the disk of {path.parent} is full: no backup was written", "free some space"
            ) from error
        raise BackupError(f"{error.filename or path}: {error.strerror}", "choose a place you can write to") from error
    return manifest


def restore(settings: Settings, path: Path) -> Restored:
    """Bring a backup into an empty database, count its rows, and hold the archive against the index.

    All or nothing: when anything fails, the database is as empty as before. A backup of an older schema is migrated by
    the next command (embedded) or by `caigou db upgrade`. Raises `BackupError`, or another `DatabaseError`.
    """
    manifest = read_manifest(path)
    known, _ = known_revisions()
    if manifest.revision not in known:
        raise SchemaAhead(
            f"{path} was made at schema revision {manifest.revision}, which this version of Caigou does not know",
            "install the version that made it",
        )
    with tarfile.open(path, "r:") as tar:
        if _sha256(_member(tar, DUMP)) != manifest.dump_sha256:
            raise BackupError(
                f"{path} is damaged: the dump in it is not the one that was written", "use another backup"
            )
        with open_database(settings, migrate=False) as engine:
            _require_empty(engine, settings)
            _load(engine, _member(tar, DUMP), manifest)
        missing, changed = _compare_archive(settings.archive, _member(tar, INDEX))
    return Restored(manifest, missing, changed)


def read_manifest(path: Path) -> Manifest:
    """What a backup holds. Raises `BackupError` when it is none of ours."""
    try:
        with tarfile.open(path, "r:") as tar:
            for name in (INDEX, DUMP):
                _member(tar, name)
            raw = json.loads(_member(tar, MANIFEST).read())
        if raw.get("format") != FORMAT:
            raise BackupError(f"{path} has the format {raw.get('format')!r}", f"this version reads {FORMAT}")
        return Manifest(**raw)
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror or error}", "name a file that caigou db backup wrote") from error
    except (tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise BackupError(
            f"{path} is not a backup, or not a whole one", "name a file that caigou db backup wrote"
        ) from error


def _write_parts(settings: Settings, scratch: Path) -> Manifest:
    with open_database(settings, migrate=False) as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        state = schema_state(connection)
        if state.status is SchemaStatus.EMPTY:
            raise BackupError(f"{database_name(settings)} is empty", "there is nothing to save yet")
        snapshot = connection.scalar(text("select pg_export_snapshot()"))
        rows = _count_rows(connection)
        server = str(connection.scalar(text("show server_version")))
        options = (
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={scratch / DUMP}",
        )
        dump = client_command(engine.url, "pg_dump", *options)
        done = subprocess.run(dump.argv, env=dump.env, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode != 0:
        raise _failed("pg_dump", done.stderr)
    # After the dump: whatever its rows point to is in the archive by now.
    files, size = _write_index(settings.archive, scratch / INDEX)
    with (scratch / DUMP).open("rb") as file:
        digest = _sha256(file)
    manifest = Manifest(
        format=FORMAT,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        server=server,
        revision=state.current,
        rows=rows,
        dump_sha256=digest,
        archive_files=files,
        archive_bytes=size,
    )
    (scratch / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def _load(engine: Engine, dump: IO[bytes], manifest: Manifest) -> None:
    """Dump -> pg_restore -> psql, in one transaction that ends with the count of the rows."""
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-")
    psql = client_command(engine.url, "psql", *options)
    pg_restore = [client_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-"]
    with tempfile.TemporaryFile() as errors:
        loader = subprocess.Popen(  # noqa: S603
            psql.argv, env=psql.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
        )
        reader = subprocess.Popen(pg_restore, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert loader.stdin is not None
        feeder = threading.Thread(target=_feed, args=(dump, reader.stdin))
        feeder.start()
        whole = False
        try:
            with contextlib.suppress(BrokenPipeError):  # psql gave up, and its errors say why
                _pass_on(reader.stdout, loader.stdin)
                whole = reader.wait() == 0
                if whole:
                    loader.stdin.write(_row_check(manifest).encode())
        finally:
            if not whole:
                loader.kill()  # before its input ends, or it would commit the half it got
                reader.kill()
            with contextlib.suppress(BrokenPipeError):
                loader.stdin.close()
            reader.stdout.close()
            feeder.join()
            reader.wait()
            code = loader.wait()
        if code != 0 or not whole:
            errors.seek(0)
            raise _failed("the restore", errors.read().decode("utf-8", errors="replace"))


def _feed(dump: IO[bytes], pipe: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):
        try:
            shutil.copyfileobj(dump, pipe, CHUNK)
        finally:
            pipe.close()


_PREAMBLE = 60
"""Lines of the script before the first table."""


def _pass_on(script: IO[bytes], psql: IO[bytes]) -> None:
    """Leave out of the script's first lines what another server may refuse.

    One setting is not known before Postgres 17; and a comment on the extension takes its owner, who is the administrator where the
    extension was there already.
    """
    for _ in range(_PREAMBLE):
        line = script.readline()
        if line.startswith(b"CREATE TABLE"):
            psql.write(line)
            break
        if not line.startswith((b"SET transaction_timeout", b"COMMENT ON EXTENSION ")):
            psql.write(line)
    shutil.copyfileobj(script, psql, CHUNK)


def _row_check(manifest: Manifest) -> str:
    lines = [
        f"if (select count(*) from {table}) <> {count} then"  # noqa: S608 - quoted by the server that was dumped
        f" raise exception 'table % has not the {count} rows it was saved with', {_literal(table)}; end if;"
        for table, count in manifest.rows.items()
    ]
    return "\ndo $check$ begin\n" + "\n".join(lines) + "\nend $check$;\n"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# Tables people made: nothing of the system's, nothing an extension brought.
TABLES = """
select format('%I.%I', n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = any(:kinds) and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by 1
"""


def _count_rows(connection: Connection) -> dict[str, int]:
    tables = connection.scalars(text(TABLES), {"kinds": ["r"]}).all()
    return {table: connection.exec_driver_sql(f"select count(*) from {table}").scalar_one() for table in tables}  # noqa: S608


def _require_empty(engine: Engine, settings: Settings) -> None:
    with engine.connect() as connection:
        found = connection.scalars(text(TABLES), {"kinds": ["r", "p", "v", "m", "f"]}).all()
    if found:
        raise BackupError(
            f"{database_name(settings)} is not empty ({len(found)} tables, {found[0]} among them)",
            "restore into a new CAIGOU_HOME or an empty database",
        )


def _write_index(archive: Path, target: Path) -> tuple[int, int]:
    files = total = 0
    with target.open("x", encoding="utf-8") as out:
        for path in sorted(archive.rglob("*")):
            if not path.is_file():
                continue
            # A file that is still written to is saved at the length it has now.
            size = path.stat().st_size
            with path.open("rb") as file:
                digest = _sha256(file, size)
            entry = {"path": path.relative_to(archive).as_posix(), "bytes": size, "sha256": digest}
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            files += 1
            total += size
    return files, total


def _compare_archive(archive: Path, index: IO[bytes]) -> tuple[list[str], list[str]]:
    missing, changed = [], []
    for line in index:
        entry = json.loads(line)
        path = archive / entry["path"]
        if not path.is_file():
            missing.append(entry["path"])
        elif path.stat().st_size < entry["bytes"]:
            changed.append(entry["path"])
        else:
            with path.open("rb") as file:
                if _sha256(file, entry["bytes"]) != entry["sha256"]:
                    changed.append(entry["path"])
    return missing, changed


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(name)
    if file is None:
        raise tarfile.TarError(f"{name} is not a file")
    return file


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing about the person who made the backup."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


def _sha256(file: IO[bytes], limit: int | None = None) -> str:
    """Of the whole file, or of its first `limit` bytes."""
    digest = hashlib.sha256()
    left = limit
    while left is None or left > 0:
        chunk = file.read(CHUNK if left is None else min(CHUNK, left))
        if not chunk:
            break
        digest.update(chunk)
        if left is not None:
            left -= len(chunk)
    return digest.hexdigest()


def _failed(what: str, said: str) -> DatabaseError:
    if "No space left on device" in said:
        return DiskFullError(f"{what} ran out of disk; the database is as it was", "free some space and run it again")
    lines = [line for line in said.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
    detail = lines[0] if lines else said.strip() or "no reason given"
    return BackupError(f"{what} failed: {detail}; the database is as it was", "mend the cause and run it again")
