"""HW3, third part: learning in context, without any training (Brown et al., 2020, https://arxiv.org/abs/2005.14165).

The examples of a task stand in the prompt, before the question, and the model goes on with the text. Nothing is
changed in the model. Shapes in comments: T tokens in the prompt, V tokens in the vocabulary.
"""

from collections.abc import Collection, Sequence
from typing import Any

from torch import Tensor

# ---------------------------------------------------------------------------------------------------------------------
# Problem 6: learning in context


def build_prompt(support: Sequence[tuple[str, str]], query: str, mode: str) -> str:
    r"""Problem 6. The text that shows a model the support examples (x, y) and asks for the y of the query.

    | mode       | each example (x, y)  | then the query |
    |------------|----------------------|----------------|
    | "plain"    | `{x} {y}\n`          | `{x}`          |
    | "arrow"    | `{x} -> {y}\n`       | `{x} ->`       |
    | "question" | `Q: {x}\nA: {y}\n\n` | `Q: {x}\nA:`   |

    Examples come in the given order; without any (0 shots) the prompt is the query's part alone. Texts are taken as
    they are. No space ends the prompt: for most tokenizers it belongs to the answer's first token. Raises ValueError
    for another mode.
    """
    raise NotImplementedError("Problem 6: build_prompt")


def greedy_decode(model: Any, input_ids: Tensor, stop_tokens: Collection[int], max_new_tokens: int) -> list[int]:
    """Problem 6. The tokens with which a language model goes on, always the one with the largest logit.

    `input_ids` (1, T) int64, T >= 1. `model(input_ids, past_key_values=..., use_cache=...)` returns an object with
    `logits` (1, number of tokens given, V), of which the last position says what comes next, and with
    `past_key_values`: given back to the model, only the tokens that it has not seen yet need be given. Whether you use
    that is up to you; the tokens are the same.

    Stops before the first token that is in `stop_tokens`, which is not part of the answer, and after `max_new_tokens`
    tokens at the latest. Of equal logits the smaller token counts. The model is in evaluation mode meanwhile, no
    gradients are tracked, and it is in its former mode again afterwards. Returns the new tokens, plain ints. Raises
    ValueError if T = 0 or `max_new_tokens` < 0.
    """
    raise NotImplementedError("Problem 6: greedy_decode")
