"""Errors of the reasoner, within the tree of `kg.errors`.

KgError
├── LoadError
│   └── SourceError       a source cannot be read: names the file, the reason and the next step
└── ReasonError
    └── ClosedError       the tables were used after `close()`
"""

from kg.errors import LoadError, ReasonError


class SourceError(LoadError):
    """A source is missing, of an unknown format, or ill-formed."""


class ClosedError(ReasonError):
    """The tables were used after `close()`."""


class TooLarge(Exception):
    """Inside only: more than is worth closing in memory, where nothing of it has been taken in."""
