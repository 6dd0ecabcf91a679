"""Pages that the code can check."""

import ast
import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_table_of_portals_is_current() -> None:
    spec = importlib.util.spec_from_file_location("portals_page", ROOT / "docs" / "_portals.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "portals.md").read_text(encoding="utf-8") == module.page(), "run: python docs/_portals.py"


LOGGED = ("debug", "info", "warning", "error", "exception", "critical", "log")
RAISED = {"CrawlError", "CrawlUsageError", "NightRunningError", "ArchiveError"}
TOLD = (
    "crawler/run.py",
    "crawler/proxies.py",
    "crawler/archive.py",
    "crawler/ledger_db.py",
    "crawler/wacz.py",
    "crawler/via.py",
    "jobs/nightly.py",
)


def shown(node: ast.expr) -> str | None:
    """A message as a person sees it, with … for what is filled in; None for one that is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"%(?:\.\d+)?[sdfr]", "…", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            yield node


def logged() -> list[tuple[str, str | None]]:
    found = []
    for path in sorted([*(ROOT / "crawler").rglob("*.py"), *(ROOT / "jobs").rglob("*.py")]):
        for call in calls(path):
            function = call.func
            if (
                isinstance(function, ast.Attribute)
                and function.attr in LOGGED
                and isinstance(function.value, ast.Name)
                and function.value.id in {"logger", "logging", "log", "LOGGER"}
            ):
                message = call.args[1] if function.attr == "log" else call.args[0]
                found.append((path.name, shown(message)))
    return found


def raised() -> list[tuple[str, str | None]]:
    found = []
    for name in TOLD:
        for call in calls(ROOT / name):
            if isinstance(call.func, ast.Name) and call.func.id in RAISED and len(call.args) == 2:
                message = shown(call.args[0])
                if message is not None and message.strip("….") != "":
                    found.append((name, message))
    return found


def test_every_log_message_is_explained() -> None:
    """The words of each logged message stand in the operations page, as a row with what it means and what to do."""
    rows = explained("Messages")
    found = logged()
    assert len(found) >= 8
    assert [entry for entry in found if entry[1] not in rows] == []
    assert all(len(cells) == 3 and all(cells) for cells in rows.values())


def test_every_line_that_ends_a_run_is_explained() -> None:
    rows = explained("Lines that end a run")
    found = raised()
    assert len(found) >= 15
    assert [entry for entry in found if entry[1] not in rows] == []
    said = {message for _, message in found}
    assert [message for message in rows if message not in said] == []


def explained(heading: str) -> dict[str, list[str]]:
    """The rows of the table below a heading, by their first cell."""
    text = (
        (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| ")
    ]
    return {cells[0]: cells for cells in rows[1:]}


def test_every_reason_of_a_verdict_is_explained() -> None:
    from crawler.types import Verdict

    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for verdict in Verdict:
        assert f"`{verdict.value}`" in explained


def verdict_words(path: Path) -> set[str]:
    """Every reason that a module gives for a state: in the verdict itself, in a name it is kept under, or in a table of words."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "StateVerdict":
            given = node.args[1:2]
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "reason" for t in node.targets):
            given = [node.value]
        elif (
            isinstance(node, ast.Tuple)
            and len(node.elts) == 2
            and re.search(r"[^\x00-\x7f]| ", shown(node.elts[0]) or "")
        ):
            given = node.elts[1:]
        for value in given:
            branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            found |= {word for b in branches if (word := shown(b)) is not None and re.fullmatch(r"[a-z_]+", word)}
    return found


def test_every_reason_of_a_state_is_explained() -> None:
    """Also what is said of answers that are no notice, no list and no file."""
    told = " ".join(explained("Reasons"))
    reasons = verdict_words(ROOT / "nlp" / "page_state.py") | verdict_words(ROOT / "crawler" / "platforms" / "base.py")
    assert {"throttled", "html_instead_of_json", "application_shell", "too_large", "list_markup"} <= reasons
    assert {reason for reason in reasons - {"file"} if f"`{reason}`" not in told} == set()


def test_every_reason_of_a_list_is_explained() -> None:
    """Each word a parser or a walk gives for an answer that is not what it should be."""
    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    reasons = set()
    for path in [*(ROOT / "crawler" / "pages").glob("*.py"), *(ROOT / "crawler" / "platforms").glob("*.py")]:
        reasons |= set(re.findall(r"PageError\(\s*\"([a-z_]+)\"", path.read_text(encoding="utf-8")))
    assert len(reasons) > 10
    assert {reason for reason in reasons if f"`{reason}`" not in explained} == set()
