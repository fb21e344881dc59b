"""Preloading: weights that processes share until they write, no threads, no files and no network afterwards."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

COMMON = """
import json, os, threading, torch
from pathlib import Path
torch.set_num_threads(1)
FILE = Path(sys.argv[1])
IDS = torch.tensor([[101, 4937, 2938, 102]])

def memory():
    "Private pages (kB) of the weights' mappings, of the whole process, and the rights of these mappings."
    weights, whole, rights, inside = 0, 0, [], False
    for line in open("/proc/self/smaps"):
        if line.split()[0].count("-") == 1 and ":" not in line.split()[0]:
            inside = line.rstrip().endswith(str(FILE))
            if inside:
                rights.append(line.split()[1])
        elif line.startswith(("Private_Dirty", "Private_Clean")):
            kilobytes = int(line.split()[1])
            dirty = line.startswith("Private_Dirty")
            whole += kilobytes if dirty else 0
            weights += kilobytes if dirty and inside else 0
    return weights, whole, rights

def in_child(work):
    "What `work` returns in a forked process."
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(write, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as end:
        found = json.loads(end.read())
    os.waitpid(child, 0)
    return found

def digest(model):
    return sum(float(weight.double().abs().sum()) for weight in model.state_dict().values())
"""

SHARED = (
    COMMON
    + """
import language_models as lm
lm.preload({"minilm": FILE})
parent = lm.minilm(2)
before = digest(parent)

def forward():
    model = lm.minilm(2).eval()
    started = memory()
    with torch.no_grad():
        model(IDS)
    ended = memory()
    return {"weights": ended[0], "grown": ended[1] - started[1], "rights": ended[2], "digest": digest(model)}

def train():
    model = lm.minilm(2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(IDS).sum().backward()
    optimizer.step()
    with torch.no_grad():
        parent.embeddings.word_embeddings.weight.add_(1.0)  # and the one that it inherited
    return {"weights": memory()[0], "digest": digest(model), "inherited": digest(parent), "fresh": digest(lm.minilm(2))}

found = {"before": before, "reader": in_child(forward), "writer": in_child(train), "later": in_child(forward)}
found["after"] = digest(parent)
print(json.dumps(found))
"""
)

QUIET = (
    COMMON
    + """
threads = len(os.listdir("/proc/self/task"))
descriptors = set(os.listdir("/proc/self/fd"))
import language_models as lm
lm.preload({"minilm": FILE})
loaded = [name for name in ("tokenizers", "gguf", "transformers", "rich", "pandas") if name in sys.modules]
started = len(os.listdir("/proc/self/task")) - threads
opened = set(os.listdir("/proc/self/fd")) - descriptors
touched, imported = [], []
def note(event, arguments):
    if event == "open" or event.startswith("socket."):
        touched.append([event, str(arguments[0])])

sys.addaudithook(note)

def work():
    known = set(sys.modules)
    lm.minilm(2, num_classes=3)(IDS).sum().backward()
    imported.extend(sorted(set(sys.modules) - known))
    lm.gpt2()(IDS % 50), lm.llama()(IDS % 50)
    return {"touched": touched, "imported": imported}

print(json.dumps({"loaded": loaded, "threads": started, "opened": sorted(opened), **in_child(work)}))
"""
)

FILE_GONE = (
    COMMON
    + """
import language_models as lm
lm.preload({"minilm": FILE})
wanted = digest(lm.minilm(2))
FILE.unlink()
one, two = lm.minilm(2), lm.minilm(2)
with torch.no_grad():
    one.embeddings.word_embeddings.weight.add_(1.0)
print(json.dumps([digest(two) == wanted, digest(lm.minilm(2)) == wanted, digest(one) != wanted]))
"""
)


def test_processes_share_the_weights_until_they_write(minilm_file: Path, run: Callable[..., str]):
    found = json.loads(run(SHARED, str(minilm_file)))
    reader, writer, later = found["reader"], found["writer"], found["later"]
    assert set(reader["rights"]) == {"rw-p"}  # private, so writing does not reach the file
    assert reader["weights"] == 0
    assert reader["grown"] < 20_000  # kB, and the weights of two blocks are 62,000
    assert 60_000 < writer["weights"] < 120_000  # its model's 62 MB, and the 47 MB of the embedding that it inherited
    assert writer["digest"] != found["before"]
    assert writer["inherited"] != found["before"]
    assert writer["fresh"] == found["before"]  # two models of one process share nothing that either can change
    assert later["weights"] == 0
    assert reader["digest"] == later["digest"] == found["before"] == found["after"]


def test_no_thread_no_network_and_no_file_of_elsewhere(minilm_file: Path, run: Callable[..., str]):
    found = json.loads(run(QUIET, str(minilm_file)))
    assert found["loaded"] == []
    assert found["threads"] == 0
    assert found["opened"] == []
    assert len(found["imported"]) < 10  # a worker that builds a model is not to pay for imports
    assert any(name == str(minilm_file) for _, name in found["touched"])
    elsewhere = [name for event, name in found["touched"] if event != "open" or "site-packages" not in name]
    assert [name for name in elsewhere if not name.startswith(sys.base_prefix)] == []


def test_a_file_that_is_gone_after_preloading(minilm_file: Path, tmp_path: Path, run: Callable[..., str]):
    """As where a jail lets nobody open it any more. Then the tensors are copied."""
    copy = tmp_path / "model.safetensors"
    copy.write_bytes(minilm_file.read_bytes())
    assert json.loads(run(FILE_GONE, str(copy))) == [True, True, True]
