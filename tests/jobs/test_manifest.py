import datetime as dt

import pytest

from jobs.manifest import ManifestError, read_manifest


def _write(folder, text):
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_resolved_beside_the_manifest(tmp_path) -> None:
    path = _write(
        tmp_path,
        "file,url,portal,captured_at\na/page.html,http://portal.example/1.htm,ccgp,2022-05-12T08:30:00\nb.json,,,\n",
    )
    first, second = read_manifest(path)
    assert first.path == tmp_path / "a" / "page.html"
    assert first.captured_at == dt.datetime(2022, 5, 12, 0, 30, tzinfo=dt.UTC)
    assert (second.url, second.portal, second.captured_at) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column named file"),
        ("name,url\nx,y\n", "no column named file"),
        ("file,colour\nx,y\n", "unknown column"),
        ("file\n", "no files listed"),
        ("file,url\n,http://portal.example\n", "empty file name"),
        ("file\nx\nx\n", "listed twice"),
        ("file,captured_at\nx,yesterday\n", "not a time"),
    ],
)
def test_a_manifest_that_cannot_be_used_says_why(tmp_path, text, says) -> None:
    with pytest.raises(ManifestError, match=says):
        read_manifest(_write(tmp_path, text))


def test_missing_manifest(tmp_path) -> None:
    with pytest.raises(ManifestError, match="no such file"):
        read_manifest(tmp_path / "manifest.csv")
