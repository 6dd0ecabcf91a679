"""inspect, tag, unit, model, amount: one answer an input, in order, and one line for what cannot be read."""

import json

import pytest

PAGE = """<html><head><meta charset="utf-8"><title>构造页</title></head><body><div class="vF_detail_content">
<p>一、项目编号：YLMC2022-XJ-999</p><p>二、项目名称：硬盘采购</p><p>采购人：明川市公安局（构造）</p></div></body></html>"""
KEYS = {"notice", "parties", "lots", "items", "mentions", "attachments", "text", "state", "issues", "versions"}


def test_a_page_becomes_the_contracts_object(caigou_alone, tmp_path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE, encoding="utf-8")
    answer = caigou_alone("inspect", page, "--portal", "ccgp", "--json")
    assert answer.code == 0
    assert set(answer.json) >= KEYS
    assert answer.json["state"] == "notice"
    assert answer.json["notice"]["project_no"] == "YLMC2022-XJ-999"
    assert set(answer.json["versions"]) == {"reader", "lexicon", "model"}


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        ("<html><title>频繁访问!中国政府采购网</title><body>您的访问过于频繁</body></html>".encode(), "blocked"),
        (b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", "error_page"),
    ],
)
def test_what_is_no_notice_is_said_to_be_what_it_is(caigou_alone, tmp_path, content, state) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(content)
    answer = caigou_alone("inspect", page, "--json")
    assert answer.code == 0
    assert answer.json["state"] == state


def test_random_bytes_are_an_answer_too(caigou_alone, tmp_path) -> None:
    page = tmp_path / "noise"
    page.write_bytes(bytes(range(256)) * 50)
    answer = caigou_alone("inspect", page, "--json")
    assert answer.code == 0
    assert answer.json["state"] in {"unknown", "error_page", "empty"}


def test_gb18030_declared_as_utf8_is_read(caigou_alone, tmp_path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(PAGE.encode("gb18030"))
    answer = caigou_alone("inspect", page, "--json")
    assert answer.code == 0
    assert "明川市公安局" in answer.json["text"]


def test_files_that_cannot_be_read_leave_the_others_alone(caigou_alone, tmp_path) -> None:
    page, big = tmp_path / "a.html", tmp_path / "big.html"
    page.write_text(PAGE, encoding="utf-8")
    with big.open("wb") as handle:
        handle.truncate(100 * 1024 * 1024)
    answer = caigou_alone("inspect", big, tmp_path, page, "--json")
    assert answer.code == 1
    assert len(answer.lines) == 1
    errors = answer.err.strip().splitlines()
    assert len(errors) == 2
    assert "100" in errors[0] or "105" in errors[0]
    assert "directory" in errors[1]


def test_a_missing_file_and_no_file_are_usage_errors(caigou_alone, tmp_path) -> None:
    assert caigou_alone("inspect", tmp_path / "absent.html").code == 2
    assert caigou_alone("inspect").code == 2


def test_a_manifest_of_pages(caigou_alone, tmp_path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    manifest = tmp_path / "m.csv"
    manifest.write_text("file,url,portal\na.html,,ccgp\nb.html,,somewhere\n", encoding="utf-8")
    answer = caigou_alone("inspect", "--manifest", manifest, "--json")
    assert answer.code == 0
    known, unknown = answer.lines
    assert "unknown_portal" not in {issue["code"] for issue in known["issues"]}
    assert "unknown_portal" in {issue["code"] for issue in unknown["issues"]}


def test_ids_come_back_in_order(caigou_alone) -> None:
    rows = [{"id": "b", "text": "希捷 ST4000VX015"}, {"id": "a", "text": "办公用纸"}]
    given = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    tagged = caigou_alone("tag", "--file", "-", "--json", stdin=given).lines
    assert [row["id"] for row in tagged] == ["b", "a"]
    assert tagged[0]["mentions"][0]["brand"] == "Seagate"
    assert tagged[1]["mentions"] == []
    models = caigou_alone("model", "--file", "-", "--json", stdin=given).lines
    assert models[0] == {"id": "b", "brand": "Seagate", "product_line": "SkyHawk", "product_class": "surveillance"}
    assert models[1] == {"id": "a", "brand": None, "product_line": None, "product_class": None}


def test_money_with_its_header(caigou_alone) -> None:
    assert caigou_alone("amount", "12.5", "--header", "金额（万元）", "--json").json["cny"] in {
        "125000",
        "125000.0",
        "125000.00",
    }
    null = caigou_alone("amount", "详见附件", "--json").json
    assert null["cny"] is None
    assert null["reason"]


def test_units_for_a_date(caigou_alone) -> None:
    answer = caigou_alone("unit", "公安县公安局", "公安县人民医院", "--json")
    assert [row["is_public_security"] for row in answer.lines] == [True, False]
    before = caigou_alone("unit", "成都市公安消防支队", "--on", "2016-01-01", "--json").json
    after = caigou_alone("unit", "成都市公安消防支队", "--on", "2022-01-01", "--json").json
    assert (before["is_public_security"], after["is_public_security"]) == (True, False)
    assert caigou_alone("unit", "明川市公安局", "--on", "yesterday").code == 2


def test_help_has_an_example_everywhere() -> None:
    import typer.main

    from cli.main import app

    def leaves(command):
        children = getattr(command, "commands", None)
        return [leaf for child in children.values() for leaf in leaves(child)] if children else [command]

    commands = leaves(typer.main.get_command(app))
    assert len(commands) > 20
    for command in commands:
        assert "Example" in (command.epilog or ""), command.name
        assert command.help, command.name
