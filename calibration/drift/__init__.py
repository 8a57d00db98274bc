"""Has the line changed since it was calibrated? Charts on ranks, whose false alarms are known.

Everything is judged by its place among reference values (of scores: the calibration's own), so
that no distribution is assumed and the law of a good part's place is the same for all products.
"""

from calibration.drift.channel import Channel
from calibration.drift.charts import Change, DriftState
from calibration.drift.design import Promise
from calibration.drift.monitor import DriftMonitor, Trend

__all__ = ["Change", "Channel", "DriftMonitor", "DriftState", "Promise", "Trend"]
