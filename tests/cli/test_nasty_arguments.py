"""Whatever stands in an argument is only characters: an answer or a usage error, never an error of the database."""

from __future__ import annotations

import contextlib
import io
import os
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cli.main import main
from db.engine import make_engine, session_scope
from db.link import link
from tests.cli.conftest import Answer
from tests.conftest import database
from tests.db import world
from tests.db.making import store
from tests.db.test_questions import award, correction

NASTY = (
    "'", '"', "''", "\\", "%", "_", "%s", "%(x)s", ":x", "$1", "{}", "{0}", ";", "--", "/*", "*/", "&", "|", "!", "<->", ":*", "(", ")", "()", "'a'",
    "E'\\x'", "\ud83d", "\udcff", "\udc80\udc81", "\x00", "\n", "\t", "\u202e", "\ufeff", "\u0000x", "*", "?", "[", "a" * 5000, "公安局'", "ＡＢ％",
    "'; drop table notice; --", "1 or 1=1", "$$", "\r\n", "-", "--", "=", "NaN", "infinity", "9" * 30, "-1", "1e400", "0x10", "٣", "²", "#1", "#", "##9",
    "http://[", "https://[::1", "http://a:99999999/", "ccgp/", "/", "//", "sha256:", "ccgp/sha256:0123456789ab", '"unclosed', 'a,"b',
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("".join),
    st.text(st.characters(codec=None, categories=None), max_size=20),
)
LISTS = ("brand", "owner", "origin", "product-kind", "product-class", "product-line", "area", "buyer", "under", "supplier", "unit-class", "tier",
         "region", "roles", "types", "with-brand")  # fmt: skip
SINGLE = ("party", "xpcc", "since", "until", "date-field", "within", "as-of", "known-at")
EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def environment(server_url, template_database, tmp_path_factory):
    """A small store, and the environment of the commands that ask it."""
    before = dict(os.environ)
    with database(server_url, template_database) as url:
        engine = make_engine(url)
        with session_scope(engine) as session:
            world.seeds(session)
            store(session, [("ccgp", award("1")), ("ggzy", award("1")), ("ccgp", correction())])
            link(session)
        engine.dispose()
        for name in [name for name in os.environ if name.startswith("CAIGOU_")]:
            del os.environ[name]
        os.environ["CAIGOU_HOME"] = str(tmp_path_factory.mktemp("home"))
        os.environ["CAIGOU_DATABASE_URL"] = url.render_as_string(hide_password=False)
        yield
    os.environ.clear()
    os.environ.update(before)


def ask(*arguments: str) -> Answer:
    out, err, argv = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["caigou", *arguments]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.argv = argv
    return Answer(code, out.getvalue(), err.getvalue())


def well(answer: Answer, *codes: int) -> None:
    assert answer.code in codes, answer.err[-2000:]
    assert "Traceback" not in answer.err


def may_be_argument(value: str) -> bool:
    """Whether a shell could hand it over: no NUL, and of surrogates only those that stand for bytes."""
    return "\x00" not in value and not any(
        "\ud800" <= char <= "\udc7f" or "\udd00" <= char <= "\udfff" for char in value
    )


@pytest.mark.usefixtures("environment")
def test_every_filter_takes_anything() -> None:
    @EXAMPLES
    @given(st.sampled_from((*LISTS, *SINGLE)), VALUES, st.sampled_from(("count", "bought", "search")))
    def holds(option: str, value: str, command: str) -> None:
        words = ["硬盘"] if command == "search" else []
        well(ask(command, *words, f"--{option}={value}", "--json"), 0, 2)

    holds()


@pytest.mark.usefixtures("environment")
def test_every_word_of_a_search_and_every_name_takes_anything() -> None:
    commands = (
        ("search", "--json", "--"), ("show", "--json", "--"), ("dossier", "supplier", "--"), ("dossier", "buyer", "--"), ("dossier", "brand", "--"),
        ("count", "--by"), ("bought", "--by"), ("count", "--verify"), ("count", "--diff"),
    )  # fmt: skip

    @EXAMPLES
    @given(st.sampled_from(commands), VALUES)
    def holds(command: tuple[str, ...], value: str) -> None:
        file = command[-1] in {"--verify", "--diff"}
        assume(not file or may_be_argument(value))
        # A file that is none is no usage error: it was read, and is wrong.
        well(ask(*command, value), *((1, 2) if file else (0, 2)))

    holds()


@pytest.mark.usefixtures("environment")
def test_two_names_of_organisations_take_anything() -> None:
    @settings(EXAMPLES, max_examples=15)
    @given(st.sampled_from(("explain", "merge", "split", "withdraw")), VALUES, VALUES)
    def holds(command: str, name: str, other: str) -> None:
        by = () if command == "explain" else ("--by", "anna")
        well(ask("org", command, *by, "--", name, other), 0, 2)

    holds()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("option", "value", "near"),
    [
        ("brand", "Seegate", "Seagate"),
        ("with-brand", "希婕", "希捷"),
        ("region", "新疆维吾尔自治", "新疆"),
        ("owner", "Thermo Fisher", "Thermo Fisher Scientific"),
        ("product-line", "SkyHwak", "SkyHawk"),
        ("product-class", "survellance", "surveillance"),
        ("unit-class", "public_securty", "public_security"),
        ("tier", "organs", "organ"),
        ("types", "awrd", "award"),
        ("roles", "purchase", "purchased"),
        ("buyer", "清河第一县公安", "清河第一县公安局"),
        ("supplier", "云岭恒信科技", "云岭恒信科技有限公司"),
        ("date-field", "publishd", "published"),
        ("party", "buyers", "buyer"),
    ],
)
def test_what_the_store_does_not_know_is_a_usage_error_with_the_nearest(option: str, value: str, near: str) -> None:
    for command in (("count",), ("bought",), ("search", "硬盘")):
        answer = ask(*command, f"--{option}", value)
        assert (answer.code, answer.out) == (2, ""), answer
        (line,) = [line for line in answer.err.splitlines() if line.startswith("caigou: ")]
        assert f"--{option}: unknown value" in line
        assert near in line.split("nearest: ")[1]


@pytest.mark.usefixtures("environment")
def test_an_unknown_portal_is_a_usage_error() -> None:
    for value in ("ccpg", "'; drop table portal; --", "\udcff", ""):
        for command in (
            ("crawl", value, "--since", "2022-01-01", "--until", "2022-01-02"),
            ("backfill", value, "--since", "2022-01-01", "--until", "2022-01-02"),
        ):
            answer = ask(*command)
            well(answer, 2)
            assert "portal" in answer.err
    assert "ccgp" in ask("crawl", "ccpg", "--since", "2022-01-01", "--until", "2022-01-02").err
