"""What the checks of problems 4 and 5 share: sizes without coincidences, parameters by role, the network in numpy."""

import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.judge import Ask

Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class Net:
    """A MultiTaskNet as the judge sees it: the arguments that make it, and values for its parameters by role."""

    sizes: dict[str, Any]
    weights: Weights = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, tuple[int, ...]]:
        """Role -> shape of the embedding tables; `score_` and `rating_` tell them apart where each task has its own."""
        d = self.sizes["embedding_dim"]
        rows = {"users": self.sizes["num_users"], "items": self.sizes["num_items"]}
        tasks = [""] if self.sizes["shared"] else ["score_", "rating_"]
        return {task + name: (rows[name], d) for task in tasks for name in rows}

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Role -> shape of every parameter."""
        shapes = {**self.tables, "item_bias": (self.sizes["num_items"],)}
        widths = (3 * self.sizes["embedding_dim"], *self.sizes["layer_sizes"], 1)
        for layer, (width_in, width_out) in enumerate(pairwise(widths)):
            shapes |= {f"weight_{layer}": (width_out, width_in), f"bias_{layer}": (width_out,)}
        return shapes

    @property
    def score_weights(self) -> Weights:
        """The parameters on which the score depends."""
        roles = ("users", "items", "score_users", "score_items", "item_bias")
        return {role: value for role, value in self.weights.items() if role in roles}

    @property
    def rating_weights(self) -> Weights:
        """The parameters on which the rating depends."""
        return {
            role: value for role, value in self.weights.items() if role != "item_bias" and not role.startswith("score_")
        }

    def filled(self, rng: np.random.Generator) -> "Net":
        """The same network with parameters drawn at random, and ratings centred on 0 so that both signs occur."""
        weights = {role: rng.normal(size=shape) for role, shape in self.shapes.items()}
        users, items = np.meshgrid(np.arange(self.sizes["num_users"]), np.arange(self.sizes["num_items"]))
        net = replace(self, weights=weights)
        last = f"bias_{len(self.sizes['layer_sizes'])}"
        weights[last] = weights[last] - net.outputs(users.ravel(), items.ravel())["rating"].mean()
        return net

    def rows(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """User and item ids of `count` examples, (count,) each."""
        return rng.integers(self.sizes["num_users"], size=count), rng.integers(self.sizes["num_items"], size=count)

    def outputs(self, users: np.ndarray, items: np.ndarray) -> dict[str, np.ndarray]:
        """Score and rating as the handout defines them, written down a second time, without PyTorch."""
        w, task = self.weights, (("", "") if self.sizes["shared"] else ("score_", "rating_"))
        u, q = w[f"{task[0]}users"][users], w[f"{task[0]}items"][items]
        score = (u * q).sum(axis=1) + w["item_bias"][items]
        u, q = w[f"{task[1]}users"][users], w[f"{task[1]}items"][items]
        x = np.concatenate([u, q, u * q], axis=1)
        layers = len(self.sizes["layer_sizes"])
        for layer in range(layers):
            x = np.maximum(x @ w[f"weight_{layer}"].T + w[f"bias_{layer}"], 0)
        return {"score": score, "rating": (x @ w[f"weight_{layers}"].T + w[f"bias_{layers}"])[:, 0]}


# All widths and table heights of a network differ from each other (and from 3d), so that a shape names a role.
SHARED = {"num_users": 7, "num_items": 11, "embedding_dim": 4, "layer_sizes": (8, 5, 6), "shared": True}
SEPARATE = {"num_users": 14, "num_items": 5, "embedding_dim": 3, "layer_sizes": (8, 6), "shared": False}


@pytest.fixture
def shared_net(ask: Ask) -> Net:
    """A network whose tasks share their tables."""
    return Net(SHARED).filled(ask.rng)


@pytest.fixture
def separate_net(ask: Ask) -> Net:
    """A network whose tasks have tables of their own."""
    return Net(SEPARATE).filled(ask.rng)


@pytest.fixture
def new_net() -> type[Net]:
    """For checks that need other sizes, or fill in the parameters that came back from training."""
    return Net


@pytest.fixture(scope="session")
def planted_ratings(assignment_folder: Path) -> Any:
    """The function of planted.py: ratings by people of whom we know that they like what they choose."""
    module = ModuleType("planted")
    sys.modules["planted"] = module  # dataclasses look their module up by its name
    exec(compile((assignment_folder / "planted.py").read_text(), "planted.py", "exec"), module.__dict__)
    return module.planted_ratings
