"""Writes glosses.tsv from WordNet's nouns: python assignments/language_models/maker FOLDER, a second or two.

FOLDER holds data.noun of WordNet 3.0. Debian has it: apt-get download wordnet-base && dpkg -x wordnet-base_*.deb W,
and then FOLDER is W/usr/share/wordnet.
"""

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "glosses.tsv"
SHA256 = "fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2"  # of data.noun
# Kinds of nouns ("supersenses") by the number of their file in WordNet, see lexnames(5WN). Those that have more than a
# thousand nouns, are easily told apart by a person, and name few people: definitions of people can hurt some.
KINDS = {
    "05": "animal",
    "06": "artifact",
    "08": "body",
    "10": "communication",
    "13": "food",
    "15": "location",
    "20": "plant",
    "21": "possession",
    "27": "substance",
    "28": "time",
}
TRAIN, TEST = 200, 60  # definitions of each kind
SHORTEST, LONGEST = 4, 25  # words
# Definitions with words that begin like this are left out: what can offend or disturb, or is no text for a classroom.
UNWANTED = """
    abus ammunit amphet anal anus arous barbit black blood bomb breast brutal buttock cadaver castrat child
    christ circumcis coarse cocaine coit concubin contracep corpse crime crimin crucif dead death defecat
    derog devil dispar drug epididym erect erotic ethnic excre excret execut explod explos faec fecal feces
    fetus fuck gamete gay genital gonad grenade gun hashish hell hemorrh heroin homosex humiliat indian
    infidel intercourse islam jew kill labi lesbian lsd lust mafia marijuana masturb menstr mohammed murder
    muslim mutil naked narcot nazi negr nigg nipple nude obscen offens opium orgasm ovar parturit pen penis
    pistol poison pornogr pregnan primitive prostitut pubic pudend pus race racial rape rectum reproduct rifle
    scrot sedat semen sex shit slang slave slut sodom sperm suicid teat terror testic tortur turd uncastrat
    urin uter vagina virgin vomit vulgar vulva war weapon whore womb
"""
SALT = "1"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of data.noun")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write (default: the shipped one)")
    options = parser.parse_args(argv)
    file = options.folder / "data.noun"
    try:
        content = file.read_bytes()
    except OSError as error:
        print(f"{file}: cannot be read ({error.strerror}).\n\n{__doc__}", file=sys.stderr)
        return 1
    if hashlib.sha256(content).hexdigest() != SHA256:
        print(f"{file}: is not that of WordNet 3.0 as Debian has it.\n\n{__doc__}", file=sys.stderr)
        return 1
    options.out.write_text(table(content.decode("ascii")), encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size:,} bytes")
    return 0


def table(nouns: str) -> str:
    """The text of glosses.tsv: a header, then the parts, in which the kinds take turns."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS.values()}
    found = list(definitions(nouns))
    times = Counter(_words(text) for _, text in found)
    for kind, text in found:
        if times[_words(text)] == 1 and is_wanted(kind, text):
            by_kind[kind].append(text)
    lines = ["part\tlabel\ttext"]
    ranked = {kind: sorted(texts, key=rank) for kind, texts in by_kind.items()}
    for part, first, last in (("train", 0, TRAIN), ("test", TRAIN, TRAIN + TEST)):
        for place in range(first, last):
            lines += [f"{part}\t{kind}\t{texts[place]}" for kind, texts in ranked.items()]
    return "\n".join(lines) + "\n"


def definitions(nouns: str) -> Iterator[tuple[str, str]]:
    """Kind and definition of each entry, without the examples. Scientific names of animals and plants are left out."""
    for line in nouns.splitlines():
        if line.startswith("  "):  # the licence
            continue
        data, _, gloss = line.partition(" | ")
        _, number, _, _, noun, *_ = data.split(" ")
        if number in KINDS and not (KINDS[number] in ("animal", "plant") and noun[0].isupper()):
            yield KINDS[number], gloss.split("; ")[0].strip()


def is_wanted(kind: str, text: str) -> bool:
    """Whether a definition has a good length and plain letters, does not name its kind, and suits a classroom."""
    words = _words(text)
    return (
        SHORTEST <= len(words) <= LONGEST
        and re.fullmatch(r"[A-Za-z ,.'()-]+", text) is not None
        and text.count("(") == text.count(")")
        and not any(word.startswith(kind.removesuffix("y")) for word in words)
        and not any(word.startswith(tuple(UNWANTED.split())) for word in words)
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+", text.lower()))


def rank(text: str) -> str:
    """A fixed order that looks like chance."""
    return hashlib.sha256(f"{SALT}:{text}".encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
