"""One file for each version of the book, in order. None is changed once books of it exist."""
