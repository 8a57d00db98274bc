"""OPC UA client (asyncua): variables of a PLC's server, found by the names of the registers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import Field, dataclass, fields
from typing import Any, TypeVar

from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.crypto.uacrypto import CertProperties

from inspector.core.errors import ConfigError, PlcError
from inspector.core.plc_config import OpcUaClient
from inspector.plc.buses.credentials import read_credentials
from inspector.plc.buses.opcua_security import (
    OwnCertificate,
    Trust,
    require_loopback,
    silence,
)
from inspector.plc.registers import Inputs, Outputs

T = TypeVar("T")
_CONNECT_S = 5.0
_WITHDRAW_S = 1.0
_ALL_AGAIN = 100
_LAST = ("ok", "ng", "result_valid", "result_toggle")
"""Written after all others: a scan between two writes never takes a toggle for an old result."""
_NEEDED_OUTPUTS = frozenset({"online", *_LAST, "heartbeat", "part_id"})
_NEEDED_INPUTS = frozenset({"heartbeat"})
_MODE = ua.MessageSecurityMode.SignAndEncrypt


def make(config: OpcUaClient) -> OpcUaClientBus:
    """The fieldbus, not open yet."""
    return OpcUaClientBus(config)


@dataclass(frozen=True, slots=True)
class _Register:
    name: str
    node: ua.NodeId
    kind: ua.VariantType
    """As the PLC declares it."""
    entry: Field[Any]

    def to_plc(self, image: Outputs) -> ua.DataValue:
        value = getattr(image, self.name)
        bits = _SIGNED.get(self.kind, 0)  # the same bits, whether a word is signed or not
        if bits and value >= 1 << bits - 1:
            value -= 1 << bits
        return ua.DataValue(ua.Variant(value, self.kind))  # without times: PLCs refuse those

    def from_plc(self, shown: ua.DataValue) -> bool | int | str:
        value = None if shown.Value is None else shown.Value.Value
        if value is None or (shown.StatusCode is not None and not shown.StatusCode.is_good()):
            raise PlcError(f"the PLC's variable {self.name} has no value")
        if "bit" in self.entry.metadata:
            return bool(value)
        if self.entry.type == "str":
            return str(value)
        words: int = self.entry.metadata["words"]
        return int(value) & (1 << 16 * words) - 1


_SIGNED = {ua.VariantType.Int16: 16, ua.VariantType.Int32: 32}


class OpcUaClientBus:
    """Implements ``Fieldbus``: one write and one read per exchange, sent together.

    What did not change is written with every 100th exchange only, for a PLC that forgot it.

    The library's event loop runs only inside the methods, on the gateway's thread.
    """

    def __init__(self, config: OpcUaClient) -> None:
        self._config = config
        self._runner: asyncio.Runner | None = None
        self._client: Client | None = None
        self._outputs: tuple[_Register, ...] = ()
        self._inputs: tuple[_Register, ...] = ()
        self._shown: Outputs | None = None
        self._exchanges = 0

    def open(self) -> None:
        """Connect and find the variables.

        Raises ``PlcError`` when the PLC cannot be reached or has other variables, and
        ``ConfigError`` for a certificate or user that cannot be used.
        """
        silence()
        self._runner = asyncio.Runner()
        self._do(self._open, _CONNECT_S)

    def exchange(self, outputs: Outputs) -> Inputs:
        """Write all outputs, read all inputs. Raises ``PlcError``."""
        return self._do(lambda: self._exchange(outputs), self._config.timeout_ms / 1e3)

    def close(self) -> None:
        """Withdraw, where the PLC still answers, and disconnect."""
        if self._runner is None:
            return
        if self._client is not None:
            with contextlib.suppress(PlcError):
                self._do(lambda: self._exchange(Outputs()), _WITHDRAW_S)
            with contextlib.suppress(PlcError):
                self._do(self._client.disconnect, _WITHDRAW_S)
            self._client.disconnect_socket()
        self._client = None
        self._runner.close()
        self._runner = None

    def _do(self, work: Callable[[], Awaitable[T]], timeout_s: float) -> T:
        if self._runner is None:
            raise PlcError(f"plc {self._config.endpoint}: not open")

        async def in_time() -> T:
            async with asyncio.timeout(timeout_s):
                return await work()

        try:
            return self._runner.get_loop().run_until_complete(in_time())
        except TimeoutError as error:
            raise PlcError(
                f"plc {self._config.endpoint}: no answer within {timeout_s:g} s"
            ) from error
        except (OSError, ua.UaError, asyncio.CancelledError) as error:
            reason = str(error) or type(error).__name__
            raise PlcError(f"plc {self._config.endpoint}: {reason}") from error

    async def _exchange(self, outputs: Outputs) -> Inputs:
        assert self._client is not None
        session, due = self._client.uaclient, self._due(outputs)
        written, read = await asyncio.gather(
            session.write_attributes(
                [one.node for one in due], [one.to_plc(outputs) for one in due]
            ),
            session.read_attributes([one.node for one in self._inputs], ua.AttributeIds.Value),
        )
        for one, result in zip(due, written, strict=True):
            if not result.is_good():
                raise PlcError(f"the PLC's variable {one.name} cannot be written ({result.name})")
        self._shown = outputs
        values = zip(self._inputs, read, strict=True)
        return Inputs(**{one.name: one.from_plc(shown) for one, shown in values})  # type: ignore[arg-type]  # by their registers

    def _due(self, outputs: Outputs) -> Sequence[_Register]:
        before, self._exchanges = self._shown, self._exchanges + 1
        if before is None or self._exchanges % _ALL_AGAIN == 0:
            return self._outputs
        changed = [
            one for one in self._outputs if getattr(outputs, one.name) != getattr(before, one.name)
        ]
        return changed or self._outputs[:1]  # a write without a variable is an error

    # -- connecting ------------------------------------------------------------------------------

    async def _open(self) -> None:
        config = self._config
        client = Client(config.endpoint, timeout=_CONNECT_S)
        client.name = client.description = "Inspector"
        if config.security.policy == "none":
            require_loopback(config.endpoint)
        else:
            await self._secure(client)
        if config.security.credentials:
            known = read_credentials(config.security.credentials, "security.credentials")
            client.set_user(known.user)
            client.set_password(known.password)
        await client.connect()
        self._client, self._shown = client, None
        self._outputs = await self._registers(config.outputs_node, Outputs, _NEEDED_OUTPUTS)
        needed = _NEEDED_INPUTS | ({"result_ack"} if config.acknowledged else frozenset())
        self._inputs = await self._registers(config.inputs_node, Inputs, needed)
        await self._exchange(Outputs())

    async def _secure(self, client: Client) -> None:
        own, trust = OwnCertificate(self._config.security), Trust(self._config.security)
        policy = SecurityPolicyBasic256Sha256
        offers = await client.connect_and_get_server_endpoints()
        offer = client.find_endpoint(offers, _MODE, policy.URI)
        certificate = offer.ServerCertificate
        if not trust.covers(certificate):
            raise ConfigError(
                f"plc {self._config.endpoint}: its certificate is not trusted",
                remedy=f"Compare it, and move it from rejected/ to {trust.folder}",
            )
        client.application_uri = own.application_uri
        await client.set_security(
            policy,
            own.certificate,
            CertProperties(own.key, "pem"),
            server_certificate=certificate,
            mode=_MODE,
        )

    async def _registers(
        self, node_id: str, image: type[Outputs | Inputs], needed: frozenset[str]
    ) -> tuple[_Register, ...]:
        assert self._client is not None
        key = "outputs_node" if image is Outputs else "inputs_node"
        try:
            folder = self._client.get_node(node_id)
            below = await folder.get_children_descriptions()
        except (ua.UaError, ValueError) as error:
            raise ConfigError(
                f"plc: {key}: {node_id}: {error}", remedy="Give a node id such as ns=3;s=Inspector"
            ) from error
        found = {one.BrowseName.Name: one.NodeId for one in below}
        missing = sorted(needed - found.keys())
        if missing:
            raise ConfigError(
                f"plc: {key}: {node_id} has no variable {', '.join(missing)}",
                remedy="Give its variables the names of the registers in docs/plc.md",
            )
        entries = [entry for entry in fields(image) if entry.name in found]
        entries.sort(key=lambda entry: entry.name in _LAST)
        nodes = [found[entry.name] for entry in entries]
        return tuple(self._typed(entries, nodes, await self._values(nodes)))

    async def _values(self, nodes: list[ua.NodeId]) -> list[ua.DataValue]:
        assert self._client is not None
        read = self._client.uaclient.read_attributes
        values: list[ua.DataValue] = await read(nodes, ua.AttributeIds.Value)
        return values

    def _typed(
        self, entries: list[Field[Any]], nodes: list[ua.NodeId], values: Sequence[ua.DataValue]
    ) -> list[_Register]:
        registers = []
        for entry, node, shown in zip(entries, nodes, values, strict=True):
            if shown.Value is None:
                raise PlcError(f"the PLC's variable {entry.name} has no value yet")
            registers.append(_Register(entry.name, node, shown.Value.VariantType, entry))
        return registers
