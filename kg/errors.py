"""What can go wrong, as a tree of types. A message gives the place, the evidence and the next step.

KgError
├── LoadError            a file cannot be read: missing, wrong encoding, wrong syntax
├── ImportFault          a register's download cannot be imported: its layout, encoding, or a missing option
├── StoreError           a store on disk cannot be opened or built: none is there, it is damaged, the disk is full
├── ReasonError          the closure cannot be computed or written
├── ExportError          the graph cannot be written as asked for
├── EndpointError        a SPARQL endpoint cannot be reached, or does not answer as the protocol says
├── QuestionError        a stored question's file is malformed
│   └── UnknownQuestion  there is no question of that name
├── ParameterError       a question's parameter is unknown, missing, or of the wrong type
├── PlotError            an answer has nothing to draw, or the picture cannot be made
├── QueryError           a SPARQL query is malformed or fails
│   └── QueryRefused     what it asks for is not done here: an update, another server, a graph from elsewhere
├── ProofError           there is no proof to tell: the fact does not hold, or a step of a proof is wrong
├── ServeError           the graph cannot be served: the address is taken, or is none
└── UnknownThing         nothing in the graph goes by that name, or more than one thing does
"""


class KgError(Exception):
    """Base of all errors that a user's input can cause; the command line prints it and exits with 2."""


class LoadError(KgError):
    """A file, folder or graph cannot be read as RDF."""


class ImportFault(KgError):
    """A register's download cannot be imported."""


class StoreError(KgError):
    """A store on disk cannot be opened or built."""


class ReasonError(KgError):
    """The closure cannot be computed or written."""


class ExportError(KgError):
    """The graph cannot be written in the way that was asked for."""


class EndpointError(KgError):
    """A SPARQL endpoint cannot be reached, or does not answer as the protocol says."""


class QuestionError(KgError):
    """A stored question's file does not follow its own header."""


class UnknownQuestion(QuestionError):
    """No stored question has the name that was asked for."""


class ParameterError(KgError):
    """A parameter of a question is unknown, missing, or has a value of the wrong type."""


class QueryError(KgError):
    """A SPARQL query is malformed or fails. `line` and `column` count from 1, None where the place is not known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class QueryRefused(QueryError):
    """A query asks for what is not done here: an update, another server (SERVICE), a graph from elsewhere."""


class ServeError(KgError):
    """The graph cannot be served: the address is taken, or is none."""


class PlotError(KgError):
    """An answer has nothing that can be drawn, or a picture cannot be made."""


class ProofError(KgError):
    """A fact does not hold, or a step of a proof does not follow."""


class UnknownThing(KgError):
    """A name leads to nothing in the graph, or to several things."""


def did_you_mean(word: str, known: list[str], *, most: int = 3) -> str:
    """Return a clause that names the entries of `known` closest to `word`, or '' when none is close.

    `UK` is close to "United Kingdom", and `3` to "phase 3".
    """
    from difflib import get_close_matches

    by_folded = {entry.casefold(): entry for entry in known}
    initials = [entry for entry in known if len(word) > 1 and word == "".join(part[0] for part in entry.split())]
    close = [by_folded[match] for match in get_close_matches(word.casefold(), by_folded, n=most, cutoff=0.5)]
    holding = sorted((entry for entry in known if word.casefold() in entry.casefold().split()), key=len)
    close = list(dict.fromkeys([*initials, *close, *holding]))[:most]
    return f" Did you mean {', '.join(close)}?" if close else ""
