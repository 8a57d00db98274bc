"""A whole station on a tiny plant: real bundle, real runtime, real ledger, simulated PLC."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines.runtimes.openvino import OpenVinoEngine
from inspector.camera.replay import ReplayCamera
from inspector.core.detection import Detection
from inspector.core.errors import BundleError, CameraError, ConfigError, PlcError, RefusedError
from inspector.core.frame import Pixels
from inspector.core.line_config import LineConfig
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.verify import verify
from inspector.link.messages import (
    Acknowledge,
    CallEngineer,
    GetStatus,
    ListProducts,
    Login,
    Products,
    RejectNotice,
    Reset,
    SelectProduct,
    Session,
    Snapshot,
    Start,
    Stop,
)
from inspector.plc.tracking import Fate
from inspector.station.display_tap import Outlet
from inspector.station.loaded import LoadedProduct, load_product
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from inspector.station.rooms import Rooms
from tests.tiny_plant import TinyPlant, make_bundle, make_plant, tiny_recipe


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path)


@contextmanager
def opened(
    plant: TinyPlant, config: LineConfig | None = None, limit: int | None = None
) -> Iterator[tuple[OpenStation, threading.Event]]:
    config = config or load_line(plant.line_file)
    over = threading.Event()
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    with open_station(config, catalogue, limit=limit, on_limit=over.set) as station:
        yield station, over


def wait_for_state(station: OpenStation, *states: StationState) -> None:
    until = time.monotonic() + 20.0
    while station.station.state not in states:
        assert time.monotonic() < until, f"still {station.station.state}"
        time.sleep(0.01)


def run_parts(plant: TinyPlant, parts: int) -> OpenStation:
    with opened(plant, limit=parts) as (station, over):
        station.console.call(Start())
        assert over.wait(30.0)
        assert station.station.request_stop_and_wait(30.0)
        assert station.plc.drain(30.0)
        return station


def test_good_parts_pass_and_defective_ones_are_ejected(plant: TinyPlant) -> None:
    station = run_parts(plant, 40)
    status = station.station.status()
    assert status.parts.parts == 40
    assert status.parts.reconciled
    assert status.parts.rejected >= 10
    assert status.parts.by_cause["defect"] == status.parts.rejected
    assert station.plc.fates == {
        Fate.PASSED: status.parts.passed,
        Fate.EJECTED: status.parts.rejected,
    }
    assert status.cameras["replay-0"].triggers == 40
    assert status.health is Health.GOOD
    assert not status.production


def test_every_part_is_in_the_ledger_with_evidence_for_rejects(plant: TinyPlant) -> None:
    rejected = run_parts(plant, 40).station.status().parts.rejected
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    store = EvidenceStore(evidence_folder(plant.data_folder))
    report = verify(reader, store)
    assert report.intact, report.first
    records = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    assert [record.part_id for record in records] == list(range(1, 41))
    rejects = [record for record in records if record.outcome == "reject"]
    assert len(rejects) == rejected
    for record in rejects:
        assert [mark["name"] for mark in record.content["evidence"]] == ["image", "map"]
        assert record.content["hashes"].keys() == {
            "recipe",
            "preparation",
            "bundle",
            "calibration",
        }
    actions = list(reader.each(RecordFilter(kind=RecordKind.ACTION)))
    assert [record.content["action"] for record in actions] == ["Start"]
    reader.close()


def test_part_numbers_go_on_after_a_restart(plant: TinyPlant) -> None:
    run_parts(plant, 5)
    run_parts(plant, 5)
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    numbers = [r.part_id for r in reader.each(RecordFilter(kind=RecordKind.INSPECTION))]
    reader.close()
    assert len(numbers) == len(set(numbers)) == 10
    assert numbers == sorted(number for number in numbers if number is not None)


def test_stop_and_start_again_and_the_counts_begin_anew(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        for _ in range(2):
            station.console.call(Start())
            wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
            time.sleep(0.2)
            station.console.call(Stop())
            wait_for_state(station, StationState.READY)
            status = station.station.status()
            assert status.parts.parts > 5
            assert status.parts.reconciled
        assert station.plc.drain(10.0)
        assert Fate.TIMEOUT_EJECTED not in station.plc.fates


def test_commands_that_make_no_sense_now_are_refused_with_a_reason(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        console = station.console
        with pytest.raises(RefusedError, match="does not run"):
            console.call(Stop())
        with pytest.raises(RefusedError, match="cannot reset while the station is ready"):
            console.call(Reset())
        with pytest.raises(RefusedError, match="unknown product"):
            console.call(SelectProduct("nothing"))
        with pytest.raises(RefusedError, match="no such alarm"):
            console.call(Acknowledge("nothing"))
        console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        with pytest.raises(RefusedError, match="the line runs"):
            console.call(SelectProduct("tiny"))
        with pytest.raises(RefusedError, match="cannot start"):
            console.call(Start())


def test_production_is_refused_until_releases_exist(plant: TinyPlant) -> None:
    config = load_line(plant.line_file).model_copy(update={"production": True})
    with opened(plant, config) as (station, _), pytest.raises(RefusedError, match="released"):
        station.console.call(Start())


def test_changeover_and_product_list(plant: TinyPlant) -> None:
    other = plant.line_file.parent / "products" / "other.yaml"
    other.write_text("product: other\npreparation: {pixel_format: Mono8}\n", encoding="utf-8")
    with opened(plant) as (station, _):
        answer = station.console.call(ListProducts())
        assert isinstance(answer, Products)
        taught = {entry.product: entry.taught for entry in answer.entries}
        assert taught == {"other": False, "tiny": True}
        with pytest.raises(RefusedError, match="not taught"):
            station.console.call(SelectProduct("other"))
        station.console.call(SelectProduct("tiny"))
        wait_for_state(station, StationState.READY)
        answer = station.console.call(GetStatus())
        assert isinstance(answer, Snapshot)
        assert answer.status.product == "tiny"


def test_events_and_pictures_reach_a_client(plant: TinyPlant) -> None:
    with opened(plant, limit=40) as (station, over):
        station.console.call(Start())
        over.wait(30.0)
        station.station.request_stop_and_wait(10.0)
        seen: set[str] = set()
        notice = None
        until = time.monotonic() + 10.0
        while len(seen) < 2 and time.monotonic() < until:
            event = station.console.next_event(0.2)
            seen.add(type(event).__name__) if event else None
            notice = event if isinstance(event, RejectNotice) else notice
        picture = station.console.picture()
    assert seen == {"Snapshot", "RejectNotice"}
    assert notice is not None
    assert notice.cause == "defect"
    assert notice.thumbnail_jpeg.startswith(b"\xff\xd8")
    assert "engine: score" in notice.reasons[0]
    assert picture is not None
    assert picture.pixels.shape == (64, 64, 1)
    assert picture.map is not None
    assert picture.score is not None
    assert picture.passed == (picture.score <= picture.threshold) == (not picture.regions)


def test_a_fault_ends_in_error_with_alarm_and_reset_brings_it_back(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        time.sleep(0.1)
        station.station.fault("a device failed")
        wait_for_state(station, StationState.ERROR)
        time.sleep(0.3)
        status = station.station.status()
        assert status.health is Health.FAILURE
        assert [alarm.text for alarm in status.alarms] == ["a device failed"]
        assert status.parts.by_cause["fault"] > 0
        assert station.plc.registers.status.error
        station.console.call(Acknowledge("fault"))
        assert station.station.status().alarms[0].acknowledged
        station.console.call(Reset())
        wait_for_state(station, StationState.READY)
        assert station.station.status().health is Health.GOOD
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)


def test_an_engineer_is_called_until_somebody_comes(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        station.console.call(CallEngineer())
        station.console.call(CallEngineer())
        alarms = station.station.status().alarms
        assert [(alarm.key, alarm.health) for alarm in alarms] == [
            ("call", Health.MAINTENANCE_REQUIRED)
        ]
        assert "calls an engineer" in alarms[0].text
        station.console.call(Acknowledge("call"))
        assert station.station.status().alarms == ()


def threads_of_a_line() -> set[str]:
    return {thread.name for thread in threading.enumerate()} & {"capture", "inspection"}


def test_a_changeover_in_error_stops_the_line_and_takes_the_fault_away(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        station.station.fault("a device failed")
        station.console.call(SelectProduct("tiny"))
        wait_for_state(station, StationState.READY)
        assert not threads_of_a_line()
        assert station.station.status().health is Health.GOOD


def test_a_changeover_right_after_a_start_stops_the_line_first(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        run = station.station
        both_asked = threading.Event()

        def hold_the_supervisor() -> None:
            both_asked.wait(20.0)

        run._jobs.put(hold_the_supervisor)
        station.console.call(Start())
        station.console.call(SelectProduct("tiny"))
        both_asked.set()
        assert run.request_stop_and_wait(20.0)
        assert run.state is StationState.READY
        assert not threads_of_a_line()


def test_a_camera_that_fails_is_no_end_of_parts(
    plant: TinyPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CameraError("cable pulled")

    monkeypatch.setattr(ReplayCamera, "grab", fail)
    with opened(plant) as (station, _):
        station.console.call(Start())
        wait_for_state(station, StationState.ERROR)
        assert station.station.request_stop_and_wait(20.0)
        assert not station.station.exhausted.is_set()


def test_a_lost_plc_is_seen_on_the_panel(plant: TinyPlant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PlcError("no answer from the PLC")

    with opened(plant) as (station, _), monkeypatch.context() as patch:
        patch.setattr(station.plc, "set_status", fail)
        wait_for_state(station, StationState.ERROR)
        until = time.monotonic() + 5.0
        shown: StationState | None = None
        while shown is not StationState.ERROR and time.monotonic() < until:
            event = station.console.next_event(0.2)
            shown = event.status.state if isinstance(event, Snapshot) else shown
        assert shown is StationState.ERROR


def test_reset_leaves_error_after_records_were_dropped(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        writer = station.station._rooms.writer  # a full disk takes minutes to show
        assert writer is not None
        writer.dropped_records = 3
        wait_for_state(station, StationState.ERROR)
        station.console.call(Reset())
        wait_for_state(station, StationState.READY)
        assert station.station.request_stop_and_wait(20.0)  # some turns later
        time.sleep(0.2)
        assert station.station.state is StationState.READY
        assert station.station.status().dropped_records == 3


def test_two_cameras_see_the_same_parts(tmp_path: Path) -> None:
    pictures = str(tmp_path / "pictures")
    cameras = [{"driver": "replay", "name": name, "source": pictures} for name in ("a", "b")]
    parts = run_parts(make_plant(tmp_path, cameras=cameras), 40).station.status().parts
    assert parts.by_cause.keys() == {"good", "defect"}
    assert parts.rejected >= 10


def test_before_ready_the_engine_has_met_as_many_views_as_a_part_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[int] = []
    infer = OpenVinoEngine.infer

    def noted(engine: OpenVinoEngine, batch: Pixels) -> Detection:
        met.append(len(batch))
        return infer(engine, batch)

    pictures = str(tmp_path / "pictures")
    cameras = [{"driver": "replay", "name": name, "source": pictures} for name in ("a", "b")]
    plant = make_plant(tmp_path, cameras=cameras)
    monkeypatch.setattr(OpenVinoEngine, "infer", noted)
    with opened(plant) as (station, _):
        wait_for_state(station, StationState.READY)
        assert met
        assert set(met) == {2}


def test_overload_is_rejected_and_counted(plant: TinyPlant) -> None:
    config = load_line(plant.line_file)
    belt = config.belt.model_copy(update={"parts_per_s": 5000.0})
    gate = config.gate.model_copy(update={"deadline_ms": 5.0})
    capture = config.capture.model_copy(update={"slots": 2})
    config = config.model_copy(update={"belt": belt, "gate": gate, "capture": capture})
    with opened(plant, config, limit=3000) as (station, over):
        station.console.call(Start())
        assert over.wait(60.0)
        assert station.station.request_stop_and_wait(60.0)
        status = station.station.status()
    assert status.parts.parts == 3000
    assert status.parts.reconciled
    camera = status.cameras["replay-0"]
    assert camera.triggers == camera.frames + camera.lost == 3000
    unseen = {"expired", "overrun", "frame-lost", "late"} & status.parts.by_cause.keys()
    assert unseen
    assert status.state is StationState.READY


def test_late_verdicts_in_a_row_stop_the_line(plant: TinyPlant) -> None:
    config = load_line(plant.line_file)
    gate = config.gate.model_copy(update={"deadline_ms": 1e-3, "late_in_row": 5})
    config = config.model_copy(update={"gate": gate})
    with opened(plant, config) as (station, _):
        station.console.call(Start())
        wait_for_state(station, StationState.ERROR)
        status = station.station.status()
        assert "5 verdicts in a row came late" in status.alarms[0].text
        until = time.monotonic() + 10.0
        while not station.plc.registers.status.stop_request:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_user_who_may_not_is_refused_and_it_is_recorded(plant: TinyPlant) -> None:
    from inspector.access.permissions import Role
    from inspector.access.users import Users

    Users(plant.data_folder).add("eve", Role.AUDITOR, "only-reading-8")
    with opened(plant) as (station, _):
        session = station.console.call(Login("eve", "only-reading-8"))
        assert isinstance(session, Session)
        assert session.role == "auditor"
        with pytest.raises(RefusedError, match="not allowed to the role auditor"):
            station.console.call(Start())
        with pytest.raises(RefusedError, match="wrong"):
            station.console.call(Login("eve", "guess-guess"))
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    actions = [r.content for r in reader.each(RecordFilter(kind=RecordKind.ACTION))]
    reader.close()
    assert [(a["action"], a["user"], bool(a["refused"])) for a in actions] == [
        ("Login", "eve", False),
        ("Start", "eve", True),
        ("Login", "eve", True),
    ]
    assert "guess-guess" not in str(actions)


def test_what_was_not_taught_or_was_damaged_does_not_run(plant: TinyPlant) -> None:
    recipe = tiny_recipe()
    bundle = make_bundle(plant.data_folder, recipe)
    graph = bundle / "engine.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    with pytest.raises(BundleError, match=r"engine\.onnx"), opened(plant):
        pass
    (bundle.parent / "current").unlink()
    with pytest.raises(BundleError, match="not taught yet"), opened(plant):
        pass


def test_a_recipe_that_changed_after_teaching_is_refused(plant: TinyPlant) -> None:
    file = plant.line_file.parent / "products" / "tiny.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("false_reject_rate: 0.05", "false_reject_rate: 0.01"), "utf-8")
    with pytest.raises(BundleError, match="false-reject rate"), opened(plant):
        pass
    file.write_text(text.replace("fit: exact", "fit: stretch"), "utf-8")
    with pytest.raises(BundleError, match="another preparation"), opened(plant):
        pass
    file.write_text(text.replace("seed: 0", "sead: 0"), "utf-8")
    with pytest.raises(ConfigError, match=r"tiny\.yaml: engine\.sead: unknown key"), opened(plant):
        pass


def test_recording_can_be_left_out_for_benchmarks(plant: TinyPlant) -> None:
    config = load_line(plant.line_file)
    ledger = config.ledger.model_copy(update={"enabled": False})
    with opened(plant, config.model_copy(update={"ledger": ledger}), limit=20) as (station, over):
        station.console.call(Start())
        assert over.wait(30.0)
        station.station.request_stop_and_wait(10.0)
        assert station.station.status().parts.parts == 20
    assert not ledger_folder(plant.data_folder).exists()


def test_the_first_cause_of_a_fault_stays_in_sight(plant: TinyPlant) -> None:
    with opened(plant) as (station, _):
        station.station.fault("the camera is gone")
        station.station.fault("the PLC is gone too")
        assert [alarm.text for alarm in station.station.status().alarms] == ["the camera is gone"]
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    events = [r.content for r in reader.each(RecordFilter(kind=RecordKind.EVENT))]
    reader.close()
    assert {"fault"} & {event["event"] for event in events}
    assert "the PLC is gone too" in str(events)


def test_snapshots_go_on_while_a_product_is_loaded(
    plant: TinyPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()

    def load_slowly(rooms: Rooms, outlet: Outlet, product: str) -> LoadedProduct:
        slow.wait(10.0)
        return load_product(rooms, outlet, product)

    with opened(plant) as (station, _):
        monkeypatch.setattr("inspector.station.execution.load_product", load_slowly)
        station.console.call(SelectProduct("tiny"))
        wait_for_state(station, StationState.HALTED)
        beats = station.plc.registers.heartbeat
        while station.console.next_event(0.0):
            pass
        event = station.console.next_event(2.0)
        assert isinstance(event, Snapshot)
        assert event.status.state is StationState.HALTED
        assert station.plc.registers.heartbeat > beats
        slow.set()
        wait_for_state(station, StationState.READY)


def test_a_broken_recipe_does_not_hide_the_others(plant: TinyPlant) -> None:
    broken = plant.line_file.parent / "products" / "broken.yaml"
    broken.write_text("product: [", encoding="utf-8")
    with opened(plant) as (station, _):
        answer = station.console.call(ListProducts())
        assert isinstance(answer, Products)
        assert {entry.product: entry.taught for entry in answer.entries} == {
            "broken": False,
            "tiny": True,
        }
