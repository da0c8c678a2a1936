"""The national language tables of 3GPP TS 23.038 annex A that handsets in North and South America and Europe use.

A header element names the language: 24 (hex) for the table behind ESC ("single shift", A.2), 25 for the table that
replaces the default alphabet ("locking shift", A.3). Languages without a table here fall back to the default tables, as
the standard asks of a receiver that does not know a language (6.2.1.2.2). Spanish has no locking table of its own.
"""

from __future__ import annotations

from typing import Final

from gateway.core.alphabet import BASIC, EXTENSION

TURKISH: Final = 1  # 23.038 6.2.1.2.4 "national language identifier"
SPANISH: Final = 2
PORTUGUESE: Final = 3

SINGLE_SHIFT: Final[dict[int, dict[int, str]]] = {
    TURKISH: EXTENSION
    | {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"},
    SPANISH: EXTENSION
    | {0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x61: "á", 0x69: "í", 0x6F: "ó", 0x75: "ú"},
    PORTUGUESE: EXTENSION
    | {0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ", 0x15: "Ω", 0x16: "Π"}
    | {0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê", 0x41: "À", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x5B: "Ã", 0x5C: "Õ"}
    | {0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú", 0x7B: "ã", 0x7C: "õ", 0x7F: "â"},
}  # fmt: skip

LOCKING_SHIFT: Final[dict[int, str]] = {
    TURKISH: "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ" + BASIC[0x20:0x40] + "İ" + BASIC[0x41:0x60] + "ç" + BASIC[0x61:],
    PORTUGUESE: "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ"
    + BASIC[0x20:0x40].replace("¤", "º")
    + "Í"
    + BASIC[0x41:0x5B]
    + "ÃÕÚÜ§~"
    + BASIC[0x61:0x7B]
    + "ãõ`üà",
}
