"""How clearly the training outcomes of problem 5 tell learning from not learning: prints the table of calibration.md.

    python solutions/hw0_multitask/calibrate.py [seeds]

Trains every right solution whose network or training is its own, and the mistakes that leave a network that can be
trained, without asking any other check first. About a second of one core for each seed and row.
"""

import sys
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.course.assignment import load_course
from grader.judge.compare import plain, wrapped
from grader.proof.specimens import specimens
from grader.sandbox.inline import InlineHost

HERE = Path(__file__).resolve().parent
WRONG = (
    "training_negative_is_the_positive",
    "training_without_step",
    "training_zero_grad_after_backward",
    "training_without_zero_grad",
    "training_step_once",
    "training_rates_the_negatives",
    "rating_does_not_train_the_tables",
    "interaction_loss_sign_flipped",
)


def loaded(path: Path) -> ModuleType:
    """A Python file as a module, by its path."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[path.stem] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(seeds: int) -> None:
    sys.path.remove(str(HERE))  # where Python would find the reference's file in place of what a specimen holds
    assignment = load_course(HERE).assignment("hw0")
    checks, nets = loaded(HERE / "checks" / "test_5_training.py"), loaded(HERE / "checks" / "conftest.py")
    planted = loaded(assignment.folder / "planted.py")
    print("| known solution | over one constant | over item means | over popularity | passes |")
    print("|---|---|---|---|---|")
    for specimen in specimens(assignment):
        own = specimen.kind == "alternative" and specimen.name.startswith(("network_", "training_"))
        if not (own or specimen.kind == "reference" or specimen.name in WRONG):
            continue
        rows = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            data = planted.planted_ratings(**checks.WORLD, seed=seed)
            ask = partial(answer, InlineHost(specimen.modules, assignment.probes), seed)
            net = checks.fitted(ask, nets.Net(checks.SIZES), checks.planted_epochs(rng, data), **checks.TRAINING)
            rows.append([checks.standard_errors(gain) for gain in checks.gains(net, data).values()])
        table = np.array(rows)
        cells = [f"{column.mean():.1f} ± {column.std():.1f} ({column.min():.1f})" for column in table.T]
        print(f"| {specimen.name} | {' | '.join(cells)} | {(table > checks.Z).all(axis=1).mean():.0%} |", flush=True)


def answer(host: InlineHost, seed: int, probe: str, **arguments: Any) -> Any:
    """What `probe` returns, without a check around it."""
    return plain(host.call(probe, wrapped(arguments), seed).value)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
