"""What a calibration promises, expects and proves, in the lines that every command prints."""

from __future__ import annotations

from calibration.threshold import Calibration


def promise_rows(calibration: Calibration) -> list[str]:
    """The rate asked for, the one to expect, the bound, and how many more images would prove it."""
    from inspector.teaching.report.page import percent  # noqa: PLC0415  # slow to load

    modelled = ": a model's word, extrapolated" if calibration.extrapolated else ""
    rows = [
        f"promised     {percent(calibration.promised)} of good parts rejected",
        f"expected     {percent(calibration.marginal)}{modelled}",
        f"proved       at most {percent(calibration.bound95)} at 95 % confidence",
    ]
    if calibration.wants_images:
        rows.append(
            f"wants        {calibration.wants_images} more good images: if none of all exceeds the "
            "threshold, they prove the rate"
        )
    return rows
