"""A language model of which the frozen first blocks read each text once, however often training shows it."""

import copy
from typing import Any

import torch
from torch import Tensor, nn


class ReadOnce(nn.Module):
    """Blocks in a row that nothing trains: where a text comes again, their output is what it was the first time.

    Stands for the first blocks of a Llama in training, where there is no cache of keys and values.
    """

    def __init__(self, blocks: list[nn.Module]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self._read: dict[bytes, Tensor] = {}  # the tokens' embeddings in a text, and what the blocks make of them

    def forward(self, x: Tensor, positions: Tensor, sight: Tensor, past: None) -> tuple[Tensor, None]:
        """x (B, T, width), positions (B, T), sight (B, 1, T, T) as a block's. Outputs at padding are 0."""
        is_token = sight[:, 0, -1]  # (B, T): the last place sees every token of its text
        texts = [row[tokens].detach().numpy().tobytes() for row, tokens in zip(x, is_token, strict=True)]
        new = [number for number, text in enumerate(texts) if text not in self._read]
        if new:
            with torch.no_grad():
                y = x[new]
                for block in self.blocks:
                    y, _ = block(y, positions[new], sight[new], past)
            self._read.update((texts[number], row[is_token[number]]) for number, row in zip(new, y, strict=True))
        output = torch.zeros_like(x)
        output[is_token] = torch.cat([self._read[text] for text in texts])
        return output, None


def reading_once(model: Any, number: int) -> Any:
    """The same Llama, with the same parameters, for training its blocks after the first `number`, which are frozen."""
    shared = copy.deepcopy(model, {id(parameter): parameter for parameter in model.parameters()})
    layers = list(shared.model.layers)
    shared.model.layers = nn.ModuleList([ReadOnce(layers[:number]), *layers[number:]])
    return shared
