"""What fine-tuning must beat: the most frequent class, counting words, and MiniLM's features without any fine-tuning.

N examples, C classes, F features, V words.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional


def majority(train: Sequence[int], test: Sequence[int]) -> float:
    """The accuracy of always answering the most frequent class of the training labels; of equal ones the smallest."""
    counts = np.bincount(train)
    return float(np.mean(np.asarray(test) == counts.argmax()))


def words(text: str) -> list[str]:
    """Its words in lower case, without punctuation."""
    return re.findall(r"[a-z0-9']+", text.lower())


def naive_bayes(texts: Sequence[str], labels: Sequence[int], num_classes: int, queries: Sequence[str]) -> list[int]:
    """The class of each query by multinomial naive Bayes on a bag of words, with one added to each count.

    log p(c | words) = log p(c) + sum over the query's words that occur in training of log p(word | c) + constant.
    """
    vocabulary = {word: place for place, word in enumerate(sorted({word for text in texts for word in words(text)}))}
    counts = np.ones((num_classes, len(vocabulary)))  # (C, V)
    for text, label in zip(texts, labels, strict=True):
        for word in words(text):
            counts[label, vocabulary[word]] += 1
    log_word = np.log(counts / counts.sum(axis=1, keepdims=True))  # (C, V)
    frequency = np.bincount(labels, minlength=num_classes) + 1
    log_class = np.log(frequency / frequency.sum())  # (C,)
    answers = []
    for query in queries:
        found = Counter(word for word in words(query) if word in vocabulary)
        score = log_class + sum(times * log_word[:, vocabulary[word]] for word, times in found.items())
        answers.append(int(score.argmax()))
    return answers


def logistic_regression(
    features: Tensor, labels: Tensor, num_classes: int, queries: Tensor, penalty: float = 1e-2
) -> Tensor:
    """The class (M,) of each query (M, F) by multinomial logistic regression on the features (N, F) of the examples.

    Features are standardised by the examples; minimises the mean cross-entropy plus `penalty` / 2 times the sum of the
    squared weights, by L-BFGS.
    """
    mean, deviation = features.mean(dim=0), features.std(dim=0).clamp(min=1e-6)
    features, queries = (features - mean) / deviation, (queries - mean) / deviation
    layer = nn.Linear(features.shape[1], num_classes).to(features.dtype)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(layer(features), labels) + penalty / 2 * layer.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        return layer(queries).argmax(dim=1)
