"""A knowledge graph of drugs, trials and regulatory approvals that reasons, answers and names its sources.

    load(*sources) -> Stated         RDF files, folders or rdflib graphs; with none, the facts the package ships
    reason(stated) -> Closure        what follows by OWL 2 RL, apart from what was stated
    open_store(*sources) -> Store    the closure, indexed for SPARQL and kept in a cache
    ask(name, **parameters)          a stored question -> Answer
    query(sparql)                    a query of one's own -> Answer
    show(name)                       everything the graph knows of one thing -> Answer
    check(*sources) -> Report        what the stated facts get wrong

rdflib, owlrl and pySHACL are imported by the functions that need them: an answer from the cache needs none.
"""

__version__ = "0.1.0"

from kg.answer import Answer
from kg.ask import ask, query
from kg.check import Report, check
from kg.errors import KgError
from kg.load import Stated, load
from kg.reason import Closure, reason
from kg.show import show
from kg.store import Store, open_store

__all__ = [
    "Answer",
    "Closure",
    "KgError",
    "Report",
    "Stated",
    "Store",
    "ask",
    "check",
    "load",
    "open_store",
    "query",
    "reason",
    "show",
]
