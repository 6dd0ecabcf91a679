"""Archives: zip, 7z, rar, gzip. Sizes are checked before and while unpacking; entries are read in memory and never written anywhere."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nlp.attachments.content import UnreadableError
from nlp.attachments.limits import Limits
from nlp.types import Issue

_BIG = 5_000_000
_CHUNK = 1 << 20
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_VOLUME = "one volume of an archive in several; they are read together or not at all"


def check_bomb(infos: Iterable[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    """Refuses what its own directory says is too much."""
    total = sum(info.file_size for info in infos)
    refuse_bomb(total, packed, limits)


def refuse_bomb(total: int, packed: int, limits: Limits) -> None:
    if total > limits.unpacked_bytes:
        raise UnreadableError("attachment_bomb", f"unpacks to {total} bytes, more than {limits.unpacked_bytes}")
    if total > _BIG and packed > 0 and total / packed > limits.ratio:
        raise UnreadableError("attachment_bomb", f"unpacks to {total // packed} times its size")


def read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """One entry, whatever its header says about its size."""
    with archive.open(info) as stream:
        body = stream.read(limits.unpacked_bytes + 1)
    if len(body) > limits.unpacked_bytes:
        raise UnreadableError(
            "attachment_bomb", f"{info.filename!r} unpacks to more than {limits.unpacked_bytes} bytes"
        )
    return body


def entry_name(info: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: without the flag for UTF-8 it is GB18030 far more often than code page 437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename


Entry = tuple[str, Callable[[], bytes]]


def zip_entries(body: bytes, limits: Limits, issues: list[Issue]) -> Iterator[Entry]:
    """Names and readers of the files in a zip; an encrypted entry is an issue of its own."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableError("attachment_damaged", f"not a whole zip: {error}") from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    check_bomb(infos, len(body), limits)
    for info in infos[: limits.entries]:
        name = entry_name(info)
        if info.flag_bits & _ENCRYPTED:
            issues.append(Issue("attachment_encrypted", "the entry needs a password", name))
            continue
        yield name, _zip_reader(archive, info, limits)
    _too_many(len(infos), limits, issues)


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return read_entry(archive, info, limits)
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UnreadableError("attachment_damaged", f"entry cannot be unpacked: {error}") from error

    return read


def _refuse_password(needed: bool) -> None:
    if needed:
        raise UnreadableError("attachment_encrypted", "the archive needs a password")


def _too_many(count: int, limits: Limits, issues: list[Issue]) -> None:
    if count > limits.entries:
        issues.append(Issue("attachment_truncated", f"{count} entries; the first {limits.entries} were read", None))


def seven_zip_entries(body: bytes, limits: Limits, issues: list[Issue]) -> Iterator[Entry]:
    import py7zr  # noqa: PLC0415 -- slow to import, rarely needed
    from py7zr.io import BytesIOFactory  # noqa: PLC0415

    try:
        with py7zr.SevenZipFile(io.BytesIO(body)) as archive:
            _refuse_password(archive.needs_password())
            infos = [info for info in archive.list() if not info.is_directory]
            refuse_bomb(sum(info.uncompressed or 0 for info in infos), len(body), limits)
            wanted = [info.filename for info in infos[: limits.entries]]
            factory = BytesIOFactory(limits.unpacked_bytes)
            archive.extract(targets=wanted, factory=factory)
            products = dict(factory.products)
    except UnreadableError:
        raise
    except Exception as error:
        # py7zr raises its own, lzma's and plain ValueError alike on broken input
        text = str(error)
        code = "attachment_encrypted" if "assword" in text else "attachment_damaged"
        raise UnreadableError(code, f"7z cannot be unpacked: {text or type(error).__name__}") from error
    for name in wanted:
        product = products.get(name)
        if product is not None:
            product.seek(0)
            yield name, product.read
    _too_many(len(infos), limits, issues)


def rar_entries(body: bytes, limits: Limits, issues: list[Issue]) -> Iterator[Entry]:
    """Stored entries are read as they are; packed ones need an unpacker on this machine. An encrypted entry is an issue of its own."""
    import rarfile  # noqa: PLC0415

    try:
        archive = rarfile.RarFile(io.BytesIO(body))
        infos = [info for info in archive.infolist() if info.is_file()]
        if not infos:
            _refuse_password(archive.needs_password())
            raise UnreadableError("attachment_damaged", "the rar holds no entry that can be found")
        if any(info.flags & rarfile.RAR_FILE_SPLIT_AFTER for info in infos):
            raise UnreadableError("attachment_damaged", _VOLUME)
    except rarfile.NeedFirstVolume as error:
        raise UnreadableError("attachment_damaged", _VOLUME) from error
    except rarfile.Error as error:
        raise UnreadableError("attachment_damaged", f"rar cannot be read: {error}") from error
    refuse_bomb(sum(info.file_size or 0 for info in infos), len(body), limits)
    for info in infos[: limits.entries]:
        name = _rar_name(info)
        if info.needs_password():
            issues.append(Issue("attachment_encrypted", "the entry needs a password", name))
            continue
        yield name, _rar_reader(archive, info, name, limits)
    _too_many(len(infos), limits, issues)


def _rar_name(info: Any) -> str:
    """The name in Unicode where the archive holds it so; the bytes of older ones are GB18030."""
    raw = getattr(info, "orig_filename", None)
    if not isinstance(raw, bytes) or b"\0" in raw:
        return str(info.filename)
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return str(info.filename)


def _rar_reader(archive: Any, info: Any, name: str, limits: Limits) -> Callable[[], bytes]:
    import rarfile  # noqa: PLC0415

    def read() -> bytes:
        try:
            if info.compress_type != rarfile.RAR_M0:
                # Of the others that call themselves unpackers, builds without rar are common: they would make a good file look damaged.
                rarfile.tool_setup(unrar=True, unar=True, bsdtar=False, sevenzip=False, sevenzip2=False)
            with archive.open(info) as stream:
                body = bytes(stream.read(limits.unpacked_bytes + 1))
        except rarfile.RarCannotExec as error:
            raise UnreadableError(
                "attachment_no_unpacker", "no rar unpacker is installed: install the package unar"
            ) from error
        except (rarfile.Error, OSError, EOFError) as error:
            raise UnreadableError("attachment_damaged", f"entry cannot be unpacked: {error}") from error
        if len(body) > limits.unpacked_bytes:
            raise UnreadableError("attachment_bomb", f"{name!r} unpacks to more than {limits.unpacked_bytes} bytes")
        return body

    return read


def gunzip(body: bytes, limits: Limits) -> bytes:
    """A gzip stream, unpacked no further than the limit."""
    unpacker = zlib.decompressobj(wbits=31)
    out = bytearray()
    view = memoryview(body)
    try:
        for at in range(0, len(body), _CHUNK):
            out += unpacker.decompress(view[at : at + _CHUNK], limits.unpacked_bytes + 1 - len(out))
            if len(out) > limits.unpacked_bytes:
                raise UnreadableError("attachment_bomb", f"unpacks to more than {limits.unpacked_bytes} bytes")
    except zlib.error as error:
        raise UnreadableError("attachment_damaged", f"gzip cannot be unpacked: {error}") from error
    return bytes(out)
