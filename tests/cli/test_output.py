"""What stands in a notice is printed as it stands there: brackets and colons are its own words."""

import io
from contextlib import redirect_stdout

import pytest

from cli.output import console, money, print_table

NUMBERS = ["[230001]HC[GK]20220055", "[/x]", "明采[2022]（货）第 8 号", ":100:", "[bold red]硬盘"]


@pytest.mark.parametrize("number", NUMBERS)
def test_words_in_brackets_are_kept(number: str) -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        print_table(("project no", "n"), [(number, "1")], title=number)
        console().print(number, style="bold")
    assert out.getvalue().count(number) == 3


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("848651.0000", "848,651.00"), ("0.165", "0.165"), ("1E+3", "1,000.00"), ("0", "0.00"), (None, None),
        ("1650.123456", "1,650.123456"), ("-12.5", "-12.50"),
    ],
)  # fmt: skip
def test_money_for_people(stored: str | None, shown: str | None) -> None:
    assert money(stored) == shown
