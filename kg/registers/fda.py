"""What FDA's downloads share: application numbers, and keys that name an application alike in each of them."""

from __future__ import annotations

import re

APPLICATION_TYPES = ("NDA", "ANDA", "BLA")


def application(kind: str, number: str) -> str:
    """Return an application as FDA writes it, type and six digits ("BLA125057"); '' if it is none."""
    kind, number = kind.strip().upper(), number.strip()
    return f"{kind}{number:0>6}" if kind in APPLICATION_TYPES and re.fullmatch(r"[0-9]{1,6}", number) else ""


def key(application: str) -> str:
    """Return the key of an application's product.

    Biologics approved as NDAs became BLAs on 2020-03-23 and kept their numbers (insulin: NDA020563, then BLA020563).
    The type by which they were approved stays in their key, so that a download from before has the same one.
    """
    kind, number = application[:-6], application[-6:]
    deemed = kind == "BLA" and number[0] in "02"  # BLAs proper are numbered 10xxxx, 125xxx and 76xxxx.
    return f"US-{'NDA' if deemed else kind}{number}"
