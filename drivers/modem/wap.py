"""The announcement of a picture message: a WAP push to port 2948 (OMA MMS Encapsulation 7.3, WAP-230-WSP 8.4).

A modem on a serial line cannot fetch the picture. What matters is that there is one, and whose.
"""

from __future__ import annotations

import re
from typing import Final

WAP_PUSH_PORTS: Final = frozenset({2948, 2949})  # IANA: wap-push, wap-pushsecure

_PUSH: Final = 0x06  # WSP PDU type, WAP-230-WSP table 34
_MMS_SHORT: Final = 0xBE  # well-known content type 3E with the high bit set, WAP-230-WSP table 40
_MMS_LONG: Final = b"application/vnd.wap.mms-message"
_LONGEST_SHORT_LENGTH: Final = 30  # a first octet of a field up to here is its length, WAP-230-WSP 8.4.1.2
# X-Mms-From (89): its length, "an address is present" (80), then the address, with its character set (EA: UTF-8) or without
_FROM: Final = re.compile(rb"\x89(?:[\x01-\x1e]|\x1f.)\x80(?:[\x01-\x1e]\xea)?([\x20-\x7e]{1,100})\x00", re.DOTALL)


def is_mms_notification(push: bytes) -> bool:
    """Whether the octets behind the user data header are a push whose content is a picture message's announcement."""
    if len(push) < 4 or push[1] != _PUSH:
        return False
    at = 2
    while at < len(push) - 1 and push[at] & 0x80:  # the length of the headers, seven bits to an octet
        at += 1
    content = push[at + 1 :]
    if content[:1] and content[0] <= _LONGEST_SHORT_LENGTH:
        content = content[1:]
    return content[:1] == bytes([_MMS_SHORT]) or content.lower().startswith(_MMS_LONG)


def mms_sender(push: bytes) -> str:
    """Who sent the picture: a number or e-mail address; "" when the announcement does not say or hides it."""
    found = _FROM.search(push)
    return found.group(1).decode("ascii").partition("/TYPE=")[0].strip() if found else ""
