"""OpenVINO without its telemetry: the only place that imports the package.

Its import sends an event to the vendor and writes an identifier into the home folder. A line PC
sends nothing to anybody: the module that would is marked as absent, and OpenVINO then uses its own
stand-in, which does nothing.
"""

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # Python's mark for "absent"

import openvino  # noqa: E402  # after the line above, which is the point

__all__ = ["openvino"]
