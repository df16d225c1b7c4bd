"""An account of the rows, of any length."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kg.registers.account import HELD, Account


def test_an_account_of_any_length_is_read_back(tmp_path: Path) -> None:
    account = Account()
    rows = 2 * HELD + 5
    for number in range(rows):
        account.reject("a,b", f"line {number}", "odd" if number % 2 else 'e"ven', "x\ny" * (number % 3))
    assert len(account.rejections) == rows
    assert account.by_reason == {"odd": HELD + 2, 'e"ven': HELD + 3}
    assert [each.row for each in account.rejections] == [f"line {number}" for number in range(rows)]
    account.reject("f", "later", "odd")
    read = list(csv.reader(io.StringIO("".join(account.report()))))
    assert len(read) == rows + 2
    assert read[3] == ["rejected", "a,b", "line 2", 'e"ven', "x yx y"]
    assert account.rejections[-1].row == "later"
