"""A knowledge graph of drugs, trials and regulatory approvals that reasons, answers and names its sources.

    load(*sources) -> Stated         RDF files, folders or rdflib graphs; with none, the facts the package ships
    reason(stated) -> Closure        what follows by OWL 2 RL, apart from what was stated
    open_store(*sources) -> Store    the closure, indexed for SPARQL and kept in a cache
    build(*sources, folder=..)       the same in a folder with a name, for larger graphs -> Built
    open_built(folder) -> Store      what `build` made
    ask(name, **parameters)          a stored question -> Answer
    query(sparql)                    a query of one's own -> Answer
    show(name)                       everything the graph knows of one thing -> Answer
    plot(name, **parameters)         a chart of a question, a trial or a drug -> SVG
    why(subject, predicate, object)  why a fact holds -> Explanation; why_not, what one that does not hold lacks
    export(*sources, output=..)      files of RDF or tables, with descriptions -> Exported
    Endpoint(url)                    a SPARQL endpoint that `ask` asks in place of a store
    check(*sources) -> Report        what the stated facts get wrong
    diff(old, new) -> Difference     what changed between two snapshots of the facts

Each is imported when it is first asked for, and rdflib, owlrl and pySHACL by the functions that need them: an answer
from the cache needs none, and the closure of a small file little more than the parser.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.answer import Answer
    from kg.ask import ask, query
    from kg.build import Built, build
    from kg.built import open_built
    from kg.check import Report, check
    from kg.diff import Difference, diff
    from kg.endpoint import Endpoint
    from kg.errors import KgError
    from kg.export.release import Exported, export
    from kg.load import Stated, load
    from kg.plot import plot
    from kg.reason import Closure, reason
    from kg.show import show
    from kg.store import Store, open_store
    from kg.why import Explanation, why, why_not

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Built",
    "Closure",
    "Difference",
    "Endpoint",
    "Explanation",
    "Exported",
    "KgError",
    "Report",
    "Stated",
    "Store",
    "ask",
    "build",
    "check",
    "diff",
    "export",
    "load",
    "open_built",
    "open_store",
    "plot",
    "query",
    "reason",
    "show",
    "why",
    "why_not",
]

_HOMES = {
    "Built": "build", "Closure": "reason", "Difference": "diff", "Explanation": "why", "Exported": "export.release",
    "KgError": "errors", "Report": "check", "Stated": "load", "export": "export.release", "open_built": "built",
    "open_store": "store", "query": "ask", "why_not": "why",
}  # fmt: skip
"""The module of a name that is not called after it."""


class _Package(ModuleType):
    """Finds what the package offers on first use; `kg.load` is the function also where the module has been imported."""

    def __getattr__(self, name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found: object = getattr(import_module(f"kg.{_HOMES.get(name, name.lower())}"), name)
        setattr(self, name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        # The import system would put each module here under its own name.
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
