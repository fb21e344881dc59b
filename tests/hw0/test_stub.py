"""The stub asks for exactly what the reference answers."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
STUB = ROOT / "assignments" / "hw0_multitask" / "multitask.py"
REFERENCE = ROOT / "solutions" / "hw0_multitask" / "multitask.py"


def contract(path: Path) -> dict[str, tuple[str, str | None]]:
    """Signature and docstring of every public function, class and method."""
    found: dict[str, tuple[str, str | None]] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                returns = ast.unparse(child.returns) if child.returns else ""
                signature = f"({ast.unparse(child.args)}) -> {returns}"
                found[prefix + child.name] = (signature, ast.get_docstring(child))
            elif isinstance(child, ast.ClassDef):
                found[prefix + child.name] = (ast.unparse(child.bases[0]), ast.get_docstring(child))
                visit(child, f"{prefix}{child.name}.")

    visit(ast.parse(path.read_text()), "")
    return found


def test_stub_and_reference_have_one_contract() -> None:
    stub = contract(STUB)
    assert stub == contract(REFERENCE)
    assert {"union", "total_loss", "MultiTaskNet.forward", "train_epoch", "mean_reciprocal_rank"} <= set(stub)


def test_the_stub_holds_nothing_that_only_the_solution_has() -> None:
    text = REFERENCE.read_text()
    solved = [part.split("### END SOLUTION")[0] for part in text.split("### BEGIN SOLUTION")[1:]]
    lines = {line.strip() for region in solved for line in region.splitlines() if len(line.strip()) > 8}
    given = {line.strip() for line in STUB.read_text().splitlines()}
    assert len(solved) >= 10
    assert lines.isdisjoint(given)
