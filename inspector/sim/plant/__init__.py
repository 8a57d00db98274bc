"""A plant in discrete events: belt, sensors, camera, PLC, gate and bin, faults by script.

It runs by a virtual clock, faster than real time, against a stand-in of the station; or by the
real clock against the true program (``RealTimePlant``). It knows what became of each part, and
scores it against the verdict that the part got.
"""
