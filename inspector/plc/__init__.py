"""PLC adapters behind the port ``inspector.core.ports.Plc``: none yet but the simulated one.

The simulated PLC is a product of its own and lives in ``inspector.sim``; fieldbus adapters
(Modbus, OPC UA, S7, MQTT, serial) belong here.
"""
