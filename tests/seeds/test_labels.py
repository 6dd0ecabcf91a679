"""The labels: enough, consistent, reproducible, and never split inside a family."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from jobs.train_roles import held_out_families
from nlp.types import MentionRole
from seeds.labels import generate
from seeds.labels.generate import LabelError, families, handwritten, records, to_json

RECORDS = records()


def test_enough_families_and_sentences() -> None:
    assert len(families()) >= 150
    assert len(list(handwritten())) >= 300
    assert sum(len(record.mentions) for record in RECORDS) >= 5000


def test_every_role_has_families_and_some_are_held_out() -> None:
    held_out = held_out_families(RECORDS)
    kept: dict[MentionRole, set[str]] = defaultdict(set)
    out: dict[MentionRole, set[str]] = defaultdict(set)
    for record in RECORDS:
        for mention in record.mentions:
            (out if record.family in held_out else kept)[mention.role].add(record.family)
    for role in MentionRole:
        assert len(kept[role]) >= 6, role
        assert out[role], role


def test_spans_point_at_their_surfaces() -> None:
    for record in RECORDS:
        for mention in record.mentions:
            assert record.text[slice(*mention.span)] == mention.surface


def test_one_text_one_labelling() -> None:
    seen: dict[tuple[str, object], tuple[object, ...]] = {}
    for record in RECORDS:
        roles = tuple(mention.role for mention in record.mentions)
        assert seen.setdefault((record.text, record.notice_type), roles) == roles, record.text


def test_no_text_is_trained_on_and_held_out() -> None:
    held_out = held_out_families(RECORDS)
    inside = {record.text for record in RECORDS if record.family in held_out}
    outside = {record.text for record in RECORDS if record.family not in held_out}
    assert not inside & outside


def test_the_same_files_give_the_same_records() -> None:
    assert list(map(to_json, records())) == list(map(to_json, RECORDS))


def test_templates_leave_no_marks() -> None:
    for record in RECORDS:
        assert not set("{}[]<>⟦⟧⏎") & set(record.text), record.text


def test_families_vary() -> None:
    counts = Counter(record.family for record in RECORDS if record.origin == "generated")
    assert min(counts.values()) >= 3


def test_a_broken_family_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "x.txt").write_text("== Bad Name\n<awarded>\n", encoding="utf-8")
    monkeypatch.setattr(generate, "HERE", tmp_path)
    with pytest.raises(LabelError, match=r"x\.txt:1"):
        families()


def test_a_sentence_without_a_mention_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "brands.tsv").write_text("disk\tSeagate\t希捷\tST1\t硬盘\n", encoding="utf-8")
    (tmp_path / "handwritten.txt").write_text("@none\t没有品牌\n", encoding="utf-8")
    monkeypatch.setattr(generate, "HERE", tmp_path)
    with pytest.raises(LabelError, match=r"handwritten\.txt:1"):
        list(handwritten())
