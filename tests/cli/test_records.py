import io
import json
import sys

import pytest

from cli.output import UsageError
from cli.records import Record, read_records


def test_arguments_come_through_in_order() -> None:
    assert list(read_records(["甲", "乙"], None)) == [Record("甲"), Record("乙")]


def test_nothing_to_read_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        list(read_records(None, None))


def test_both_sources_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        list(read_records(["甲"], "-"))


def test_plain_file_keeps_blank_lines_and_drops_the_bom(tmp_path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeff甲\r\n\n乙\n".encode())
    assert [r.text for r in read_records(None, str(path))] == ["甲", "", "乙"]


def test_empty_file_gives_no_records(tmp_path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    assert list(read_records(None, str(path))) == []


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.txt"])
def test_json_lines_by_name_or_by_first_byte(tmp_path, name) -> None:
    path = tmp_path / name
    rows = [{"id": 7, "text": "甲\n乙"}, {"text": "丙", "header": "金额（万元）"}]
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n\n", encoding="utf-8")
    assert list(read_records(None, str(path))) == [Record("甲\n乙", "7"), Record("丙", None, "金额（万元）")]


@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"text": 3}'])
def test_a_broken_json_line_names_file_and_line(tmp_path, line) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "甲"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        list(read_records(None, str(path)))


def test_invalid_utf8_is_read_and_said(tmp_path, capsys) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("甲\n".encode() + b"\xff\xfe\n")
    assert [r.text for r in read_records(None, str(path))] == ["甲", "\ufffd\ufffd"]
    assert "byte 4" in capsys.readouterr().err


def test_missing_file_and_directory(tmp_path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        list(read_records(None, str(tmp_path / "absent.txt")))
    with pytest.raises(UsageError, match="directory"):
        list(read_records(None, str(tmp_path)))


def test_dash_is_stdin(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("甲\n乙".encode())))
    assert [r.text for r in read_records(None, "-")] == ["甲", "乙"]
