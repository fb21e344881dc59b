# The cells that only the notebook has: the experiment on the functions above, and its figures.

# %% [markdown] problem="7"
# The cell below runs the experiment on the functions of this notebook and shows what it wrote. As it stands this is a
# trial of a few seconds with a tiny random model, whose numbers mean nothing: take `"--quick"` away for the real one.

# %% problem="7"
import experiment
from IPython.display import Image, Markdown, display

from grader import as_module

OPTIONS = ["--out", "results", "--quick"]
MODULES = {name: as_module(name) for name in ("finetune", "lora", "prompts")}
if experiment.main(OPTIONS, MODULES) == 0:
    results = experiment.arguments(OPTIONS).out
    display(Markdown((results / "table.md").read_text(encoding="utf-8")))
    display(*(Image(filename=results / f"{figure}.png") for figure in ("examples", "shots", "losses")))
