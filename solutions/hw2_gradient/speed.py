"""How long an update and a test task take: the reference's loop over tasks beside torch.func's vmap over them.

python solutions/hw2_gradient/speed.py      # from the top of the repository; processor time, one thread
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
HOMEWORK = HERE.parents[1] / "assignments" / HERE.name
sys.path[:0] = [str(HOMEWORK), str(HOMEWORK.parent / "characters")]

import torch  # noqa: E402
from characters import load_characters  # noqa: E402
from episodes import TaskSampler, halved  # noqa: E402
from network import conv_net, initial_parameters  # noqa: E402

UPDATES = 15


def module(*files: Path) -> ModuleType:
    """The definitions of all files in one module; those of later files win."""
    made = ModuleType("maml")
    exec("\n".join(file.read_text() for file in files), made.__dict__)
    return made


def milliseconds(act: Callable[[], object], times: int) -> float:
    started = time.process_time()
    act()
    return 1000 * (time.process_time() - started) / times


def main() -> None:
    torch.set_num_threads(1)
    ways = {
        "loop": module(HERE / "maml.py"),
        "vmap": module(HERE / "maml.py", HERE / "alternatives" / "maml_with_vmap.py"),
    }
    images = halved(load_characters().split()["train"].images)
    print("| steps | tasks in a batch | | update, ms | test task, ms |\n|---|---|---|---|---|")
    for steps in (1, 5):
        for num_tasks in (4, 16):
            for name, maml in ways.items():
                sampler = TaskSampler(images, 5, seed=0)
                batches = [sampler.batch(num_tasks, 1, 10) for _ in range(UPDATES)]
                tests = sampler.batch(40, 1, 10)
                theta = initial_parameters(5, torch.Generator().manual_seed(0), blocks=3, size=14)
                rates = maml.initial_inner_lrs(theta, 0.04, False)
                maml.meta_train(conv_net, theta, batches[:2], rates, steps, 3e-3)  # the first ones are slow
                update = milliseconds(lambda: maml.meta_train(conv_net, theta, batches, rates, steps, 3e-3), UPDATES)  # noqa: B023
                test = milliseconds(lambda: maml.meta_test(conv_net, theta, tests, rates, steps), len(tests))  # noqa: B023
                print(f"| {steps} | {num_tasks} | {name} | {update:.0f} | {test:.1f} |", flush=True)


if __name__ == "__main__":
    main()
