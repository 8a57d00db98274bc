"""Our OPC UA server as a client sees it that knows nothing of us but its documented nodes."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("asyncua")

from asyncua import Client, Node, ua

from inspector.core.plc_config import OpcUaServer
from inspector.core.state import StationState
from inspector.plc.registers import STATES, Inputs, Outputs
from tests.plc.opcua_peers import (
    PASSWORD,
    client_of,
    own,
    people_file,
    security_of,
    trusting,
)
from tests.plc.opcua_station import SmallStation, small_station
from tests.plc.peers import free_port
from tests.waiting import until

URI = "urn:inspector:machine-vision"
VISION = "MachineVision.VisionStateMachine"
AUTOMATIC = f"{VISION}.AutomaticModeStateMachine"
Running = tuple[SmallStation, str, Path]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("opcua")
    own(folder / "friend")
    own(folder / "stranger")
    trusting(folder / "us", folder / "friend")
    endpoint = f"opc.tcp://127.0.0.1:{free_port()}"
    config = OpcUaServer(
        driver="opcua-server",
        endpoint=endpoint,
        configuration_id="line 3, rev. 2",
        heartbeat_ms=300.0,
        alive_by="session",
        security=security_of(folder / "us", credentials=people_file(folder / "us" / "people")),
    )
    with small_station(config) as station:
        yield station, endpoint, folder


@pytest.fixture
def ready(running: Running) -> Running:
    station = running[0]
    station.demands.clear()
    station.obeys = True
    station.change(state=STATES[StationState.READY], error=False, error_code=0, recipe_id=3)
    return running


def as_user(running: Running, user: str | None, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """What ``work`` does over a connection of a trusted client."""

    async def run() -> Any:
        client = await client_of(running[1], running[2] / "friend", user, PASSWORD)
        async with client:
            return await work(client)

    return asyncio.run(run())


async def node(client: Client, path: str) -> Node:
    return client.get_node(f"ns={await client.get_namespace_index(URI)};s={path}")


async def call(client: Client, path: str, *arguments: Any) -> Any:
    parent = path.rpartition(".")[0]
    method = await node(client, path)
    return await (await node(client, parent)).call_method(method.nodeid, *arguments)


async def take_access(client: Client) -> None:
    wants = await node(client, "Registers.Inputs.wants_to_write")
    await wants.write_value(ua.DataValue(ua.Variant(True, ua.VariantType.Boolean)))
    may = await node(client, "Registers.Outputs.plc_may_write")
    while not await may.read_value():
        await asyncio.sleep(0.01)


def number(value: int) -> ua.Variant:
    return ua.Variant(value, ua.VariantType.UInt16)


# -- an independent client in a process of its own ----------------------------------------------


class Seen:
    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def event_notification(self, event: Any) -> None:
        names = ("resultId", "partId", "measId", "jobId", "passed", "toState", "recipeId")
        values = {name: getattr(event, name, None) for name in names}
        known = {name: value for name, value in values.items() if value is not None}
        self.events.append({"message": event.Message.Text, **known})


async def _shift(endpoint: str, folder: str) -> dict[str, Any]:
    """Browse, prepare a recipe, run a job, take its results, stop."""
    client, seen = await client_of(endpoint, Path(folder), "anna", PASSWORD), Seen()
    async with client:
        system, told = await node(client, "MachineVision"), {}
        told["below"] = [(await one.read_browse_name()).Name for one in await system.get_children()]
        subscription = await client.create_subscription(20, seen)
        index = await client.get_namespace_index(URI)
        types = [
            await client.nodes.base_event_type.get_child(f"{index}:{name}EventType")
            for name in ("ResultReady", "StateChanged", "RecipePrepared", "Error")
        ]
        await subscription.subscribe_events(system, types)
        await take_access(client)
        told["recipe"] = await call(
            client, "MachineVision.RecipeManagement.PrepareRecipe", number(4)
        )
        told["start"] = await call(
            client, f"{AUTOMATIC}.StartContinuous", "measurement 9", "", number(4)
        )
        latest = await node(client, "MachineVision.ResultManagement.LatestResult.resultId")
        while await latest.read_value() < 502:
            await asyncio.sleep(0.01)
        told["result"] = await call(
            client, "MachineVision.ResultManagement.GetResultById",
            ua.Variant(501, ua.VariantType.UInt32),
        )  # fmt: skip
        told["stop"] = await call(
            client, f"{AUTOMATIC}.Stop", ua.Variant(0, ua.VariantType.Int32), "end of shift"
        )
        while sum("toState" in event for event in seen.events) < 2:
            await asyncio.sleep(0.01)
    return told | {"events": seen.events}


def shift(endpoint: str, folder: str) -> dict[str, Any]:
    return asyncio.run(_shift(endpoint, folder))


def test_an_independent_client_runs_a_job(ready: Running) -> None:
    station, endpoint, folder = ready
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        shown = pool.submit(shift, endpoint, str(folder / "friend"))
        until(lambda: station.status.state == STATES[StationState.CONTINUOUS_EXECUTION])
        station.publish(501, passed=True)
        station.publish(502, passed=False)
        told = shown.result(30)
    assert told["below"] == ["VisionStateMachine", "RecipeManagement", "ResultManagement"]
    assert told["recipe"] == [True, 0]
    job, error = told["start"]
    assert error == 0
    assert job
    assert told["stop"] == 0
    assert told["result"] == [
        501, "measurement 9", "501", 4, "line 3, rev. 2", job, True, 0, "good", 501, 50100,
        False, False,
    ]  # fmt: skip
    events = told["events"]
    (prepared,) = (event for event in events if event["message"] == "Recipe 4 is loaded")
    assert prepared["recipeId"] == 4
    results = [(one["resultId"], one["passed"], one["jobId"]) for one in events if "passed" in one]
    assert results == [(501, True, job), (502, False, job)]
    states = [one["toState"] for one in events if "toState" in one]
    assert states == ["ContinuousExecution", "Ready"]


# -- registers ----------------------------------------------------------------------------------


def test_every_register_is_a_variable(ready: Running) -> None:
    async def look(client: Client) -> dict[str, list[str]]:
        found = {}
        for image in ("Outputs", "Inputs"):
            below = await (await node(client, f"Registers.{image}")).get_children_descriptions()
            found[image] = [one.BrowseName.Name for one in below]
        return found

    found = as_user(ready, "otto", look)
    assert found["Outputs"] == [entry.name for entry in fields(Outputs)]
    assert found["Inputs"] == [entry.name for entry in fields(Inputs)]


def test_what_clients_write_is_what_the_station_hears(ready: Running) -> None:
    station = ready[0]

    async def write(client: Client) -> None:
        for name, value, kind in (
            ("lot", "L" * 40, ua.VariantType.String),
            ("trigger_count", 70_000, ua.VariantType.UInt32),
            ("trigger_enable", True, ua.VariantType.Boolean),
        ):
            register = await node(client, f"Registers.Inputs.{name}")
            await register.write_value(ua.DataValue(ua.Variant(value, kind)))
        until(lambda: station.inputs.trigger_enable)

    as_user(ready, "plc", write)
    heard = station.inputs
    assert (heard.lot, heard.trigger_count) == ("L" * 32, 70_000)


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("Inputs.lot", ua.Variant(3, ua.VariantType.UInt16), ua.uaerrors.BadTypeMismatch),
        ("Inputs.lot", ua.Variant(["a"], ua.VariantType.String), ua.uaerrors.BadTypeMismatch),
        ("Inputs.lot", ua.Variant(), ua.uaerrors.BadTypeMismatch),
        ("Outputs.ok", ua.Variant(True, ua.VariantType.Boolean), ua.uaerrors.BadUserAccessDenied),
    ],
)
def test_what_is_no_register_value_is_refused(
    ready: Running, path: str, value: ua.Variant, refusal: type[Exception]
) -> None:
    async def write(client: Client) -> None:
        await (await node(client, f"Registers.{path}")).write_value(ua.DataValue(value))

    with pytest.raises(refusal):
        as_user(ready, "plc", write)


# -- methods ------------------------------------------------------------------------------------


def test_methods_are_refused_where_they_are_not_permitted(ready: Running) -> None:
    station = ready[0]

    async def start(client: Client) -> None:
        await call(client, f"{AUTOMATIC}.StartContinuous", "", "", number(0))

    async def start_with_access(client: Client) -> None:
        await take_access(client)
        await start(client)

    async def stop_nothing(client: Client) -> None:
        await call(client, f"{AUTOMATIC}.Stop", ua.Variant(0, ua.VariantType.Int32), "")

    async def wrong_recipe(client: Client) -> None:
        await take_access(client)
        await call(client, f"{AUTOMATIC}.StartContinuous", "", "", number(99))

    async def too_few(client: Client) -> None:
        await call(client, f"{AUTOMATIC}.StartContinuous", "")

    async def give_back(client: Client) -> None:
        wants = await node(client, "Registers.Inputs.wants_to_write")
        await wants.write_value(ua.DataValue(ua.Variant(False, ua.VariantType.Boolean)))
        until(lambda: not station.status.plc_may_write)

    as_user(ready, "plc", give_back)
    codes = ua.uaerrors
    for work, refusal in (
        (start, codes.BadUserAccessDenied),
        (stop_nothing, codes.BadInvalidState),
        (wrong_recipe, codes.BadInvalidArgument),
        (too_few, codes.BadArgumentsMissing),
    ):
        with pytest.raises(refusal):
            as_user(ready, "plc", work)
    station.change(state=STATES[StationState.HALTED])
    time.sleep(0.05)
    with pytest.raises(codes.BadInvalidState):
        as_user(ready, "plc", start_with_access)
    assert station.demands == []


def test_a_single_job_names_its_part(ready: Running) -> None:
    station = ready[0]

    async def inspect(client: Client) -> Any:
        await take_access(client)
        started = await call(client, f"{AUTOMATIC}.StartSingleJob", "m", "SN-1", number(0))
        assert station.inputs.serial == "SN-1"
        station.publish(700, passed=False)
        part = await node(client, "MachineVision.ResultManagement.LatestResult.partId")
        while await part.read_value() != "SN-1":
            await asyncio.sleep(0.01)
        await call(client, f"{AUTOMATIC}.Abort", ua.Variant(1, ua.VariantType.Int32), "seen")
        until(lambda: not station.inputs.serial)
        return started

    assert as_user(ready, "plc", inspect)[1] == 0
    assert [one.name for one in station.demands] == ["start_single", "abort"]


def test_the_state_machines_follow_the_station(ready: Running) -> None:
    station = ready[0]

    async def look(client: Client) -> list[Any]:
        told = []
        for path in (VISION, AUTOMATIC):
            value = await (await node(client, f"{path}.CurrentState")).read_data_value(False)
            shown = value.Value.Value.Text if value.Value and value.Value.Value else None
            told.append((shown, value.StatusCode.name if value.StatusCode else "Good"))
        return told

    async def way(client: Client) -> None:
        await take_access(client)
        nothing = ua.Variant(0, ua.VariantType.Int32), ""
        assert await look(client) == [("Operational", "Good"), ("Ready", "Good")]
        assert await call(client, f"{VISION}.Halt", *nothing) == 0
        assert await look(client) == [("Halted", "Good"), (None, "BadStateNotActive")]
        assert await call(client, f"{VISION}.SelectModeAutomatic") == 0
        station.change(error=True, error_code=1, state=STATES[StationState.ERROR])
        while (await look(client))[0] != ("Error", "Good"):
            await asyncio.sleep(0.01)
        assert await call(client, f"{VISION}.Reset", *nothing) == 0
        assert await look(client) == [("Halted", "Good"), (None, "BadStateNotActive")]

    as_user(ready, "plc", way)


def test_what_the_station_does_not_do_at_once_is_told(ready: Running) -> None:
    station = ready[0]
    station.obeys = False

    async def ask(client: Client) -> None:
        await take_access(client)
        asked = await call(client, f"{AUTOMATIC}.StartContinuous", "", "", number(0))
        assert asked == ["", 1]
        prepare = "MachineVision.RecipeManagement.PrepareRecipe"
        assert await call(client, prepare, number(4)) == [False, 1]
        station.obeys = True
        assert await call(client, prepare, number(9)) == [False, 2]

    as_user(ready, "plc", ask)


# -- who may ------------------------------------------------------------------------------------


def test_a_reader_reads_and_no_more(ready: Running) -> None:
    async def read(client: Client) -> Any:
        return await (await node(client, "Registers.Outputs.recipe")).read_value()

    async def write(client: Client) -> None:
        register = await node(client, "Registers.Inputs.start")
        await register.write_value(ua.DataValue(ua.Variant(True, ua.VariantType.Boolean)))

    async def stop(client: Client) -> None:
        await call(client, f"{AUTOMATIC}.Stop", ua.Variant(0, ua.VariantType.Int32), "")

    async def add(client: Client) -> None:
        await client.nodes.objects.add_folder("ns=2;s=mine", "2:mine")

    assert as_user(ready, "otto", read) == 3
    for user, work in (("otto", write), ("otto", stop), ("plc", add)):
        with pytest.raises(ua.uaerrors.BadUserAccessDenied):
            as_user(ready, user, work)


def test_who_is_unknown_stays_out(ready: Running) -> None:
    _, endpoint, folder = ready

    async def enter(whose: str, user: str | None, password: str) -> None:
        async with await client_of(endpoint, folder / whose, user, password):
            pass

    codes = ua.uaerrors
    for whose, user, password, refusal in (
        ("stranger", "plc", PASSWORD, codes.BadCertificateUntrusted),
        ("friend", "nobody", PASSWORD, codes.BadUserAccessDenied),
        ("friend", None, "", codes.BadIdentityTokenRejected),
    ):
        with pytest.raises(refusal):
            asyncio.run(enter(whose, user, password))
    assert (folder / "us" / "rejected").exists()


def test_a_wrong_password_stays_out(ready: Running) -> None:
    _, endpoint, folder = ready

    async def enter() -> None:
        async with await client_of(endpoint, folder / "friend", "otto", "wrong"):
            pass

    with pytest.raises((ua.uaerrors.BadUserAccessDenied, ua.uaerrors.BadTooManyOperations)):
        asyncio.run(enter())


def test_without_security_nobody_gets_in(ready: Running) -> None:
    async def enter(user: str | None) -> None:
        client = Client(ready[1])
        if user:
            client.set_user(user)
            client.set_password(PASSWORD)
        async with client:
            pass

    for user in (None, "plc"):
        with pytest.raises(ua.UaError):
            asyncio.run(enter(user))


def test_nobody_takes_a_session_over(ready: Running) -> None:
    """asyncua hands a session to whoever counts up to its token; ours does not."""

    async def rob(victim: Client) -> None:
        token = victim.uaclient.session.authentication_token
        robber = Client(ready[1])
        await robber.connect_socket()
        await robber.send_hello()
        await robber.open_secure_channel()
        try:
            robber.uaclient.session.restore_authentication_token(token)
            params = ua.ActivateSessionParameters()
            params.UserIdentityToken = ua.AnonymousIdentityToken()
            with pytest.raises(ua.UaError):
                await robber.uaclient.activate_session(params)
            stop = await node(victim, "Registers.Inputs.stop")
            value = ua.DataValue(ua.Variant(True, ua.VariantType.Boolean))
            with pytest.raises(ua.UaError):
                await robber.uaclient.write_attributes([stop.nodeid], [value])
        finally:
            robber.disconnect_socket()
        assert not await stop.read_value()

    as_user(ready, "plc", rob)
