"""A station in a plant: its database is away in mid-run, Prometheus asks, syslog is told."""

from __future__ import annotations

import re
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector.core.errors import ConfigError, LinkError, StorageError
from inspector.core.line_config import LineConfig
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, open_reader
from inspector.ledger.reader import RecordFilter
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import verify
from inspector.link.messages import Start
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from tests.ledger.plant_server import PlantServer
from tests.tiny_plant import TinyPlant, make_plant
from tests.waiting import until

_INSPECTIONS = RecordFilter(kind=RecordKind.INSPECTION)


@contextmanager
def running(plant: TinyPlant) -> Iterator[OpenStation]:
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    with open_station(load_line(plant.line_file), catalogue) as opened:
        opened.console.call(Start())
        yield opened
        assert opened.station.request_stop_and_wait(30.0)


def inspected(opened: OpenStation) -> int:
    return opened.station.status().parts.verdicts


def alarms(opened: OpenStation) -> dict[str, Health]:
    return {alarm.key: alarm.health for alarm in opened.station.status().alarms}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_database_stops_and_comes_back_in_the_middle_of_a_run(
    tmp_path: Path, plant_server: PlantServer
) -> None:
    address = DatabaseAddress(plant_server.database())
    plant = make_plant(tmp_path, ledger={"database": address.url, "block_size": 64})
    with running(plant) as opened:
        until(lambda: inspected(opened) > 30)
        plant_server.stop()
        try:
            until(lambda: "database" in alarms(opened))
            assert alarms(opened)["database"] is Health.MAINTENANCE_REQUIRED
            before = inspected(opened)
            until(lambda: inspected(opened) > before + 150)
            assert opened.station.state is StationState.CONTINUOUS_EXECUTION
        finally:
            plant_server.start()
        until(lambda: "database" not in alarms(opened))
        assert opened.station.request_stop_and_wait(30.0)
        status = opened.station.status()
    assert status.dropped_records == 0
    assert status.parts.by_cause.keys() == {"good", "defect"}
    reader = open_reader(plant.data_folder, "test-station", address)
    report = verify(reader, EvidenceStore(evidence_folder(plant.data_folder)))
    assert report.intact, report.first
    parts = [record.part_id for record in reader.each(_INSPECTIONS)]
    assert parts[: status.parts.parts] == list(range(1, status.parts.parts + 1)), "in order"
    events = [r.content for r in reader.each(RecordFilter(kind=RecordKind.EVENT))]
    assert any(content.get("alarm") == "database" for content in events)
    reader.close()


def test_a_station_starts_and_inspects_while_its_database_is_away(
    tmp_path: Path, plant_server: PlantServer
) -> None:
    address = DatabaseAddress(plant_server.database())
    plant = make_plant(tmp_path, ledger={"database": address.url})
    with running(plant) as opened:
        until(lambda: inspected(opened) > 3)
    plant_server.stop()
    try:
        with running(plant) as opened:
            until(lambda: inspected(opened) > 20)
            until(lambda: "database" in alarms(opened))
            assert opened.station.state is StationState.CONTINUOUS_EXECUTION
    finally:
        plant_server.start()
    with running(plant):
        pass
    reader = open_reader(plant.data_folder, "test-station", address)
    assert verify(reader, EvidenceStore(evidence_folder(plant.data_folder))).intact
    assert reader.repeated_parts() == []
    reader.close()


def test_the_line_stops_before_a_record_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full", remedy="Free space")

    plant = make_plant(tmp_path, ledger={"queue_records": 300})
    with running(plant) as opened:
        until(lambda: inspected(opened) > 3)
        monkeypatch.setattr(LedgerStore, "append_sealed", full)
        until(lambda: opened.station.state is StationState.ERROR)
        texts = [alarm.text for alarm in opened.station.status().alarms]
        monkeypatch.undo()
    assert any(text.startswith("no room is left for records") for text in texts), texts


def test_a_password_in_the_url_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for number, url in enumerate(("postgresql://u:hush@h/db", "postgresql://u@h/db?password=hush")):
        plant = make_plant(tmp_path / str(number), ledger={"database": url})
        with pytest.raises(ConfigError, match="no password here") as refused:
            load_line(plant.line_file)
        assert "hush" not in str(refused.value)


def test_prometheus_reads_what_the_line_did(tmp_path: Path) -> None:
    port = free_port()
    plant = make_plant(tmp_path, metrics={"enabled": True, "port": port})
    with running(plant) as opened:
        until(lambda: inspected(opened) > 20)
        assert opened.station.request_stop_and_wait(30.0)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
        parts = opened.station.status().parts
    figures = dict(re.findall(r"^(inspector_\S+) (\S+)$", text, flags=re.MULTILINE))
    assert float(figures["inspector_parts_total"]) == parts.parts
    assert float(figures['inspector_verdicts_total{outcome="reject"}']) == parts.rejected
    assert float(figures['inspector_causes_total{cause="defect"}']) == parts.by_cause["defect"]
    assert float(figures['inspector_latency_seconds_bucket{le="+Inf"}']) == parts.verdicts
    assert float(figures['inspector_latency_seconds_bucket{le="1.0"}']) == parts.verdicts
    assert 0 < float(figures["inspector_latency_seconds_sum"]) < parts.verdicts
    assert float(figures['inspector_camera_frames_total{camera="replay-0"}']) == parts.parts
    assert float(figures['inspector_state{state="ready"}']) == 1
    assert float(figures['inspector_health{health="good"}']) == 1
    assert float(figures["inspector_journal_records"]) == 0
    assert float(figures["inspector_ledger_records_total"]) > 0


def test_the_dashboard_asks_for_figures_that_there_are(tmp_path: Path) -> None:
    port = free_port()
    plant = make_plant(tmp_path, metrics={"enabled": True, "port": port})
    with running(plant) as opened:
        until(lambda: inspected(opened) > 0)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            known = set(re.findall(r"^(inspector_\w+)", answer.read().decode(), re.MULTILINE))
    dashboard = Path(__file__).parents[2] / "docs" / "grafana-dashboard.json"
    asked = set(re.findall(r"inspector_\w+", dashboard.read_text(encoding="utf-8")))
    assert asked <= known
    assert asked


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        plant = make_plant(tmp_path, metrics={"enabled": True, "port": port})
        with pytest.raises(LinkError, match=f"127.0.0.1:{port}"), running(plant):
            pass


def config_of(protocol: str, port: int) -> dict[str, str]:
    return {"address": f"127.0.0.1:{port}", "protocol": protocol}


FORM = re.compile(
    rb"<109>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ inspector \d+ (action|event|signing) "
    rb'\[inspector@32473 station="test-station" sequence="(\d+)" digest="[0-9a-f]{64}"\] '
    rb"\xef\xbb\xbf\{.*\}"
)


def test_the_audit_trail_goes_to_syslog_by_udp(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(20.0)
        plant = make_plant(tmp_path, syslog=config_of("udp", server.getsockname()[1]))
        with running(plant) as opened:
            until(lambda: inspected(opened) > 3)
            lines = [server.recv(65536)]
            while b'"Start"' not in lines[-1]:
                lines.append(server.recv(65536))
    assert all(FORM.fullmatch(line) for line in lines)
    assert b'"user":"in-process"' in lines[-1]


def test_over_tcp_it_is_framed_and_waits_for_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.station.syslog._RETRY_S", 0.05)
    port, received = free_port(), bytearray()
    plant = make_plant(tmp_path, syslog=config_of("tcp", port))

    def serve() -> None:
        with socket.create_server(("127.0.0.1", port)) as server:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(65536):
                    received.extend(data)

    with running(plant) as opened:
        until(lambda: inspected(opened) > 3)
        thread = threading.Thread(target=serve)
        thread.start()
    thread.join(20.0)
    rest, numbers = bytes(received), []
    while rest:
        length, _, rest = rest.partition(b" ")
        found = FORM.fullmatch(rest[: int(length)])
        assert found, rest[:200]
        numbers.append(int(found[2]))
        rest = rest[int(length) :]
    assert numbers == sorted(numbers)
    assert len(numbers) > 3


@pytest.mark.parametrize("address", ["host:port", "host:0", ":514"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    plant = make_plant(tmp_path, syslog={"address": address})
    with pytest.raises(ConfigError, match=r"syslog.address"), running(plant):
        pass


def test_all_of_it_is_off_by_default() -> None:
    fields = LineConfig.model_fields
    assert not fields["metrics"].get_default(call_default_factory=True).enabled
    assert fields["syslog"].get_default(call_default_factory=True).address == ""
    assert fields["ledger"].get_default(call_default_factory=True).database == ""
