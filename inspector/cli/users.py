"""``inspector users``: who may do what, and the way back for a forgotten administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from inspector.access.permissions import Role
from inspector.cli.desk import Desk, ask_secret, office
from inspector.cli.options import LineOption
from inspector.core.errors import InputError
from inspector.link.messages import (
    AddUser,
    ListUsers,
    Login,
    OneTime,
    Recover,
    RemoveUser,
    ResetPassword,
    SetBadge,
    SetPassword,
    SetPin,
    SetRole,
    UserList,
)
from inspector.station.recovery import write_proof

app = typer.Typer(
    help="Users: add, remove, role, password, PIN, badge, recovery.", no_args_is_help=True
)

NameArgument = Annotated[str, typer.Argument(help="name of the user")]
AdminOption = Annotated[
    str, typer.Option("--user", help="administrator who does it; the password is asked")
]


@app.command("list")
def list_command(user: AdminOption, line: LineOption = None) -> None:
    """List everybody, and what is set for them."""
    with office(line) as station:
        station.log_in(user)
        answer = station.call(ListUsers())
    assert isinstance(answer, UserList)
    for one in answer.entries:
        said = (("one-time password", one.one_time), ("PIN", one.pin), ("badge", one.badge))
        has = ", ".join(word for word, is_set in said if is_set)
        print(f"{one.name:<16} {one.role:<14} {one.full_name}{f'  ({has})' if has else ''}")


@app.command("add")
def add_command(
    name: NameArgument,
    role: Annotated[Role, typer.Argument(help="what the user may do")],
    user: AdminOption,
    full_name: Annotated[str, typer.Option(help="as it stands beside signatures")] = "",
    line: LineOption = None,
) -> None:
    """Add a user. Prints a password for one log-in: tell it to that person alone.

    [bold]Examples[/bold]

        inspector users add oki operator --full-name "Oki Tanaka" --user administrator
    """
    with office(line) as station:
        station.log_in(user)
        answer = station.call(AddUser(name, role.value, full_name))
    _show(answer, name)


@app.command("remove")
def remove_command(name: NameArgument, user: AdminOption, line: LineOption = None) -> None:
    """Remove a user. Nobody else ever gets the name."""
    with office(line) as station:
        station.log_in(user)
        station.call(RemoveUser(name))
    print(f"{name} was removed")


@app.command("role")
def role_command(
    name: NameArgument,
    role: Annotated[Role, typer.Argument(help="what the user may do from now on")],
    user: AdminOption,
    line: LineOption = None,
) -> None:
    """Give a user another role."""
    with office(line) as station:
        station.log_in(user)
        station.call(SetRole(name, role.value))
    print(f"{name} is {role.value}")


@app.command("password")
def password_command(
    name: NameArgument,
    user: Annotated[
        str, typer.Option(help="administrator who has another one made; without: choose your own")
    ] = "",
    line: LineOption = None,
) -> None:
    """Choose another password of one's own; or, as an administrator, have one made for a user."""
    with office(line) as station:
        if user:
            station.log_in(user)
            _show(station.call(ResetPassword(name)), name)
            return
        old = _enter(station, name)
        new = _twice("New password: ")
        station.call(SetPassword(old, new))
    print(f"{name}: the new password is valid")


@app.command("pin")
def pin_command(
    name: NameArgument,
    clear: Annotated[bool, typer.Option("--clear", help="have none any more")] = False,
    line: LineOption = None,
) -> None:
    """Choose one's own PIN: it goes on with one's session at the panel, and does nothing else."""
    with office(line) as station:
        password = _enter(station, name)
        station.call(SetPin(password, "" if clear else _twice("PIN, 4 to 12 digits: ")))
    print(f"{name}: has {'no PIN' if clear else 'a PIN'}")


@app.command("badge")
def badge_command(
    name: NameArgument,
    user: AdminOption,
    clear: Annotated[bool, typer.Option("--clear", help="take it away")] = False,
    line: LineOption = None,
) -> None:
    """Let a badge stand for a user's name: hold it before the reader when asked."""
    with office(line) as station:
        station.log_in(user)
        station.call(SetBadge(name, "" if clear else _badge()))
    print(f"{name}: has {'no badge' if clear else 'a badge'}")


@app.command("recover")
def recover_command(
    name: Annotated[str, typer.Argument(help="administrator; made if absent")] = "administrator",
    line: LineOption = None,
) -> None:
    """Get a forgotten administrator back, on the station's console, as the station's user.

    It is recorded, and an alarm stands until an administrator acknowledges it.
    """
    with office(line) as station:
        answer = station.call(Recover(name, write_proof(station.data_folder)))
    _show(answer, name)


def _enter(station: Desk, name: str) -> str:
    """Log in, also with a password for one log-in, and return it."""
    password = ask_secret(f"Password of {name}: ")
    station.call(Login(name, password))
    return password


def _twice(words: str) -> str:
    first = ask_secret(words)
    if ask_secret("Again: ") != first:
        raise InputError("the two differ", remedy="Start again")
    return first


def _badge() -> str:
    badge = ask_secret("Badge: ").strip()
    if not badge:
        raise InputError("no badge was read", remedy="Hold it before the reader, or give --clear")
    return badge


def _show(answer: object, name: str) -> None:
    assert isinstance(answer, OneTime)
    print(f"{name}: password for one log-in  {answer.password}")
    print(f"It is shown this once only. Choose your own: inspector users password {name}")
