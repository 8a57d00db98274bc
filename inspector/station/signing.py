"""Electronic signatures: which commands need how many, and who signed, verified anew."""

from __future__ import annotations

from inspector.access.permissions import authorise
from inspector.access.users import Users
from inspector.core.canonical import Json
from inspector.core.errors import RefusedError
from inspector.core.line_config import SignaturesConfig
from inspector.core.ports import Clock
from inspector.link.messages import (
    AddMaster,
    AnyCommand,
    BeginTest,
    Bypass,
    ChangeLight,
    ChangeThreshold,
    OverrideLimits,
    Release,
    ReleaseHold,
    RemoveMaster,
    RotateKey,
    Signature,
    TakeUpDraft,
    Withdraw,
)

Signable = (
    Release
    | Withdraw
    | ChangeLight
    | ChangeThreshold
    | TakeUpDraft
    | AddMaster
    | RemoveMaster
    | OverrideLimits
    | ReleaseHold
    | Bypass
    | BeginTest
    | RotateKey
)
_WORDS = ("", "your signature", "your signature and a second person's")


def signers_needed(command: AnyCommand, rules: SignaturesConfig) -> int:
    """How many must sign this command."""
    if isinstance(command, Bypass) and not command.on:
        return 0  # sorting again must not wait for anybody
    return _by_command(rules).get(type(command).__name__, 0)


def _by_command(rules: SignaturesConfig) -> dict[str, int]:
    return {
        Release.__name__: rules.release,
        Withdraw.__name__: rules.release,
        ChangeLight.__name__: rules.threshold,  # parts are judged otherwise by it, too
        ChangeThreshold.__name__: rules.threshold,
        TakeUpDraft.__name__: rules.threshold,
        AddMaster.__name__: rules.masters,
        RemoveMaster.__name__: rules.masters,
        OverrideLimits.__name__: rules.override,
        ReleaseHold.__name__: rules.evidence,
        Bypass.__name__: rules.bypass,
        BeginTest.__name__: rules.test,
        RotateKey.__name__: 1,  # whatever the line says: it is what proves all other signatures
    }


class Signing:
    """Verifies the signatures that a command carries: each is another log-in, to its lock-out."""

    def __init__(self, users: Users, rules: SignaturesConfig, clock: Clock) -> None:
        self._users = users
        self._rules = rules
        self._clock = clock

    @property
    def needed(self) -> dict[str, int]:
        """How many sign which command; those that nobody signs are left out."""
        return {name: count for name, count in _by_command(self._rules).items() if count}

    def verified(self, command: AnyCommand, actor: str) -> list[Json]:
        """What the record tells of who signed. Raises ``RefusedError``.

        The first is of who gives the command, the second of somebody else who may give it, too.
        What is signed without need must be right as well.
        """
        needed = signers_needed(command, self._rules)
        given = command.signatures if isinstance(command, Signable) else ()
        name = type(command).__name__
        if len(given) < needed:
            raise RefusedError(
                f"{name}: needs {_WORDS[needed]}", remedy="Sign with user name and password"
            )
        if len(given) > len(_WORDS) - 1 or len({one.user for one in given}) < len(given):
            raise RefusedError(f"{name}: two different people sign, or one")
        if given and given[0].user != actor:
            raise RefusedError(f"{name}: the first signature is not {actor}'s", remedy="Log in")
        return [self._signed(one, name) for one in given]

    def _signed(self, signature: Signature, command: str) -> dict[str, Json]:
        user = self._users.authenticate(signature.user, signature.password)
        if user.one_time:
            raise RefusedError(f"{user.name}: nobody signs with a password that others have seen")
        authorise(user.role, command)
        return {
            "user": user.name,
            "full_name": user.full_name,
            "role": user.role.value,
            "meaning": signature.meaning,
            "utc_us": self._clock.utc_us(),
        }
