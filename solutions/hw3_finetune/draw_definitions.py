"""Writes checks/definitions.npz, the texts on which a check fine-tunes MiniLM: python draw_definitions.py FOLDER

They are definitions of WordNet's nouns, as in assignments/language_models/glosses.tsv, and none that is there: students
have those. In FOLDER lies the file data.noun that assignments/language_models/maker reads, too.

The file: "train" and "test" (4 kinds, n definitions, 6 tokens of MiniLM's tokenizer) uint16, 0 where a definition has
fewer tokens. The licence of WordNet is in assignments/language_models/NOTICE.md.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "assignments" / "language_models"
KINDS = ("animal", "artifact", "food", "location")
TOKENS, TRAIN, TEST = 6, 300, 200


def load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(folder: Path) -> None:
    maker = load(MODELS / "maker" / "__main__.py", "maker")
    sys.path.insert(0, str(MODELS))
    from language_models import glosses, minilm_tokenizer

    public = {text for part in glosses().values() for text in part.texts}
    found = maker.definitions((folder / "data.noun").read_bytes().decode("ascii"))
    wanted = {(kind, text) for kind, text in found if kind in KINDS and maker._is_wanted(kind, text)}
    tokenizer = minilm_tokenizer()
    drawn = np.zeros((len(KINDS), TRAIN + TEST, TOKENS), np.uint16)
    for number, kind in enumerate(KINDS):
        texts = sorted((text for of, text in wanted if of == kind and text not in public), key=maker._rank)
        for place, text in enumerate(texts[: TRAIN + TEST]):
            tokens = tokenizer.encode(text, add_special_tokens=False)[:TOKENS]
            drawn[number, place, : len(tokens)] = tokens
    assert drawn[:, :, 3].all(), "a definition is too short, or there are too few"
    np.savez_compressed(HERE / "checks" / "definitions.npz", train=drawn[:, :TRAIN], test=drawn[:, TRAIN:])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
