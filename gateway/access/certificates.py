"""The page's certificate: read and judged for HTTPS, and made on the box by `textback certificate`.

Made are an authority of the box's own and a certificate that it signs. Phones trust an added authority and nothing else, so a
bare self-signed certificate would warn there for ever. The authority may vouch only for the box's names and private addresses
(RFC 5280, 4.2.1.10), so that its key, stolen, is worth little. 825 days is the longest that Apple takes of one.
"""

from __future__ import annotations

import ipaddress
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings import Settings

FOLDER = "tls"  # below the state folder
DAYS, AUTHORITY_DAYS = 825, 3650
PATIENCE_S = 60.0  # a key of a slow machine
_PRIVATE = ("10.0.0.0/255.0.0.0", "172.16.0.0/255.240.0.0", "192.168.0.0/255.255.0.0", "127.0.0.0/255.0.0.0")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")
# OpenSSL's verdicts (x509_vfy.h).
_NOT_YET, _EXPIRED = 9, 10


class BadCertificate(OSError):
    """A certificate that cannot be used, or made; the message is a sentence with a remedy."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. `authority` is what browsers are told to trust."""

    certificate: Path
    key: Path
    authority: Path


def context(certificate: str, key: str) -> ssl.SSLContext:
    """What the page is served with. Raises BadCertificate; an expired one is served all the same: see `doubt`."""
    for path, what in ((certificate, "certificate"), (key, "key")):
        try:
            Path(path).read_bytes()
        except OSError as error:
            raise BadCertificate(None, f"the page's {what} {path} cannot be read: {error.strerror}") from error
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.options |= ssl.OP_NO_RENEGOTIATION
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        fits = "KEY_VALUES_MISMATCH" not in str(error)
        why = (
            f"{certificate} and {key} are no certificate and key (PEM)"
            if fits
            else f"{key} is not the key of {certificate}"
        )
        raise BadCertificate(None, f"{why} - name the two files that belong together") from error
    return made


def doubt(certificate: str, key: str) -> str:
    """What is wrong with the page's certificate, "" when nothing is: unreadable, of another key, expired."""
    try:
        serving = context(certificate, key)
    except BadCertificate as bad:
        return bad.strerror or str(bad)
    match _verdict(serving, certificate):
        case 10:
            return f"{certificate} has expired: browsers warn - make a new one (textback certificate)"
        case 9:
            return f"{certificate} is not valid yet - is the clock of the box right?"
    return ""


def _verdict(serving: ssl.SSLContext, certificate: str) -> int:
    """What a browser that trusts this very certificate says of it: a handshake in memory, OpenSSL's number or 0."""
    looking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    looking.check_hostname = False
    looking.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    looking.load_verify_locations(certificate)
    to_box, to_browser = ssl.MemoryBIO(), ssl.MemoryBIO()
    box = serving.wrap_bio(to_box, to_browser, server_side=True)
    browser = looking.wrap_bio(to_browser, to_box)
    for _step in range(6):
        for side in (browser, box):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_code if error.verify_code in (_NOT_YET, _EXPIRED) else 0
            except ssl.SSLError:
                return 0
    return 0


def make(folder: Path, names: Iterable[str], addresses: Iterable[str]) -> Made:
    """Make, or make anew, the page's certificate in `folder`; an authority that is there stays. Raises BadCertificate."""
    if shutil.which("openssl") is None:
        raise BadCertificate(None, "the program openssl is missing - apt install openssl")
    own = socket.gethostname().split(".")[0]
    called = [name for name in dict.fromkeys(("localhost", own, f"{own}.local", *names)) if _NAME.fullmatch(name)]
    reached = [str(ipaddress.ip_address(address)) for address in dict.fromkeys(("127.0.0.1", *addresses))]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Made(folder / "page.pem", folder / "page.key", folder / "authority.pem")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)
        if not (made.authority.exists() and (folder / "authority.key").exists()):
            _make_authority(work, called, reached, own)
            (work / "authority.key").replace(folder / "authority.key")
            (work / "authority.pem").replace(made.authority)
        alternatives = ",".join([*(f"DNS:{name}" for name in called), *(f"IP:{address}" for address in reached)])
        (work / "page.ext").write_text(
            f"subjectAltName={alternatives}\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
            "extendedKeyUsage=serverAuth\n"
        )
        _openssl(
            "req",
            "-new",
            *_NEW_KEY,
            "-keyout",
            work / "page.key",
            "-subj",
            f"/CN={own[:60]}",
            "-out",
            work / "page.csr",
        )
        _openssl(
            *("x509", "-req", "-in", work / "page.csr", "-CA", made.authority, "-CAkey", folder / "authority.key"),
            *("-set_serial", f"0x{_serial()}", "-days", str(DAYS), "-sha256", "-extfile", work / "page.ext"),
            *("-out", work / "page.pem"),
        )
        (work / "page.key").chmod(0o600)
        (work / "page.key").replace(made.key)
        (work / "page.pem").replace(made.certificate)
    return made


def make_for(settings: Settings, further: Iterable[str]) -> Made:
    """Make it for a box: its names, the page's own address, and `further` names or addresses."""
    names, addresses = list(settings.page.names), [*_own_addresses()]
    for each in (settings.page.host, *further):
        try:
            if not ipaddress.ip_address(each).is_unspecified:
                addresses.append(each)
        except ValueError:
            names.append(each)
    return make(settings.state_dir / FOLDER, names, addresses)


def _own_addresses() -> list[str]:
    """The address by which the box reaches its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737)
            return [str(asking.getsockname()[0])]
        except OSError:
            return []


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _make_authority(work: Path, names: Iterable[str], addresses: Iterable[str], own: str) -> None:
    ranges = [f"permitted;IP:{each}" for each in _PRIVATE]
    ranges += [
        f"permitted;IP:{each}/255.255.255.255" for each in addresses if ":" not in each and not _is_private(each)
    ]
    limits = ",".join([*(f"permitted;DNS:{name}" for name in names), *ranges])
    _openssl(
        *("req", "-x509", *_NEW_KEY, "-keyout", work / "authority.key", "-out", work / "authority.pem"),
        *(
            "-days",
            str(AUTHORITY_DAYS),
            "-sha256",
            "-subj",
            f"/CN=Textback on {own[:40]}",
            "-addext",
            "keyUsage=critical,keyCertSign",
        ),
        *("-addext", f"nameConstraints=critical,{limits}"),
    )
    (work / "authority.key").chmod(0o600)


def _is_private(address: str) -> bool:
    found = ipaddress.ip_address(address)
    return any(found in ipaddress.ip_network(each) for each in _PRIVATE)


def _serial() -> str:
    return f"{int.from_bytes(ssl.RAND_bytes(15), 'big'):x}"


def _openssl(*words: str | Path) -> None:
    try:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=PATIENCE_S)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", b"") or b""
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or [str(error)]
        raise BadCertificate(None, f"openssl could not make the certificate: {last[0]}") from error
