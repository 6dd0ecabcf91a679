"""What the environment says, and what it may not say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import DatabaseError, SettingsError
from db.settings import Settings, load_settings


def test_defaults_name_a_directory_of_the_user_and_no_server():
    settings = load_settings({})
    assert settings.database_url is None
    assert settings.home.is_absolute()
    assert settings.home.name == "caigou"
    assert settings.archive == settings.home / "archive"
    assert (settings.postgres_port, settings.postgres_linger, settings.postgres_user) == (None, 0.0, None)


def test_every_variable_is_read():
    env = {
        "CAIGOU_HOME": "/data/采购",
        "CAIGOU_DATABASE_URL": "postgresql://me@host/base",
        "CAIGOU_POSTGRES_PORT": "6543",
        "CAIGOU_POSTGRES_LINGER": "1.5",
        "CAIGOU_POSTGRES_USER": "service",
    }
    assert load_settings(env) == Settings(Path("/data/采购"), "postgresql://me@host/base", 6543, 1.5, "service")


def test_empty_counts_as_unset():
    names = ("HOME", "DATABASE_URL", "POSTGRES_PORT", "POSTGRES_LINGER", "POSTGRES_USER")
    assert load_settings({f"CAIGOU_{name}": "" for name in names}) == load_settings({})


def test_a_relative_home_is_taken_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings({"CAIGOU_HOME": "here"}).home == tmp_path / "here"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "1.5", "x", " 1", "٣"])
def test_a_port_that_is_none(port):
    with pytest.raises(SettingsError, match="CAIGOU_POSTGRES_PORT"):
        load_settings({"CAIGOU_POSTGRES_PORT": port})


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "1e9", "ten"])
def test_a_linger_that_is_none(seconds):
    with pytest.raises(SettingsError, match="CAIGOU_POSTGRES_LINGER"):
        load_settings({"CAIGOU_POSTGRES_LINGER": seconds})


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://host/base", "host", "postgresql"])
def test_an_address_of_something_else(url):
    with pytest.raises(SettingsError, match="CAIGOU_DATABASE_URL") as caught:
        load_settings({"CAIGOU_DATABASE_URL": url})
    assert "\n" not in str(caught.value)


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_nothing_in_a_number_s_place_is_guessed(raw):
    for name in ("CAIGOU_POSTGRES_PORT", "CAIGOU_POSTGRES_LINGER"):
        try:
            settings = load_settings({name: raw})
        except SettingsError:
            continue
        number = settings.postgres_port if name.endswith("PORT") else settings.postgres_linger
        assert number is not None
        assert number == float(raw)


def test_an_error_prints_as_one_line_with_its_remedy():
    assert str(DatabaseError("it is broken", "mend it")) == "it is broken; mend it"
    assert str(DatabaseError("it is broken", "")) == "it is broken"
