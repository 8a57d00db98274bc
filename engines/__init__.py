"""Detection engines: how they are taught, kept on disk and run. No camera, no GUI, no PLC."""
