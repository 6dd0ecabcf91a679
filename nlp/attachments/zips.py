"""Archives: zip, 7z, rar, gzip. Sizes are checked before and while unpacking; entries are read in memory and never written anywhere."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator

from nlp.attachments.content import UnreadableError
from nlp.attachments.limits import Limits
from nlp.types import Issue

_BIG = 5_000_000
_CHUNK = 1 << 20
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


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
    """Stored entries are read as they are; packed ones need an unpacker on this machine."""
    import rarfile  # noqa: PLC0415

    try:
        archive = rarfile.RarFile(io.BytesIO(body))
        _refuse_password(archive.needs_password())
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except rarfile.Error as error:
        raise UnreadableError("attachment_damaged", f"rar cannot be read: {error}") from error
    if not infos:
        raise UnreadableError("attachment_damaged", "the rar holds no entry that can be found")
    refuse_bomb(sum(info.file_size or 0 for info in infos), len(body), limits)

    def reader(info: object) -> Callable[[], bytes]:
        def read() -> bytes:
            try:
                return bytes(archive.read(info))
            except rarfile.RarCannotExec as error:
                raise UnreadableError(
                    "attachment_no_unpacker", "no rar unpacker is installed (unrar, unar, 7z or bsdtar)"
                ) from error
            except (rarfile.Error, OSError) as error:
                raise UnreadableError("attachment_damaged", f"entry cannot be unpacked: {error}") from error

        return read

    for info in infos[: limits.entries]:
        yield str(info.filename), reader(info)
    _too_many(len(infos), limits, issues)


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
