"""What an Aravis camera does on a network: a program that runs beside Aravis' own fake camera.

``python aravis_network.py SCENARIO`` prints what happened as JSON. Run in a network namespace of
its own (``unshare -rn``) it reaches nobody else, however it searches.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from inspector.camera.device import Delivered
from inspector.camera.drivers.aravis import AravisDevice, discover, make
from inspector.core.camera_config import AravisCamera
from inspector.core.errors import CameraError, CameraLost

HOST = "127.0.0.1"
SERIAL = "GV02"


def loopback_up() -> None:
    """A new namespace has its loopback switched off."""
    set_flags, up_and_running = 0x8914, 0x41
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up_and_running))


@contextmanager
def camera(lost_per_mille: int = 0) -> Iterator[None]:
    """The fake camera, ready to be opened."""
    command = ("arv-fake-gv-camera-0.8", "-i", HOST, "-s", SERIAL, "-r", str(lost_per_mille))
    with subprocess.Popen(command) as process:
        try:
            wait_for_port()
            yield
        finally:
            process.kill()


def wait_for_port() -> None:
    """Until somebody listens at GigE Vision's control port."""
    listens = f"{int.from_bytes(socket.inet_aton(HOST), 'little'):08X}:{3956:04X}"
    for _ in range(500):
        with open("/proc/net/udp", encoding="ascii") as table:  # noqa: PTH123  # no file of ours
            if listens in table.read():
                return
        time.sleep(0.01)
    raise RuntimeError("the fake camera does not listen")


def device(serial: str = SERIAL, address: str = HOST) -> AravisDevice:
    return make(AravisCamera(driver="aravis", name=serial, device=address, packet_size=1400))


def by_shots(
    camera_device: AravisDevice, shots: int, width: int, height: int
) -> dict[str, list[int]]:
    """Ids of the frames that came of so many software triggers, one after the other."""
    features = camera_device.features
    for name, value in (("Width", width), ("Height", height), ("ExposureTimeAbs", 10.0)):
        features.set(name, value)
    features.set("AcquisitionFrameRate", 200.0)
    features.set("TriggerSource", "Software")
    features.set("TriggerMode", "On")
    camera_device.start(8)
    found: dict[str, list[int]] = {"good": [], "incomplete": []}
    for _ in range(shots):
        camera_device.fire()
        delivered = camera_device.fetch(2.0)
        if delivered is not None:
            found["incomplete" if delivered.problem else "good"].append(delivered.frame_id)
            camera_device.give_back(delivered)
    return found


def shots(lost_per_mille: int) -> dict[str, object]:
    with camera(lost_per_mille):
        taken = device()
        taken.open()
        found = by_shots(taken, 60, 640, 512)
        missing = taken.statistics().missing
        taken.close()
    return {"sent": 60, "missing_packets": missing, **found}


def views() -> dict[str, object]:
    """Do frames change where they lie while nobody copies them, and are they whole?"""
    with camera():
        taken = device()
        taken.open()
        identity = asdict(taken.identity)
        taken.features.set("AcquisitionFrameRate", 50.0)
        taken.start(4)
        frames = [taken.fetch(2.0) for _ in range(3)]
        kept = [frame for frame in frames if isinstance(frame, Delivered) and not frame.problem]
        sizes = [[frame.width, frame.height, frame.stride, frame.data.size] for frame in kept]
        formats = [frame.pixel_format for frame in kept]
        stamps = [frame.device_ns for frame in kept]
        late = [time.monotonic_ns() - frame.arrived_ns for frame in kept]
        before = [frame.data[:64].tolist() for frame in kept]
        taken.stop()
        after = [frame.data[:64].tolist() for frame in kept]
        taken.close()
    return {
        "identity": identity,
        "sizes": sizes,
        "formats": formats,
        "stamps": stamps,
        "late": late,
        "same": before == after,
        "different": len({tuple(pixels) for pixels in before}),
    }


def stalled() -> dict[str, object]:
    """A consumer that sleeps loses frames, and it is told which."""
    with camera():
        taken = device()
        taken.open()
        taken.features.set("AcquisitionFrameRate", 100.0)
        taken.start(4)
        time.sleep(0.5)
        ids = []
        for _ in range(12):
            delivered = taken.fetch(2.0)
            if delivered is not None:
                ids.append(delivered.frame_id)
                taken.give_back(delivered)
        underrun = taken.statistics().underrun
        taken.close()
    return {"ids": ids, "underrun": underrun}


def gone_and_back() -> dict[str, object]:
    """The camera's process dies, and comes back after three seconds."""
    taken = device()
    with camera():
        taken.open()
        taken.start(4)
        before = taken.fetch(2.0) is not None
    died = time.monotonic()
    time.sleep(3.0)
    with camera():
        cause = until_lost(taken, died + 20.0)
        dead = not taken.alive()
        features = refusal(lambda: taken.features.get("Width"))
        taken.stop()
        taken.close()
        taken.open()
        taken.start(4)
        again = taken.fetch(2.0)
        alive = taken.alive()
        taken.close()
    first = again.frame_id if again is not None else None
    return {
        "before": before,
        "cause": cause,
        "dead": dead,
        "features": features,
        "first": first,
        "alive": alive,
    }


def until_lost(taken: AravisDevice, until_s: float) -> str:
    """The exception that ended fetching; empty when none came."""
    while time.monotonic() < until_s:
        try:
            delivered = taken.fetch(0.1)
        except CameraLost as lost:
            return str(lost)
        if delivered is not None:
            taken.give_back(delivered)
    return ""


def refusal(call: Callable[[], object]) -> str:
    try:
        call()
    except CameraError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def refused() -> dict[str, object]:
    with camera():
        first = device()
        first.open()
        seized = refusal(device().open)
        first.close()
        other = refusal(device("GV03").open)
        after = refusal(first.open)
        first.close()
    return {"seized": seized, "other": other, "after": after}


def searched() -> dict[str, object]:
    """Broadcasts, and calls to an address that is not ours: for a namespace alone."""
    with camera():
        found = [asdict(identity) for identity in discover()]
        taken = device(address="")
        taken.open()
        address = taken.identity.address
        taken.close()
        none = refusal(device("GV03", "").open)
    subnet = refusal(device(address="192.0.2.7").open)
    return {"found": found, "address": address, "none": none, "subnet": subnet}


def conformance() -> dict[str, object]:
    """The tests of every camera, at this one."""
    from tests.camera.test_conformance import GIGE  # needs what the other scenarios do not

    command = (sys.executable, "-m", "pytest", "-q", "tests/camera/test_conformance.py")
    with camera():
        ended = subprocess.run(
            command, env={**os.environ, GIGE: HOST}, capture_output=True, text=True, check=False
        )
    return {"code": ended.returncode, "shown": ended.stdout}


SCENARIOS: dict[str, Callable[[], dict[str, object]]] = {
    "shots": lambda: shots(0),
    "loss": lambda: shots(1),
    "views": views,
    "stalled": stalled,
    "gone_and_back": gone_and_back,
    "refused": refused,
    "searched": searched,
    "conformance": conformance,
}

if __name__ == "__main__":
    loopback_up()
    print(json.dumps(SCENARIOS[sys.argv[1]]()))
