"""You left out the end of text where a completion already ends with that token.

Module: finetune
Problem: 3
Hint: Every row ends with an end of text of its own, whatever tokens the text has.
"""


def tokenize_batch(tokenizer: Any, prompts: Sequence[str], completions: Sequence[str]) -> dict[str, Tensor]:
    if len(prompts) == 0 or len(prompts) != len(completions):
        raise ValueError(f"as many completions as prompts, and at least one: not {len(completions)}, {len(prompts)}")
    end = tokenizer.eos_token_id
    if end is None:
        raise ValueError("the tokenizer has no end-of-text token")
    padding = end if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    asked = [tokenizer.encode(prompt, add_special_tokens=False) for prompt in prompts]
    answered = [[*tokenizer.encode(text, add_special_tokens=False), end] for text in completions]
    answered = [answer[:-1] if answer[-2:-1] == [end] else answer for answer in answered]
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
