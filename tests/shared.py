"""What stands beside the checkout, or where KG_SHARED and KG_DOWNLOADS say: the W3C cases, and the real downloads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("KG_SHARED") or Path(__file__).parents[2] / "shared")
DOWNLOADS = Path(os.environ.get("KG_DOWNLOADS") or SHARED / "data")
real = pytest.mark.skipif(not DOWNLOADS.is_dir(), reason=f"the real downloads are not in {DOWNLOADS}")
"""Marks a test of the real downloads."""
