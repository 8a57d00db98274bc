"""A real PostgreSQL server for tests: on loopback, in a folder of its own, stopped and started."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from scripts.debian import postgresql_programs
from tests.waiting import until

MISSING = "no PostgreSQL server here: apt-get install postgresql"
_OWNER = "postgres"
_QUIET: dict[str, Any] = {
    "cwd": "/",
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
}


class PlantServer:
    """Made and started when constructed."""

    def __init__(self) -> None:
        programs = postgresql_programs()
        assert programs is not None, MISSING
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="inspector-pg-"))
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self._folder, _OWNER, _OWNER)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._databases = 0
        self._run("initdb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", _OWNER)
        self.start()

    def start(self) -> None:
        """Returns when it answers. It ends with the tests, however they end."""
        mortal = ["setpriv", "--pdeathsig", "INT"]
        if os.geteuid() == 0:
            mortal += ["--reuid", _OWNER, "--regid", _OWNER, "--init-groups"]
        options = ["-k", str(self._folder), "-h", "127.0.0.1", "-p", str(self.port)]
        program = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        self._process = subprocess.Popen([*mortal, *program, *options], **_QUIET)
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        until(lambda: subprocess.run(ready, check=False, **_QUIET).returncode == 0, 60.0)

    def stop(self, mode: str = "immediate") -> None:
        """``immediate`` is what a crash or a power cut does to it."""
        self._run("pg_ctl", "-m", mode, "-w", "stop")
        self._process.wait()

    def database(self, like: str = "template1") -> str:
        """URL of a new database: empty, or a copy of the one of this name that nobody uses."""
        self._databases += 1
        name = f"plant{self._databases}"
        engine = create_engine(self._engine_url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        engine.dispose()
        return f"postgresql://{_OWNER}@127.0.0.1:{self.port}/{name}"

    def execute(self, url: str, statement: str) -> None:
        """Run a statement in a database."""
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)  # as it is: no colon names a parameter
        engine.dispose()

    def remove(self) -> None:
        """Stop it and delete it."""
        self.stop()
        shutil.rmtree(self._folder)

    def _engine_url(self, database: str) -> str:
        return f"postgresql+psycopg://{_OWNER}@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        subprocess.run([*_as_owner(), *command], check=True, **_QUIET)


def _as_owner() -> list[str]:
    return ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
