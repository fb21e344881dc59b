"""Lists.

Module: finetune
"""


def tokenize_batch(tokenizer, prompts, completions):
    if len(prompts) != len(completions):
        raise ValueError("len(prompts) != len(completions)")
    if len(prompts) < 1:
        raise ValueError("empty batch")
    eos = tokenizer.eos_token_id
    if eos is None:
        raise ValueError("no eos")
    pad = tokenizer.pad_token_id
    if pad is None:
        pad = eos
    ids, masks, labels = [], [], []
    for prompt, completion in zip(prompts, completions):
        p = tokenizer.encode(prompt, add_special_tokens=False)
        c = tokenizer.encode(completion, add_special_tokens=False)
        c = c + [eos]
        ids.append(p + c)
        masks.append([1] * len(p + c))
        labels.append([-100] * len(p) + c)
    longest = max(len(row) for row in ids)
    for i in range(len(ids)):
        missing = longest - len(ids[i])
        ids[i] = [pad] * missing + ids[i]
        masks[i] = [0] * missing + masks[i]
        labels[i] = [-100] * missing + labels[i]
    return {
        "input_ids": torch.tensor(ids),
        "attention_mask": torch.tensor(masks),
        "labels": torch.tensor(labels),
    }
