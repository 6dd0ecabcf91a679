"""A portal's file with a wrong value is one line that names the file and the key, never a traceback and never a guess."""

import copy

import pytest
import yaml

from crawler.config import PORTALS, parse_portal, portal_ids
from crawler.errors import CrawlError

ODD = (None, 5, -1, "x", [1], ["a", "b"], {"a": 1}, [25, "x"], True)
REFUSED = {
    "off_peak": (5, -1, "x", [1], ["a", "b"], {"a": 1}, [25, "x"], True, [22, 22], [1.5, 6]),
    "pauses": (5, -1, "x", ["a", "b"], {"a": 1}, True),
    "delay": (None, -1, "x", [1], True),
    "enabled": (5, "x", [1]),
    "hosts": (5, "x", [1], {"a": -1}),
    "platfrom": ODD,
}


def files() -> dict[str, dict]:
    return {portal: yaml.safe_load((PORTALS / f"{portal}.yml").read_bytes()) for portal in portal_ids()}


@pytest.mark.parametrize("key", list(REFUSED))
def test_a_wrong_value_is_one_line_that_names_file_and_key(key: str) -> None:
    data = files()["ccgp"]
    for value in REFUSED[key]:
        spoilt = copy.deepcopy(data)
        spoilt["crawl"][key] = value
        with pytest.raises(CrawlError) as error:
            parse_portal(spoilt, PORTALS / "ccgp.yml")
        assert str(error.value).startswith("ccgp.yml: crawl.")
        assert key in str(error.value)
        assert "\n" not in str(error.value)


def test_no_value_anywhere_ends_in_a_traceback() -> None:
    said: list[tuple[str, str]] = []
    for portal, data in files().items():
        path = PORTALS / f"{portal}.yml"
        places = [("crawl", key) for key in (*data["crawl"], "off_peak", "pauses")]
        places += [("expect", key) for key in data["crawl"].get("expect", {})]
        for where, key in places:
            for value in ODD:
                spoilt = copy.deepcopy(data)
                (spoilt["crawl"] if where == "crawl" else spoilt["crawl"]["expect"])[key] = value
                try:
                    parse_portal(spoilt, path)
                except CrawlError as error:
                    said.append((path.name, str(error)))
    assert said
    assert [line for name, line in said if name not in line or "\n" in line] == []
