"""You changed the tokenizer: its padding token is set now.

Module: finetune
Problem: 3
Hint: Choose the padding in a variable of your own. The tokenizer is not yours.
"""


def tokenize_batch(tokenizer: Any, prompts: Sequence[str], completions: Sequence[str]) -> dict[str, Tensor]:
    if len(prompts) == 0 or len(prompts) != len(completions):
        raise ValueError(f"as many completions as prompts, and at least one: not {len(completions)}, {len(prompts)}")
    end = tokenizer.eos_token_id
    if end is None:
        raise ValueError("the tokenizer has no end-of-text token")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token_id = end
    padding = tokenizer.pad_token_id
    asked = [tokenizer.encode(prompt, add_special_tokens=False) for prompt in prompts]
    answered = [[*tokenizer.encode(text, add_special_tokens=False), end] for text in completions]
    length = max(len(prompt) + len(answer) for prompt, answer in zip(asked, answered, strict=True))
    input_ids = torch.full((len(prompts), length), padding)
    attention_mask = torch.zeros_like(input_ids)
    labels = torch.full_like(input_ids, IGNORED)
    for row, (prompt, answer) in enumerate(zip(asked, answered, strict=True)):
        stop = len(prompt) + len(answer)
        input_ids[row, :stop] = torch.tensor([*prompt, *answer])
        attention_mask[row, :stop] = 1
        labels[row, len(prompt) : stop] = torch.tensor(answer)
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}
