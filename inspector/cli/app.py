"""All commands, put together."""

from __future__ import annotations

import typer

from inspector.cli import (
    backtest,
    backup,
    calibrate,
    camera,
    camera_devices,
    camera_live,
    doctor,
    explain,
    forecast,
    gauge,
    ledger,
    limits,
    office,
    panel,
    release,
    remote,
    render,
    replay,
    report,
    restore,
    review,
    run,
    simulate,
    teach,
    users,
)
from inspector.cli import compile as compiling

app = typer.Typer(
    name="inspector",
    help="Real-time camera line inspection. Not a safety device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("teach")(teach.teach_command)
app.command("evaluate")(teach.evaluate_command)
app.command("calibrate")(calibrate.calibrate_command)
app.command("explain")(explain.explain_command)
app.command("gauge")(gauge.gauge_command)
app.command("compile")(compiling.compile_command)
app.command("release")(release.release_command)
app.command("backtest")(backtest.backtest_command)
app.command("replay")(replay.replay_command)
app.command("report")(report.report_command)
app.command("run")(run.run_command)
app.command("panel")(panel.panel_command)
app.command("office", hidden=True)(office.office_command)
app.command("render")(render.render_command)
app.command("simulate")(simulate.simulate_command)
app.command("backup")(backup.backup_command)
app.command("restore")(restore.restore_command)
app.command("doctor")(doctor.doctor_command)
camera.app.command("list")(camera_devices.list_command)
camera.app.command("show")(camera_devices.show_command)
camera.app.command("save")(camera_devices.save_command)
camera.app.command("live")(camera_live.live_command)
camera.app.command("trigger")(camera_live.trigger_command)
camera.app.command("record")(camera_live.record_command)
app.add_typer(camera.app, name="camera")
app.add_typer(forecast.app, name="forecast")
app.add_typer(ledger.app, name="ledger")
app.add_typer(limits.app, name="limits")
app.add_typer(remote.app, name="remote")
app.add_typer(review.app, name="review")
app.add_typer(users.app, name="users")
