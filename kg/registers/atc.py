"""Codes that WHO has altered since a register printed them: printed code -> the code of today.

Registers keep the code of the day on which they wrote a row: EMA has bortezomib under L01XX32 and L01XG01, and Health
Canada has all of its codes of 2022. Without this, rivals stand in two classes.
Here are the alterations that the registers themselves show: one row of a substance has the old code, and another row
the new one. WHO publishes them all, each January; an old code that no row contradicts stays as it is printed.
"""

from __future__ import annotations

import re

_ALTERATIONS = """
L01XE01 L01EA01  L01XE03 L01EB02  L01XE09 L01EG01  L01XE10 L01EG02  L01XE11 L01EX03  L01XE13 L01EB03  L01XE22 L01EX06
L01XE29 L01EX08  L01XE33 L01EF01  L01XE38 L01EE02  L01XE43 L01ED04  L01XE53 L01EX12  L01XC02 L01FA01  L01XC03 L01FD01
L01XC05 L01FX02  L01XC07 L01FG01  L01XC08 L01FE02  L01XC09 L01FX03  L01XC11 L01FX04  L01XC12 L01FX05  L01XC13 L01FD02
L01XC14 L01FD03  L01XC15 L01FA03  L01XC17 L01FF01  L01XC24 L01FC01  L01XC28 L01FF03  L01XC32 L01FF05  L01XC33 L01FF06
L01XC39 L01FX15  L04AA10 L04AH01  L04AA13 L04AK01  L04AA17 L04AB04  L04AA23 L04AG03  L04AA25 L04AJ01  L04AA26 L04AG04
L04AA27 L04AE01  L04AA31 L04AK02  L04AA36 L04AG08  L04AA45 L04AF04  L04AA50 L04AE04  L01XX32 L01XG01  L01XX39 L01XH02
L01XX43 L01XJ01  L01XX45 L01XG02  L01XX47 L01EM01  J05AX12 J05AJ03  J05AX15 J05AP08  N03AX16 N02BF02
"""

ALTERED = dict(re.findall(r"\b([A-Z]\d\d[A-Z]{2}\d\d) ([A-Z]\d\d[A-Z]{2}\d\d)\b", _ALTERATIONS))

COMBINATIONS = re.compile(r"A10BD|C07[BCF]|C08G|C09B|C09D[ABX]|C10B|G03A[AB]|J05AR|R03A[KL]")
"""Groups of fixed combinations only. EMA has Onduarp, of C09DB04, and a J05AR17, with one of their two substances."""
