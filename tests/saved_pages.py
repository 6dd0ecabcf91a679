"""Constructed pages in the format of ccgp, saved as files with a manifest, as somebody would import them."""

from __future__ import annotations

from pathlib import Path

from seeds.demo.ccgp import detail_page
from seeds.demo.load import load_demo_notices


def save_pages(folder: Path, count: int, *, first: int = 0, day: str = "2022-06-01") -> Path:
    """``count`` pages into ``folder``; returns the manifest that says where they are from."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["file,url,portal,captured_at"]
    for notice in load_demo_notices()[first : first + count]:
        name = notice.ccgp_path.rsplit("/", 1)[-1]
        (folder / name).write_text(detail_page(notice), encoding="utf-8")
        lines.append(f"{name},http://www.ccgp-demo.invalid{notice.ccgp_path},demo,{day}T08:00:00+08:00")
    manifest = folder / f"manifest-{first}.csv"
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest
