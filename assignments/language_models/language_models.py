"""Pre-trained and small random language models, their tokenizers, and texts to fine-tune them on.

    model, tokenizer = smollm(), smollm_tokenizer()     # SmolLM2-135M-Instruct, from an installed package
    encoder = minilm(blocks=2, num_classes=10)          # MiniLM-L6, cut, with a new head
    tiny = gpt2(seed=1), llama(seed=1)                  # random ones, to try things on
    train = glosses()["train"]                          # train.texts, train.labels, train.names

Causal models are called as in transformers: `model(input_ids, attention_mask, past_key_values, use_cache)` returns an
`Output` with `logits` (B, T, V) and `past_key_values`. Nothing is downloaded; README.md says where everything is from.
"""

from pathlib import Path

# The modules beside this one are imported as language_models.gpt2 and so on, and take no other name.
__path__ = [str(Path(__file__).resolve().parent)]

from language_models.attention import Output
from language_models.errors import ModelError
from language_models.gpt2 import Conv1D, gpt2
from language_models.hub import from_hub
from language_models.llama import llama
from language_models.minilm import minilm
from language_models.smollm2 import smollm, smollm_tokenizer
from language_models.texts import LabelledTexts, glosses, reviews
from language_models.tokenizer import Tokenizer, encode_batch, minilm_tokenizer
from language_models.weights import preload

__all__ = [
    "Conv1D",
    "LabelledTexts",
    "ModelError",
    "Output",
    "Tokenizer",
    "encode_batch",
    "from_hub",
    "glosses",
    "gpt2",
    "llama",
    "minilm",
    "minilm_tokenizer",
    "preload",
    "reviews",
    "smollm",
    "smollm_tokenizer",
]
