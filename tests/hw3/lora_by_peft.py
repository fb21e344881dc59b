"""Writes lora_by_peft.json: what the library peft makes of the same layers, factors and inputs. CI needs no peft.

python -m pip install "peft==0.21.2" "transformers==5.24.0" accelerate --no-deps, and what they import
python tests/hw3/lora_by_peft.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import torch
from peft import LoraConfig
from peft.tuners.lora import layer
from torch import nn
from transformers.pytorch_utils import Conv1D

CASES = (("linear", 5, 3, 2), ("linear", 3, 6, 1), ("conv1d", 4, 7, 3), ("conv1d", 6, 2, 2))


def case(kind: str, d_in: int, d_out: int, rank: int) -> dict[str, object]:
    """Output, gradients and merged weight of one layer, in float64, with alpha = rank: then peft scales by 1."""
    generator = torch.Generator().manual_seed(d_in * 100 + d_out * 10 + rank)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    given = {"weight": drawn(d_in, d_out), "bias": drawn(d_out), "A": drawn(d_in, rank), "B": drawn(d_out, rank)}
    given |= {"x": drawn(4, d_in), "upstream": drawn(4, d_out)}
    base = nn.Linear(d_in, d_out, dtype=torch.float64) if kind == "linear" else Conv1D(d_out, d_in).double()
    with torch.no_grad():
        base.weight.copy_(given["weight"].T if kind == "linear" else given["weight"])
        base.bias.copy_(given["bias"])
    config = LoraConfig(r=rank, lora_alpha=rank, fan_in_fan_out=kind == "conv1d")
    tuned = layer.Linear(base, "default", r=rank, lora_alpha=rank, config=config, fan_in_fan_out=kind == "conv1d")
    tuned = tuned.double()
    down, up = tuned.lora_A["default"].weight, tuned.lora_B["default"].weight  # (r, d_in), (d_out, r)
    with torch.no_grad():
        down.copy_(given["A"].T)
        up.copy_(given["B"])
    y = tuned(given["x"])
    (given["upstream"] * y).sum().backward()
    found = {"y": y, "gradient of A": down.grad.T, "gradient of B": up.grad}
    tuned.merge()
    weight = tuned.base_layer.weight
    found["merged"] = weight.T if kind == "linear" else weight
    numbers = {name: tensor.detach().tolist() for name, tensor in (given | found).items()}
    return {"kind": kind, **numbers}


if __name__ == "__main__":
    made_with = {name: version(name) for name in ("peft", "transformers", "torch")}
    content = {"made_with": made_with, "cases": [case(*each) for each in CASES]}
    Path(__file__).with_suffix(".json").write_text(json.dumps(content) + "\n")
