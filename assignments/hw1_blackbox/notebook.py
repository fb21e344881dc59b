# The cells that only the notebook has: the experiment on the functions above, and its figure.

# %% [markdown] problem="6"
# The cell below runs the experiment on the functions of this notebook and shows what it wrote. As it stands this is
# a trial of a few seconds, whose numbers mean nothing: take `"--quick"` away for the real one, and change `"shots"` to
# `"memory"` or, for question 7a, to `"order"`. One core works here in place of two, so that it takes twice as long as
# the page says.

# %% problem="6"
import experiment
from IPython.display import Image, Markdown, display
from trial import Solution

from grader import as_module

OPTIONS = ["--study", "shots", "--out", "results", "--quick"]
YOURS = Solution(as_module("episodes"), as_module("mann"))
if experiment.main(OPTIONS, YOURS) == 0:
    chosen = experiment.arguments(OPTIONS)
    display(Markdown((chosen.out / f"{chosen.study}.md").read_text(encoding="utf-8")))
    display(Image(filename=chosen.out / f"{chosen.study}.png"))
