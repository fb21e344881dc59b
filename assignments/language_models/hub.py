"""Any other model, through transformers."""

from typing import Any

from language_models.errors import ModelError

# 5.40 drops the name past_key_values, by which the models here and the homework call the cache.
INSTALL = 'python -m pip install "transformers<5.40"'


def from_hub(name: str) -> tuple[Any, Any]:
    """The causal language model and the tokenizer of this name on huggingface.co, or of this folder.

    float32, on the CPU, in evaluation mode. It is called like the models here, and its tokenizer has the same names.
    transformers downloads it at the first call; with HF_HUB_OFFLINE=1 only copies on this machine are used. No code of
    the model's authors is run. Raises `ModelError` if transformers is missing or the model cannot be had.
    """
    try:
        import transformers
    except ImportError:
        raise ModelError(
            f"{name}: models of the hub are loaded by transformers, which is not installed. Run: {INSTALL}"
        ) from None
    import torch

    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(name)
        model = transformers.AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32)
    except (OSError, ValueError, ImportError) as error:
        first = str(error).strip().splitlines()
        raise ModelError(
            f"{name}: transformers cannot load it ({first[0] if first else type(error).__name__}). Check the name and "
            "the network, or name a folder that has a copy."
        ) from None
    return model.eval(), tokenizer
