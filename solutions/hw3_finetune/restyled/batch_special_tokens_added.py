"""pad_sequence.

Module: finetune
"""

from torch.nn.utils.rnn import pad_sequence


def tokenize_batch(tokenizer, prompts, completions):
    if not prompts or len(prompts) != len(completions) or tokenizer.eos_token_id is None:
        raise ValueError("cannot make a batch of this")
    fill = tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    rows, lengths, starts = [], [], []
    for x, y in zip(prompts, completions):
        before = tokenizer.encode(x)
        after = tokenizer.encode(y)
        rows.append(torch.tensor(before + after + [tokenizer.eos_token_id]))
        lengths.append(len(rows[-1]))
        starts.append(len(before))
    input_ids = pad_sequence(rows, batch_first=True, padding_value=fill)
    position = torch.arange(input_ids.shape[1])
    attention_mask = (position < torch.tensor(lengths)[:, None]).long()
    labels = input_ids.clone()
    labels[attention_mask == 0] = -100
    labels[position < torch.tensor(starts)[:, None]] = -100
    return dict(input_ids=input_ids, attention_mask=attention_mask, labels=labels)
