"""Certificates, trust and users of OPC UA, without a network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography import x509
from cryptography.hazmat.primitives import serialization

pytest.importorskip("asyncua")

from asyncua.common.utils import ServiceError

from inspector.access.passwords import PasswordHash
from inspector.core.errors import ConfigError
from inspector.core.plc_config import OpcUaSecurity, OpcUaServer
from inspector.plc.buses.opcua_access import GuardedServer, Users
from inspector.plc.buses.opcua_security import (
    OwnCertificate,
    Trust,
    require_loopback,
)

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def secret(path: Path, text: str) -> str:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return str(path)


def security(folder: Path, **keys: str) -> OpcUaSecurity:
    return OpcUaSecurity(folder=str(folder), **keys)


def users(tmp_path: Path, **keys: bool) -> Users:
    lines = "".join(
        f"{name}:{role}:{CHEAP.hash('right')}\n"
        for name, role in (("anna", "operator"), ("otto", "auditor"))
    )
    credentials = secret(tmp_path / "users", "# people\n\n" + lines)
    config = OpcUaServer(
        driver="opcua-server",
        security=security(tmp_path, credentials=credentials),
        **keys,
    )
    return Users(config, Trust(config.security))


def log_in(them: Users, name: str | None, password: str | None, der: bytes | None) -> object:
    return them.get_user(GuardedServer(them, lambda: None), name, password, der)


def test_the_certificate_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    first = OwnCertificate(security(tmp_path))
    second = OwnCertificate(security(tmp_path))
    assert (first.certificate, first.key) == (second.certificate, second.key)
    made = x509.load_der_x509_certificate(first.certificate)
    made.verify_directly_issued_by(made)
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert len(list(usage)) == 2, "server and client"
    assert first.application_uri.startswith("urn:")
    if os.name == "posix":
        assert (tmp_path / "own.pem").stat().st_mode & 0o077 == 0
        (tmp_path / "own.pem").chmod(0o644)
        with pytest.raises(ConfigError, match="others may read"):
            OwnCertificate(security(tmp_path))


def test_named_files_are_used_and_belong_together(tmp_path: Path) -> None:
    made = OwnCertificate(security(tmp_path / "a"))
    pem = x509.load_der_x509_certificate(made.certificate).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "ours.pem").write_bytes(pem)
    named = security(
        tmp_path / "b", certificate=str(tmp_path / "ours.pem"), key=str(tmp_path / "a/own.pem")
    )
    assert OwnCertificate(named).certificate == made.certificate
    assert not (tmp_path / "b" / "own.der").exists()
    with pytest.raises(ConfigError, match="belong together"):
        OwnCertificate(security(tmp_path, certificate=str(tmp_path / "ours.pem")))
    (tmp_path / "ours.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match="no certificate"):
        OwnCertificate(named)


def test_a_stranger_is_kept_for_a_person_to_trust(tmp_path: Path) -> None:
    peer = OwnCertificate(security(tmp_path / "peer")).certificate
    trust = Trust(security(tmp_path / "us"))
    assert not trust.covers(None)
    assert not trust.covers(b"rubbish")
    assert not trust.covers(peer)
    (kept,) = (tmp_path / "us" / "rejected").iterdir()
    kept.rename(trust.folder / kept.name)
    (trust.folder / "notes.txt").write_text("files of other kinds trust nobody")
    assert trust.covers(peer)
    (trust.folder / kept.name).unlink()
    assert not trust.covers(peer), "taken away: trusted no more"


def test_strangers_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspector.plc.buses import opcua_security

    monkeypatch.setattr(opcua_security, "_REJECTED_MOST", 2)
    trust = Trust(security(tmp_path / "us"))
    for number in range(3):
        trust.covers(OwnCertificate(security(tmp_path / str(number))).certificate)
    assert len(list((tmp_path / "us" / "rejected").iterdir())) == 2


def test_a_user_needs_a_trusted_certificate_and_the_password(tmp_path: Path) -> None:
    them = users(tmp_path)
    peer = OwnCertificate(security(tmp_path / "peer")).certificate
    for stranger in (None, peer):
        with pytest.raises(ServiceError):
            log_in(them, "anna", "right", stranger)
    (tmp_path / "trusted" / "peer.der").write_bytes(peer)
    person = log_in(them, "anna", "right", peer)
    assert (person.name, person.may_write) == ("anna", True)  # type: ignore[attr-defined]  # a Person
    assert not log_in(them, "otto", "right", peer).may_write  # type: ignore[attr-defined]  # a Person
    assert log_in(them, "nobody", "right", peer) is None
    assert log_in(them, None, None, peer) is None, "nobody is anonymous unless told so"


def test_guessing_is_slow_and_locks_nobody_out_who_was_in(tmp_path: Path) -> None:
    them = users(tmp_path)
    peer = OwnCertificate(security(tmp_path / "peer")).certificate
    (tmp_path / "trusted" / "peer.der").write_bytes(peer)
    assert log_in(them, "anna", "right", peer)
    assert log_in(them, "otto", "wrong", peer) is None
    with pytest.raises(ServiceError):
        log_in(them, "otto", "right", peer)
    assert log_in(them, "anna", "right", peer)


def test_anonymous_reads_where_it_is_allowed(tmp_path: Path) -> None:
    them = users(tmp_path, anonymous=True)
    peer = OwnCertificate(security(tmp_path / "peer")).certificate
    (tmp_path / "trusted" / "peer.der").write_bytes(peer)
    assert not log_in(them, None, None, peer).may_write  # type: ignore[attr-defined]  # a Person


def test_hashes_are_those_of_the_station(tmp_path: Path) -> None:
    made = PasswordHash(memory_kib=8, passes=1).make("Grüße, 検査")
    credentials = secret(tmp_path / "users", f"anna:operator:{made}\n")
    config = OpcUaServer(
        driver="opcua-server", security=security(tmp_path, credentials=credentials)
    )
    peer = OwnCertificate(security(tmp_path / "peer")).certificate
    them = Users(config, Trust(config.security))
    (tmp_path / "trusted" / "peer.der").write_bytes(peer)
    assert log_in(them, "anna", "Grüße, 検査", peer)


def test_the_file_of_users_is_checked(tmp_path: Path) -> None:
    short = secret(tmp_path / "short", "anna:secret-that-is-not-shown\n")
    wrong = OpcUaServer(driver="opcua-server", security=security(tmp_path, credentials=short))
    with pytest.raises(ConfigError, match="line 1 is not user:role:password-hash") as refused:
        Users(wrong, Trust(wrong.security))
    assert "secret-that" not in str(refused.value)
    odd = secret(tmp_path / "odd", "anna:king:hash\n")
    config = OpcUaServer(driver="opcua-server", security=security(tmp_path, credentials=odd))
    with pytest.raises(ConfigError, match="king"):
        Users(config, Trust(config.security))
    nobody = OpcUaServer(driver="opcua-server", security=security(tmp_path))
    with pytest.raises(ConfigError, match="nobody could log in"):
        Users(nobody, Trust(nobody.security))


def test_without_security_only_this_pc() -> None:
    for local in ("opc.tcp://127.0.0.1:4840", "opc.tcp://localhost:1", "opc.tcp://[::1]:4840"):
        require_loopback(local)
    for elsewhere in ("opc.tcp://0.0.0.0:4840", "opc.tcp://192.168.0.1:4840", "opc.tcp://plc:4840"):
        with pytest.raises(ConfigError, match="policy none"):
            require_loopback(elsewhere)
