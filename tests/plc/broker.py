"""A real mosquitto on loopback, with TLS, certificates of clients and users; it can be killed."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PLACES = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"
USER, PASSWORD = "station", "over: the wire 7f3a"


def program(name: str) -> str:
    found = shutil.which(name, path=_PLACES)
    if found is None:
        pytest.skip(f"needs the Debian package mosquitto: {name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Authority:
    """Signs certificates; each is written as NAME.pem with NAME.key."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        self._write(name, self._key, self._name, authority=True)

    def issue(self, name: str) -> None:
        self._write(name, ec.generate_private_key(ec.SECP256R1()), _named(name), authority=False)

    def _write(
        self, name: str, key: ec.EllipticCurvePrivateKey, subject: x509.Name, *, authority: bool
    ) -> None:
        now = datetime.now(UTC)
        own = key.public_key()
        address = x509.IPAddress(ip_address("127.0.0.1"))
        certificate = (
            x509.CertificateBuilder(self._name, subject, own, x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (self._folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
        key_path = self._folder / f"{name}.key"
        key_path.write_bytes(key.private_bytes(pem, *plain))
        key_path.chmod(0o600)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Broker:
    """The program. ``secure``: TLS, certificates of clients and users; else anybody may."""

    def __init__(self, folder: Path, *, secure: bool = True) -> None:
        self._program = program("mosquitto")
        self.port = free_port()
        self.folder = folder
        lines = [f"listener {self.port} 127.0.0.1", "set_tcp_nodelay true"]
        lines += ["persistence true", f"persistence_location {folder}/"]  # written by ``end``
        lines += [f"user {getpass.getuser()}", "log_type error"]
        if secure:
            authority = Authority(folder)
            authority.issue("broker")
            authority.issue("client")
            users = folder / "users"
            command = (program("mosquitto_passwd"), "-c", "-b", users, USER, PASSWORD)
            subprocess.run(command, check=True)
            lines += [f"cafile {folder}/ca.pem", f"certfile {folder}/broker.pem"]
            lines += [f"keyfile {folder}/broker.key", "require_certificate true"]
            lines += [f"password_file {users}", "allow_anonymous false"]
        else:
            lines += ["allow_anonymous true"]
        self._config = folder / "mosquitto.conf"
        self._config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "-c", self._config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError("mosquitto does not listen")

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def end(self) -> None:
        """As at a restart of its PC: it remembers who listens, and keeps for them what comes."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait()
        self._process = None
