"""Legacy office documents through LibreOffice, one process a file, kept on a short lead.

LibreOffice runs with a profile of its own that dies with it, macros and links switched off, no network where the kernel lets us take it
away, and an end to its time, memory and disk. Between it and us stands a keeper (this module as a program): when we die, however we
die, the keeper ends LibreOffice and removes the folder.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}</oor:items>
"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
)
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_LOOK = 0.2


class ConversionError(Exception):
    """No document came out: ``code`` of the issue and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def find_converter() -> str | None:
    """The LibreOffice program on the path, or null."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def convert(
    program: str, body: bytes, suffix: str, target: str, *, seconds: float, memory_bytes: int, file_bytes: int
) -> bytes:
    """The document as ``target`` (docx, pptx), ``suffix`` being what it is. Raises :class:`ConversionError`."""
    with tempfile.TemporaryDirectory(prefix="caigou-office-") as name:
        folder = Path(name)
        source = folder / f"document.{suffix}"
        source.write_bytes(body)
        profile = folder / "profile" / "user" / "registrymodifications.xcu"
        profile.parent.mkdir(parents=True)
        (folder / "out").mkdir()
        items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
        profile.write_text(_PROFILE.format(items=items), encoding="utf-8")
        question = {
            "program": program, "folder": name, "source": str(source), "target": target, "seconds": seconds, "memory": memory_bytes,
            "file": file_bytes,
        }  # fmt: skip
        status = _keep(question, seconds)
        made = folder / "out" / f"document.{target}"
        if made.is_file():
            if made.stat().st_size >= file_bytes:
                raise ConversionError("attachment_too_large", f"more than {file_bytes} bytes once converted")
            return made.read_bytes()
        if status == -signal.SIGXFSZ or status == 128 + signal.SIGXFSZ:
            raise ConversionError("attachment_too_large", f"more than {file_bytes} bytes once converted")
        raise ConversionError(
            "attachment_damaged",
            "LibreOffice could not convert it: damaged, locked by a password, too big for its memory, or the LibreOffice package for its kind is missing",
        )


def _keep(question: dict[str, object], seconds: float) -> int:
    root = str(Path(__file__).resolve().parent.parent)
    keeper = subprocess.Popen(  # noqa: S603 -- our own module in our own interpreter
        [sys.executable, str(Path(__file__).resolve()), json.dumps(question)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=root,
    )
    try:
        return keeper.wait(seconds)
    except subprocess.TimeoutExpired:
        raise ConversionError("attachment_timeout", f"LibreOffice did not convert it within {seconds:g} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(keeper.pid, signal.SIGKILL)
        keeper.wait()
        assert keeper.stdin is not None
        keeper.stdin.close()


# ── the keeper ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _limit(memory: int, file: int, seconds: float) -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def leave_network() -> bool:
    """Puts this process into a network of its own that leads nowhere; false where the kernel forbids it."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        return bool(libc.unshare(_NEW_NET) == 0 or libc.unshare(_NEW_USER | _NEW_NET) == 0)
    except (OSError, AttributeError):
        return False


def _main(question: dict[str, object]) -> int:
    folder = Path(str(question["folder"]))
    leave_network()
    _limit(int(str(question["memory"])), int(str(question["file"])), float(str(question["seconds"])))
    child = subprocess.Popen(  # noqa: S603 -- the converter of this machine; the file is an argument
        [
            str(question["program"]),
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
            "--nolockcheck",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            str(question["target"]),
            "--outdir",
            str(folder / "out"),
            str(question["source"]),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        },
    )
    while (status := child.poll()) is None:
        # Whoever asked holds the other end; its end of file means that nobody waits any more.
        ready, _, _ = select.select([sys.stdin], [], [], _LOOK)
        if ready and not os.read(sys.stdin.fileno(), 1):
            child.kill()
            shutil.rmtree(folder, ignore_errors=True)
            os.killpg(0, signal.SIGKILL)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(_main(json.loads(sys.argv[1])))
