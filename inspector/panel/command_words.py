"""Commands as people call them: on signature sheets, in the audit."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.link.messages import Meaning

_COMMANDS = {
    "Abort": QT_TRANSLATE_NOOP("Command", "Abort"),
    "Acknowledge": QT_TRANSLATE_NOOP("Command", "Acknowledge an alarm"),
    "AddMaster": QT_TRANSLATE_NOOP("Command", "Add a limit sample"),
    "AddUser": QT_TRANSLATE_NOOP("Command", "Add a user"),
    "AnnounceMasters": QT_TRANSLATE_NOOP("Command", "Show limit samples"),
    "BeginTest": QT_TRANSLATE_NOOP("Command", "Begin a manual test"),
    "AddPanel": QT_TRANSLATE_NOOP("Command", "Let a panel on another PC in"),
    "AskControl": QT_TRANSLATE_NOOP("Command", "Ask for control"),
    "GiveControl": QT_TRANSLATE_NOOP("Command", "Give control"),
    "KeepControl": QT_TRANSLATE_NOOP("Command", "Keep control"),
    "PassControl": QT_TRANSLATE_NOOP("Command", "Control passed on"),
    "RemovePanel": QT_TRANSLATE_NOOP("Command", "Let a panel in no more"),
    "TakeControl": QT_TRANSLATE_NOOP("Command", "Take control"),
    "Bypass": QT_TRANSLATE_NOOP("Command", "Let all parts pass"),
    "CallEngineer": QT_TRANSLATE_NOOP("Command", "Call an engineer"),
    "ChangeLight": QT_TRANSLATE_NOOP("Command", "Change exposure and gain"),
    "ChangeThreshold": QT_TRANSLATE_NOOP("Command", "Change the threshold"),
    "EndTest": QT_TRANSLATE_NOOP("Command", "End the manual test"),
    "ForceOutput": QT_TRANSLATE_NOOP("Command", "Force an output"),
    "Halt": QT_TRANSLATE_NOOP("Command", "Halt"),
    "HandOver": QT_TRANSLATE_NOOP("Command", "Hand over write access"),
    "HoldEvidence": QT_TRANSLATE_NOOP("Command", "Keep evidence"),
    "Judge": QT_TRANSLATE_NOOP("Command", "Judge a part"),
    "KeepCorrection": QT_TRANSLATE_NOOP("Command", "Keep a camera's correction"),
    "LockSession": QT_TRANSLATE_NOOP("Command", "Leave the panel"),
    "Login": QT_TRANSLATE_NOOP("Command", "Log in"),
    "Logout": QT_TRANSLATE_NOOP("Command", "Log out"),
    "OverrideLimits": QT_TRANSLATE_NOOP("Command", "Run without a check of limit samples"),
    "ProposeRate": QT_TRANSLATE_NOOP("Command", "Propose a false-reject rate"),
    "TakeUpDraft": QT_TRANSLATE_NOOP("Command", "Take up a draft"),
    "DiscardDraft": QT_TRANSLATE_NOOP("Command", "Discard a draft"),
    "Recover": QT_TRANSLATE_NOOP("Command", "Recover an administrator"),
    "Release": QT_TRANSLATE_NOOP("Command", "Release for production"),
    "ReleaseHold": QT_TRANSLATE_NOOP("Command", "Let kept evidence be deleted"),
    "RemoveMaster": QT_TRANSLATE_NOOP("Command", "Remove a limit sample"),
    "RemoveUser": QT_TRANSLATE_NOOP("Command", "Remove a user"),
    "Reset": QT_TRANSLATE_NOOP("Command", "Reset"),
    "ResetPassword": QT_TRANSLATE_NOOP("Command", "Reset a password"),
    "ResumeSession": QT_TRANSLATE_NOOP("Command", "Go on by PIN"),
    "RotateKey": QT_TRANSLATE_NOOP("Command", "Change the key that signs the ledger"),
    "SelectAutomatic": QT_TRANSLATE_NOOP("Command", "Load again"),
    "SelectProduct": QT_TRANSLATE_NOOP("Command", "Change over"),
    "SetBadge": QT_TRANSLATE_NOOP("Command", "Set a badge"),
    "SetPassword": QT_TRANSLATE_NOOP("Command", "Change one's password"),
    "SetPin": QT_TRANSLATE_NOOP("Command", "Change one's PIN"),
    "SetRole": QT_TRANSLATE_NOOP("Command", "Change a role"),
    "Start": QT_TRANSLATE_NOOP("Command", "Start"),
    "StartSingle": QT_TRANSLATE_NOOP("Command", "Inspect one part"),
    "Stop": QT_TRANSLATE_NOOP("Command", "Stop"),
    "Withdraw": QT_TRANSLATE_NOOP("Command", "Withdraw a release"),
}

_MEANINGS: dict[Meaning, str] = {
    "authorship": QT_TRANSLATE_NOOP("Meaning", "Authorship"),
    "review": QT_TRANSLATE_NOOP("Meaning", "Review"),
    "approval": QT_TRANSLATE_NOOP("Meaning", "Approval"),
    "responsibility": QT_TRANSLATE_NOOP("Meaning", "Responsibility"),
}

_CONSEQUENCES = {
    "Bypass": QT_TRANSLATE_NOOP(
        "Consequence", "Bad parts will pass as well. None of them counts as good."
    ),
    "BeginTest": QT_TRANSLATE_NOOP(
        "Consequence", "Outputs to the PLC can be forced: what hangs on them moves."
    ),
    "OverrideLimits": QT_TRANSLATE_NOOP(
        "Consequence",
        "Nobody has seen that known bad parts are found. This holds for a shift at most.",
    ),
    "Release": QT_TRANSLATE_NOOP("Consequence", "What is loaded now may run in production."),
    "Withdraw": QT_TRANSLATE_NOOP("Consequence", "Production is locked until another release."),
    "ReleaseHold": QT_TRANSLATE_NOOP(
        "Consequence", "These pictures may be deleted from now on, and cannot be brought back."
    ),
    "ProposeRate": QT_TRANSLATE_NOOP(
        "Consequence", "A draft of the recipe is kept. The line goes on as it is."
    ),
    "ChangeLight": QT_TRANSLATE_NOOP(
        "Consequence",
        "Pictures change: the threshold is to be calibrated anew. Production waits for a release.",
    ),
    "ChangeThreshold": QT_TRANSLATE_NOOP("Consequence", "Parts will be judged differently."),
    "TakeUpDraft": QT_TRANSLATE_NOOP(
        "Consequence", "The recipe changes. What runs now goes on; then it has to be calibrated."
    ),
    "DiscardDraft": QT_TRANSLATE_NOOP("Consequence", "Nobody can take this draft up any more."),
    "AddMaster": QT_TRANSLATE_NOOP("Consequence", "The check is then to be made anew."),
    "RemoveMaster": QT_TRANSLATE_NOOP("Consequence", "The check is then to be made anew."),
}


def command_name(command: str) -> str:
    """What a command does; an unknown one by its own name."""
    return QCoreApplication.translate("Command", _COMMANDS.get(command, command))


def meaning_name(meaning: Meaning) -> str:
    """What a signature says."""
    return QCoreApplication.translate("Meaning", _MEANINGS[meaning])


def consequence_of(command: str) -> str:
    """What signing leads to; empty where the command says it all."""
    said = _CONSEQUENCES.get(command, "")
    return QCoreApplication.translate("Consequence", said) if said else ""


def light_words(settings: Sequence[tuple[str, float | None, float]]) -> str:
    """Settings of a camera under their own names, before → after."""
    return ", ".join(
        f"{name} {'–' if before is None else f'{before:,.6g}'} → {new:,.6g}"
        for name, before, new in settings
    )


COMMANDS = tuple(_COMMANDS)
MEANINGS = tuple(_MEANINGS)
