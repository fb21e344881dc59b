"""What is raised when a model or its data cannot be had."""


class ModelError(Exception):
    """A model, tokenizer or text that cannot be loaded. The message names it, what is wrong, and what to do."""
