"""The founding article, fact by fact: rows S01 to S48 as questions with their exact answers.

A seed asks a stored question on the command line, keeps the rows that have the values in `where`, and expects exactly
the given cells of the given columns: nothing missing, nothing more.
"""

from tests.seeds import approval, comparison, conduct, results
from tests.seeds.words import Seed

SEEDS = [*approval.SEEDS, *results.SEEDS, *conduct.SEEDS, *comparison.SEEDS]

__all__ = ["SEEDS", "Seed"]
