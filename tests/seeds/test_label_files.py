"""Families of names: read in order, or the line that cannot be read is named. Constructed."""

from pathlib import Path

import pytest

from seeds.label_files import LabelError, read_families

SHAPE = "area/family: nouns"


def read(folder: Path, text: str) -> object:
    path = folder / "families.txt"
    path.write_text(text, encoding="utf-8")
    return read_families(path, {"drone", "ocean"}, SHAPE)


def test_families_in_order(tmp_path: Path) -> None:
    assert read(tmp_path, "# words\n\ndrone/small: 无人机|航拍器\nocean/boats: 巡逻艇\n") == (
        ("drone", "drone/small", ("无人机", "航拍器")),
        ("ocean", "ocean/boats", ("巡逻艇",)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nplane/small: 飞机\n", "families.txt:2: not `area/family: nouns`"),
        ("drone: 无人机\n", "families.txt:1: not"),
        ("drone/small 无人机\n", "families.txt:1: not"),
        ("drone/small: 无人机\ndrone/small: 航拍器\n", "families.txt:2: family drone/small stands twice"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(LabelError, match=words):
        read(tmp_path, text)
