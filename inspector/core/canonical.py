"""Canonical bytes and hashes of plain values: what is signed, chained and compared.

Canonical JSON after RFC 8785 (package ``rfc8785``): sorted keys, no white space, UTF-8, shortest
numbers. NaN and infinities have no JSON form and are refused: a NaN score is a fault, not a value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import rfc8785

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical_bytes(value: Json) -> bytes:
    """Canonical JSON bytes of a plain value.

    Raises ``ValueError`` on NaN, infinities, integers beyond 2**53 and anything that is not JSON.
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"value has no canonical JSON form: {error}") from error


def sha256_hex(data: bytes) -> str:
    """Lower-case hex SHA-256 of the bytes."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: Json) -> str:
    """SHA-256 (hex) of the canonical bytes of a plain value."""
    return sha256_hex(canonical_bytes(value))
