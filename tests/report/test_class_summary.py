"""Which checks cost the most, and which catch the most."""

from typing import Any

from grader.report.class_summary import most_failed, slowest, summaries, summary_lines


def test_checks_by_cost_and_by_failures(made_up: Any) -> None:
    def timed(result: Any, *seconds: float) -> Any:
        checks = [each.model_copy(update={"cpu_seconds": s}) for each, s in zip(result.checks, seconds, strict=True)]
        return result.model_copy(update={"checks": tuple(checks)})

    ada, bob = timed(made_up("ada"), 1.0, 4.0), timed(made_up("bob", 0, "failed"), 2.0, 0.0)
    blocked = bob.checks[1].model_copy(update={"verdict": "blocked"})
    bob = bob.model_copy(update={"checks": (bob.checks[0], blocked)})
    found = summaries([ada, bob, made_up("eve", 0, "invalid"), made_up("ours", 0, "grader_error")])
    assert [(each.id, each.judged, each.failed, each.mean_cpu_s) for each in found] == [
        ("test_1", 2, 1, 1.5),
        ("test_2", 1, 0, 4.0),
    ]
    assert [each.id for each in slowest(found)] == ["test_2", "test_1"]
    assert [each.id for each in most_failed(found)] == ["test_1"]
    assert summary_lines(found) == [
        "Slowest checks (CPU time): test_2 4 s each, 4 s at most; test_1 1.5 s each, 2 s at most.",
        "Failed most often: test_1 1 of 2.",
    ]
    assert summary_lines([]) == []
