"""OWL 2 RL/RDF: terms as integers, axioms as rows; rules as joins of sets in memory, and as SQL on DuckDB.

>>> from kg.owl2rl import close
>>> from pyoxigraph import NamedNode, Triple
>>> RDFS = "http://www.w3.org/2000/01/rdf-schema#"
>>> cat, animal = NamedNode("http://x.org/Cat"), NamedNode("http://x.org/Animal")
>>> a = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
>>> tom = NamedNode("http://x.org/tom")
>>> facts = [Triple(cat, NamedNode(RDFS + "subClassOf"), animal), Triple(tom, a, cat)]
>>> with close(facts) as tables:
...     [str(fact) for fact in tables.derived()], tables.counts
(['<http://x.org/tom> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://x.org/Animal>'], {'cax-sco': 1})
"""

from kg.owl2rl.errors import ClosedError, SourceError
from kg.owl2rl.tables import Stated, Tables, close

__all__ = ["ClosedError", "SourceError", "Stated", "Tables", "close"]
