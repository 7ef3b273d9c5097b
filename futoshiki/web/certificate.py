"""A certificate for one run of the server, signed by itself: enough for a phone to allow its camera."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 90
"""Days for which a certificate holds; iOS refuses those that hold longer than 825."""


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate and its key in PEM; `fingerprint` is what a browser shows of it, SHA-256."""

    file: Path
    key: Path
    fingerprint: str


@contextmanager
def own_certificate(host: str) -> Iterator[Certificate]:
    """A new certificate for an IP address and this computer; its files are there while the block runs, for their owner only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "futoshiki web")]), datetime.now(timezone.utc)
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in dict.fromkeys((host, "127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    with TemporaryDirectory(prefix="futoshiki-") as folder:
        files = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        yield Certificate(*files, certificate.fingerprint(hashes.SHA256()).hex(":").upper())
