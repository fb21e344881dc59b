"""What the public checks say of typical slips, as docs/slips.md has it: one small edit of the reference each."""

from pathlib import Path

import pytest

from grader.commands.public_checks import run_public_checks
from grader.course.assignment import load_course
from grader.intake import Submission
from grader.judge import engine
from grader.report.terminal import check_text

COURSE = load_course(Path(__file__))

# homework, module, what stands there, what a student wrote, the problem, the check that tells them, what it says
SLIPS = {
    "a loss that is a plain number": (
        "hw0", "multitask", "return torch.stack(weighted).sum()", "return sum(weighted).item()",
        "2", "test_example_of_a_weighted_sum", "try: Return the tensor itself: .item() and float() make a plain number",
    ),
    "a return forgotten": (
        "hw0", "multitask", "return torch.stack(weighted).sum()", "torch.stack(weighted).sum()",
        "2", "test_example_of_a_weighted_sum", "try: `total_loss` has no line that returns a value",
    ),
    "the wrong way round": (
        "hw0", "multitask", "(1 - torch.sigmoid(positive - negative))", "torch.sigmoid(positive - negative)",
        "3", "test_example_of_the_interaction_loss", "0.99966 for the first pair: the wrong way round.",
    ),
    "layers in a plain list": (
        "hw0", "multitask", "self.mlp = nn.Sequential(*layers, nn.Linear(widths[-1], 1))",
        "self.mlp = [*layers, nn.Linear(widths[-1], 1)]",
        "4", "test_example_of_the_parameters", "try: Layers in a plain list, and plain tensors, are not found",
    ),
    "a pair turned round": (
        "hw0", "multitask", "yield task_id, datasets[task_id][row]", "yield datasets[task_id][row], task_id",
        "1", "test_example_of_a_union", "try: Pairs (task_id, example), with ids that count from 0",
    ),
    "one value in place of two": (
        "hw1", "episodes", "return images, labels", "return images",
        "1", "test_example_of_the_shapes", "try: This line takes apart what you return: it has to be 2 values",
    ),
    "labels of numpy": (
        "hw1", "episodes", "return images, labels", "return images, labels.numpy()",
        "1", "test_example_of_the_shapes", "try: A numpy array stands where a tensor is needed",
    ),
    "an LSTM's pair not taken apart": (
        "hw1", "mann", "hidden, _ = self.reader(steps)", "hidden = self.reader(steps)",
        "3", "test_example_of_the_logits", "try: A tuple stands where a tensor is needed. Some calls",
    ),
    "classes drawn with replacement": (
        "hw1", "episodes", "torch.randperm(len(self.images_by_class), generator=self.generator)[:n_way].tolist()",
        "torch.randint(len(self.images_by_class), (n_way,), generator=self.generator).tolist()",
        "1", "test_example_of_an_episode", "try: torch.randint may draw a class again",
    ),
    "not squared": (
        "hw2", "protonet", "-(difference**2).sum(dim=2)", "-difference.norm(dim=2)",
        "1", "test_example_of_logits", "-2.24 in place of -5: not squared.",
    ),
    "arguments in the wrong order": (
        "hw2", "maml", "parameters, support_images, support_labels, inner",
        "parameters, support_labels, support_images, inner",
        "3", "test_example_of_the_outer_loss", "Your code called a function that it was given, and that raised",
    ),
    "one value in place of three": (
        "hw2", "maml", "return loss, mean_support.tolist(), sum(query_accuracies) / len(query_accuracies)",
        "return loss",
        "3", "test_example_of_the_outer_loss", "try: This line takes apart what you return: it has to be 3 values",
    ),
    "testing without gradients": (
        "hw2", "maml", "        _, _, accuracy = outer_loss(",
        "        with torch.no_grad(): _, _, accuracy = outer_loss(",
        "5", "test_example_of_meta_testing", "try: No gradient leads here",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_typical_slip_is_told_its_cause(slip: str) -> None:
    homework, module, right, wrong, problem, name, says = SLIPS[slip]
    assignment = COURSE.assignment(homework)
    modules = dict(assignment.sources(assignment.solution))
    assert modules[module].count(right) == 1
    modules[module] = modules[module].replace(right, wrong)
    submission = Submission.accepted("slip", assignment.folder, modules, ())
    start, answers = engine.inline(assignment), engine.recorded(assignment)
    result, _ = run_public_checks(
        assignment, submission, start, answers, confinement="none: a test", only=frozenset({problem})
    )
    told = {check.id: check for check in result.checks if check.verdict not in ("passed", "blocked")}
    assert says in str(check_text(told[name], staff=False))
