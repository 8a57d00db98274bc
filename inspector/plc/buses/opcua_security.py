"""What both roles of OPC UA know of security: our certificate, and whom we trust."""

from __future__ import annotations

import hashlib
import logging
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inspector.core.errors import ConfigError
from inspector.core.plc_config import OpcUaSecurity
from inspector.durable.files import expanded, storage_errors, write_atomically
from inspector.plc.buses.credentials import secret_file

_VALID = timedelta(days=3650)
_KEY_BITS = 2048
_REJECTED_MOST = 16
"""Certificates kept for an integrator to look at; strangers cannot fill the disk."""


class OwnCertificate:
    """Our application instance certificate and its private key (OPC 10000-6, 6.2.2).

    Made on first use where the configuration names none: RSA with 2048 bits, signed by itself,
    valid for ten years, the key readable by its owner alone. Raises ``ConfigError`` for files that
    cannot be used and ``StorageError`` for folders that cannot be written.
    """

    def __init__(self, security: OpcUaSecurity) -> None:
        folder = expanded(security.folder, "security.folder")
        named = bool(security.certificate)
        if named != bool(security.key):
            raise ConfigError(
                "plc: security: certificate and key belong together", remedy="Name both, or neither"
            )
        certificate_path, key_path = folder / "own.der", folder / "own.pem"
        if named:
            certificate_path = expanded(security.certificate, "security.certificate")
            key_path = expanded(security.key, "security.key")
        if not named and not (certificate_path.exists() and key_path.exists()):
            _make(certificate_path, key_path)
        with storage_errors(key_path):
            self.key = secret_file(str(key_path), "security.key").read_bytes()
        self.certificate = read_certificate(certificate_path)
        """DER."""
        self.application_uri = _uri_of(self.certificate, certificate_path)


def _make(certificate_path: Path, key_path: Path) -> None:
    host = socket.gethostname()
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Inspector on {host}"[:64])])
    uri = f"urn:{host}:inspector:station"
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=True,  # it signs itself
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    names = [x509.UniformResourceIdentifier(uri), x509.DNSName(host)]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks of PLCs go wrong
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
        .add_extension(usage, critical=False)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_atomically(key_path, pem, private=True)
    write_atomically(certificate_path, certificate.public_bytes(serialization.Encoding.DER))


def read_certificate(path: Path) -> bytes:
    """The certificate in a DER or PEM file, as DER. Raises ``ConfigError``."""
    try:
        data = path.read_bytes()
        pem = data.lstrip().startswith(b"-----BEGIN")
        load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
        return load(data).public_bytes(serialization.Encoding.DER)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path}: no certificate ({error})", remedy="Give a DER or PEM file of X.509"
        ) from error


def _uri_of(der: bytes, path: Path) -> str:
    certificate = x509.load_der_x509_certificate(der)
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return names.value.get_values_for_type(x509.UniformResourceIdentifier)[0]
    except (x509.ExtensionNotFound, IndexError) as error:
        raise ConfigError(
            f"{path}: the certificate names no application URI",
            remedy="Make one with a URI among its subject alternative names",
        ) from error


class Trust:
    """Peers whose certificate, byte for byte, lies in the trusted folder; others are strangers.

    Authorities and revocation lists are not followed: trust ends when the file is taken away. A
    stranger's certificate is kept in ``rejected/``, from where a person may move it.
    """

    def __init__(self, security: OpcUaSecurity) -> None:
        folder = expanded(security.folder, "security.folder")
        named = security.trusted
        self.folder = expanded(named, "security.trusted") if named else folder / "trusted"
        self._rejected = folder / "rejected"
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)

    def covers(self, der: bytes | None) -> bool:
        """Whether this certificate (DER) is trusted and valid today."""
        if not der:
            return False
        try:
            certificate = x509.load_der_x509_certificate(der)
        except ValueError:
            return False
        now = datetime.now(UTC)
        in_time = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
        if in_time and any(der == trusted for trusted in self._trusted()):
            return True
        self._keep(der)
        return False

    def _trusted(self) -> list[bytes]:
        found = []
        for path in sorted(self.folder.iterdir()):
            try:
                found.append(read_certificate(path))
            except ConfigError:  # a file of another kind trusts nobody
                continue
        return found

    def _keep(self, der: bytes) -> None:
        path = self._rejected / f"{hashlib.sha1(der, usedforsecurity=False).hexdigest()}.der"
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if len(list(path.parent.iterdir())) < _REJECTED_MOST:
            write_atomically(path, der)


def require_loopback(endpoint: str) -> None:
    """Without security only this PC. Raises ``ConfigError``."""
    host = urlsplit(endpoint).hostname or ""
    try:
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ConfigError(
            f"plc: security: policy none at {endpoint}",
            remedy="Use Basic256Sha256; none is for a trial on 127.0.0.1 only",
        )


def silence() -> None:
    """The library logs each refusal and lost connection with a traceback; we say it in one line."""
    for name in ("asyncua", "asyncuagds"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
