"""Writes checks/definitions.npz, the texts on which a check fine-tunes MiniLM: python draw_definitions.py FOLDER

They are beginnings of definitions of WordNet's nouns, drawn as those of assignments/language_models/glosses.tsv are.
None begins like one that is there (students have those), and no two begin alike. In FOLDER lies the file data.noun
that assignments/language_models/maker reads, too.

The file: "train" and "test" (4 kinds, n definitions, 6 tokens of MiniLM's tokenizer) uint16, 0 where a definition has
fewer tokens. The licence of WordNet is in assignments/language_models/NOTICE.md.
"""

import runpy
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "assignments" / "language_models"
KINDS = ("animal", "artifact", "food", "location")
TOKENS, TRAIN, TEST = 6, 300, 200


def main(folder: Path) -> None:
    sys.path.insert(0, str(MODELS))
    from language_models import glosses, minilm_tokenizer

    tokenizer = minilm_tokenizer()

    def beginning(text: str) -> tuple[int, ...]:
        return tuple(tokenizer.encode(text, add_special_tokens=False)[:TOKENS])

    maker: dict[str, Any] = runpy.run_path(str(MODELS / "maker" / "__main__.py"))
    found = maker["definitions"]((folder / "data.noun").read_bytes().decode("ascii"))
    wanted = sorted({text for text in found if maker["is_wanted"](*text)}, key=lambda pair: maker["rank"](pair[1]))
    times = Counter(beginning(text) for _, text in wanted)
    public = {beginning(text) for part in glosses().values() for text in part.texts}
    drawn = np.zeros((len(KINDS), TRAIN + TEST, TOKENS), np.uint16)
    for number, kind in enumerate(KINDS):
        own = (beginning(text) for of, text in wanted if of == kind)
        chosen = [tokens for tokens in own if times[tokens] == 1 and tokens not in public][: TRAIN + TEST]
        for place, tokens in enumerate(chosen):
            drawn[number, place, : len(tokens)] = tokens
    assert drawn[:, :, 3].all(), "a definition is too short, or there are too few"
    np.savez_compressed(HERE / "checks" / "definitions.npz", train=drawn[:, :TRAIN], test=drawn[:, TRAIN:])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
