"""The report of a calibration: one HTML file that needs neither network nor script."""
