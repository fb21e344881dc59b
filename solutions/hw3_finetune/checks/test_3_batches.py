"""Problem 3: batches of prompts and completions."""

import numpy as np

from grader.judge import Ask, check_that, problem

IDS = "test_prompt_completion_and_end_stand_in_a_row"
LABELS = "test_labels_are_on_completion_and_end"
LETTERS = tuple("abdefgijklmnopqrsuvwxyz ")  # no t and no h: these two may become one token


def texts(ask: Ask, count: int) -> tuple[list[str], list[str]]:
    """Prompts and completions of unlike lengths."""
    lengths = [ask.rng.permutation(np.arange(1, count + 1) * 2 + offset) for offset in (0, 1)]
    prompts, completions = ([text(ask, int(n)) for n in some] for some in lengths)
    completions = [f" {completion}" for completion in completions]
    if len(prompts[0] + completions[0]) == max(map(len, map("".join, zip(prompts, completions, strict=True)))):
        return prompts[::-1], completions[::-1]  # so that rows are not in the order of their lengths
    return prompts, completions


def text(ask: Ask, length: int) -> str:
    return "".join(ask.rng.choice(LETTERS, size=length))


@problem("3", points=2)
def test_prompt_completion_and_end_stand_in_a_row(ask: Ask) -> None:
    """Each row is prompt, completion, end of text, and then padding; the mask is 1 on all but the padding."""
    hint = (
        "The tokens of the prompt, of the completion, the end of text, and nothing else (add_special_tokens=False). "
        "Rows shorter than the longest are filled up on the right."
    )
    prompts, completions = texts(ask, 4)
    answer = ask("tokenize_batch", texts=prompts, completions=completions, eos=7, pad=3)
    answer.same_as_reference(only=["input_ids", "attention_mask"], hint=hint)
    for more in ("", "a", " "):  # T is the length of the row, even or odd; and a text may end with a space
        single = ask("tokenize_batch", texts=prompts[:1], completions=[completions[0] + more], eos=7, pad=3)
        single.same_as_reference(only=["input_ids", "attention_mask"], hint=hint)
    asked = {"texts": prompts, "completions": completions, "eos": 7, "pad": None}
    ask("tokenize_leaves", **asked).same_as_reference(hint="The tokenizer and the texts stay as they are.")


@problem("3", points=2, needs=[IDS])
def test_labels_are_on_completion_and_end(ask: Ask) -> None:
    """Labels are the tokens of the completion and the end of text; prompt and padding have -100."""
    hint = (
        "Count in the prompt's tokens, not in its characters. What is predicted there is the completion, and its end."
    )
    prompts, completions = texts(ask, 4)
    answer = ask("tokenize_batch", texts=prompts, completions=completions, eos=7, pad=3)
    answer.same_as_reference(only="labels", hint=hint)
    joined = [f"th{text}th" for text in prompts]  # fewer tokens than characters
    ask("tokenize_batch", texts=joined, completions=completions, eos=7, pad=3).same_as_reference(
        only="labels", hint=hint
    )


@problem("3", points=1, needs=[LABELS])
def test_a_real_end_of_text_keeps_its_label(ask: Ask) -> None:
    """If padding is done with the end of text, the real one has mask and label, and padding has neither."""
    hint = "Whether a position is padding is known from the lengths, and cannot be told from the token."
    prompts, completions = texts(ask, 3)
    for pad in (None, 7):
        answer = ask("tokenize_batch", texts=prompts, completions=completions, eos=7, pad=pad)
        answer.same_as_reference(hint=hint)
    found = ask("tokenize_batch", texts=prompts, completions=completions, eos=7, pad=None)["labels"]
    ends = int((found == 7).sum())
    check_that(ends == len(prompts), came=f"{ends} labels are the end of text", expected=f"{len(prompts)}", hint=hint)
    hint = "Both tokens may stand in a text as well: where a row ends is known from its length."
    end, padding = chr(7), chr(3)
    asked = {"texts": [f"a{end}b", f"{padding}c", ""], "completions": [f"d{padding}e{end}", padding, end]}
    ask("tokenize_batch", **asked, eos=7, pad=3).same_as_reference(hint=hint)


@problem("3", points="1/2", needs=[IDS])
def test_prompt_and_completion_are_encoded_each_by_itself(ask: Ask) -> None:
    """Prompt and completion are encoded each by itself, and no special tokens are added to them."""
    hint = (
        "For input_ids: encode(prompt, add_special_tokens=False) and encode(completion, add_special_tokens=False), "
        "then join lists. Labels and mask are made as for any batch."
    )
    prompts = [f"{text(ask, 3)}t", text(ask, 4), "", ""]
    completions = [f"h{text(ask, 2)}", f"th{text(ask, 2)}", "", f"{text(ask, 5)} \n"]
    ask("tokenize_batch", texts=prompts, completions=completions, eos=9, pad=0).same_as_reference(hint=hint)


@problem("3", points="1/2")
def test_batches_that_cannot_be_made_are_errors(ask: Ask) -> None:
    """No example, unequally many prompts and completions, and no end-of-text token are ValueErrors."""
    ask("tokenize_batch", texts=["a"], completions=["b"], eos=7, pad=3)
    hint = (
        "Look at the two lengths and at tokenizer.eos_token_id first. An end-of-text token 0 is one like any other: "
        "its batch is made as all are."
    )
    ask("tokenize_batch", texts=["ab"], completions=["c"], eos=0, pad=0).same_as_reference(hint=hint)
    for asked in (
        {"texts": [], "completions": [], "eos": 7},
        {"texts": ["a", "b"], "completions": ["c"], "eos": 7},
        {"texts": ["a"], "completions": ["b", "c"], "eos": 7},
        {"texts": ["a"], "completions": ["b"], "eos": None},
    ):
        ask.raises("ValueError", "tokenize_batch", **asked, pad=3, hint=hint)
