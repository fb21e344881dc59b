"""Problem 6: learning in context."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

DECODE = "test_the_largest_logit_goes_on"
MODES = {
    "plain": ("{} {}\n", "{}"),
    "arrow": ("{} -> {}\n", "{} ->"),
    "question": ("Q: {}\nA: {}\n\n", "Q: {}\nA:"),
}
ODD = [["{y}", "one\n\ntwo "], ["twice", "a"], ["twice", "b"], ["twice", "a"]]
WORDS = ("big", "Oslo", "two words", " leading space", "é", "a -> b", "Q: what?", "{x}", "last\n")


def words(ask: Ask, count: int) -> list[str]:
    return [str(word) for word in ask.rng.choice(WORDS, size=count, replace=False)]


def table(ask: Ask, following: list[int], size: int = 8) -> np.ndarray:
    """Logits (number of sums, V) of a table model that goes on with `following[sum]`."""
    logits = ask.rng.uniform(-1, 1, size=(len(following), size))
    logits[np.arange(len(following)), following] += 3
    return logits


def walk(following: list[int], prompt: list[int], stop: list[int], limit: int) -> list[int]:
    """What a table model goes on with, by hand."""
    total, tokens = sum(prompt), list[int]()
    while len(tokens) < limit and (token := following[total % len(following)]) not in stop:
        tokens.append(token)
        total += token
    return tokens


def drawn(ask: Ask) -> list[int]:
    """What follows each of eleven sums: tokens from 1 to 7, so that the sum changes with each."""
    return [int(token) for token in ask.rng.integers(1, 8, size=11)]


@problem("6", points=2)
def test_prompts_are_exact(ask: Ask) -> None:
    """A prompt holds the examples in their order and then the query, each as the table of the handout says."""
    hint = (
        "Print repr() of your prompt, and go through it with the table beside it. It ends where the table's row ends."
    )
    for mode, (example, question) in MODES.items():
        pairs = [*zip(words(ask, 3), words(ask, 3), strict=True), ("{x}", " leading space")]
        query = words(ask, 1)[0]
        expected = "".join(example.format(x, y) for x, y in pairs) + question.format(query)
        came = ask("build_prompt", support=pairs, query=query, mode=mode).value
        check_that(came == expected, came=repr(came), expected=repr(expected), hint=hint, like=came)
        expected = "".join(example.format(x, y) for x, y in ODD) + question.format("ends with a space ")
        came = ask("build_prompt", support=ODD, query="ends with a space ", mode=mode).value
        check_that(came == expected, came=repr(came), expected=repr(expected), hint=hint, like=came)
        hint = "The list of examples stays as it is."
        ask("prompt_leaves", support=ODD, query="two", mode=mode).same_as_reference(hint=hint)


@problem("6", points="1/2")
def test_zero_shots_are_the_query_alone(ask: Ask) -> None:
    """Without examples a prompt is the query's part alone; another mode is a ValueError."""
    hint = "The query's part needs no example before it, and no separator."
    for mode, (_, question) in MODES.items():
        query = words(ask, 1)[0]
        came = ask("build_prompt", support=[], query=query, mode=mode).value
        expected = question.format(query)
        check_that(came == expected, came=repr(came), expected=repr(expected), hint=hint, like=came)
    for mode in ("story", "Arrow", ""):
        ask.raises("ValueError", "build_prompt", support=[["a", "b"]], query="c", mode=mode, hint="Three modes.")


@problem("6", points="3/4")
def test_the_largest_logit_goes_on(ask: Ask) -> None:
    """Each new token is the one with the largest logit at the last position, given everything before it."""
    hint = (
        "Give the model all tokens each time, or its past_key_values and only the tokens that it has not seen. The "
        "largest logit of the last position goes on, max_new_tokens times. The answer holds the new tokens alone, as "
        "plain ints."
    )
    for following, length in (
        (drawn(ask), 4),
        (drawn(ask), 1),
        (drawn(ask), 13),
        ([5], 3),
    ):  # the last one: 5, 5, 5, ...
        prompt = [int(token) for token in ask.rng.integers(8, size=length)]
        asked = {"table": table(ask, following), "prompt": prompt, "stop_tokens": [0], "max_new_tokens": 6}
        close(
            ask("greedy_decode", **asked)["tokens"],
            walk(following, prompt, [0], 6),
            what="the tokens",
            atol=0,
            hint=hint,
        )
    for architecture in ("gpt2", "llama"):
        prompt = [int(token) for token in ask.rng.integers(11, size=5)]
        asked = {"architecture": architecture, "seed": int(ask.rng.integers(1000)), "prompt": prompt}
        ask("greedy_decode_with", **asked, stop_tokens=[], max_new_tokens=7).same_as_reference(hint=hint)


@problem("6", points="1/4", needs=[DECODE])
def test_of_equal_logits_the_smaller_token_counts(ask: Ask) -> None:
    """Of equal largest logits, the smaller token goes on."""
    hint = "argmax returns the first of equals. The end of a sorted list is the last of them."
    following, prompt = drawn(ask), [4, 7]
    logits = table(ask, following, size=9)
    logits[:, 8] = logits.max(axis=1)  # the largest token is as likely as the one that goes on, which is a smaller one
    answer = ask("greedy_decode", table=logits, prompt=prompt, stop_tokens=[0], max_new_tokens=8)
    close(answer["tokens"], walk(following, prompt, [0], 8), atol=0, what="the tokens", hint=hint)


@problem("6", points="1/2", needs=[DECODE])
def test_it_stops_before_a_stop_token(ask: Ask) -> None:
    """It stops before the first stop token, which is no part of the answer, also if that comes first."""
    hint = "Look at the token before you add it to the answer. Any of the stop tokens ends it."
    following, prompt = drawn(ask), [int(token) for token in ask.rng.integers(8, size=3)]
    free = walk(following, prompt, [], 12)
    for stop in ([free[3]], [free[0]], [0, free[2], free[5]]):  # nothing goes on with 0
        asked = {"table": table(ask, following), "prompt": prompt, "stop_tokens": stop, "max_new_tokens": 12}
        close(
            ask("greedy_decode", **asked)["tokens"],
            walk(following, prompt, stop, 12),
            what="the tokens",
            atol=0,
            hint=hint,
        )


@problem("6", points="1/2", needs=[DECODE])
def test_it_stops_after_max_new_tokens(ask: Ask) -> None:
    """It returns at most max_new_tokens tokens: none for 0; a negative number and an empty prompt are ValueErrors."""
    hint = "tokens[-0:] is the whole list. Without any new token the answer is empty."
    following, prompt = drawn(ask), [3, 1]
    asked: dict[str, Any] = {"table": table(ask, following), "stop_tokens": [0]}
    for limit in (0, 1, 5):
        answer = ask("greedy_decode", **asked, prompt=prompt, max_new_tokens=limit)
        close(answer["tokens"], walk(following, prompt, [0], limit), what="the tokens", atol=0, hint=hint)
    ask.raises("ValueError", "greedy_decode", **asked, prompt=prompt, max_new_tokens=-1, hint="Look at it first.")
    ask.raises("ValueError", "greedy_decode", **asked, prompt=[], max_new_tokens=2, hint="Nothing says what goes on.")


@problem("6", points="1/2", needs=[DECODE])
def test_the_model_is_evaluated_and_left_as_it_was(ask: Ask) -> None:
    """The model is in evaluation mode and tracks no gradients meanwhile; afterwards all is as it was."""
    hint = (
        "model.eval() switches dropout off, and `with torch.inference_mode():` the graph; remember model.training "
        "before. Afterwards the mode is as before, at a stop token too, and so are gradients and the prompt."
    )
    following, prompt = drawn(ask), [2, 0]  # nothing goes on with 0: what is written into the prompt is seen
    asked = {"table": table(ask, following), "prompt": prompt, "max_new_tokens": 3}
    for training in (True, False):
        for stop in ([0], walk(following, prompt, [], 1)):
            answer = ask("greedy_decode", **asked, stop_tokens=stop, training=training)
            answer.same_as_reference(only="use of the model", hint=hint)
