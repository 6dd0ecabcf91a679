"""Which process is meant: a process id alone is reused, with its start time it is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROC = Path("/proc/self/stat")


def identity(pid: int) -> str | None:
    """A word that differs between two processes with the same id, or None when none is running.

    Linux: boot and clock tick of the start, from /proc. Elsewhere: the start time `ps` prints, to the second.
    A zombie counts as not running.
    """
    if pid <= 0:
        return None
    if PROC.exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        # The command may hold spaces and brackets; the fields after its closing bracket do not.
        fields = stat.rpartition(")")[2].split()
        state, start_tick = fields[0], fields[19]
        if state in "ZX":
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{start_tick}"
    listed = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    if len(listed) != 2 or listed[0].startswith("Z"):
        return None
    return listed[1].strip()
