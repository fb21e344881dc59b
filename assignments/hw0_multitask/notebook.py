# The cells that only the notebook has: the experiment on the functions above, and its figure.

# %% [markdown] problem="7"
# The cell below runs the experiment on the functions of this notebook and shows what it wrote. As it stands this is
# a trial of a few seconds, whose numbers mean nothing: take `"--quick"` away for the real one (3 to 5 minutes), and
# change `"planted"` to `"movielens"` for the real ratings.

# %% problem="7"
import experiment
from IPython.display import Image, Markdown, display

from grader import as_module

OPTIONS = ["--data", "planted", "--out", "results", "--quick"]
if experiment.main(OPTIONS, as_module("multitask")) == 0:
    chosen = experiment.arguments(OPTIONS)
    display(Markdown((chosen.out / f"{chosen.data}.md").read_text(encoding="utf-8")))
    display(Image(filename=chosen.out / f"{chosen.data}.png"))
