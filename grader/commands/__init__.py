"""One module a command of `python -m grader`, each with one function that does the whole thing."""
