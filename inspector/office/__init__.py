"""The office: answers what panels ask and does their jobs, in a process beside the station.

Nothing a screen asks can touch the line's time: the office runs at low priority, and the station
never waits for it. It changes no records; who acts speaks to the station.
"""
