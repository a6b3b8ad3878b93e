"""Everything that may be asked, as ``from ikd import commands as do``."""

from ikd.core.activation.commands import (
    AnswerPairing,
    Approve,
    AskAgain,
    Captcha,
    ConfirmPresence,
    EnterPin,
    RecordAnswer,
    Register,
    ReissuePin,
    Reject,
    ReportStep,
    Review,
    ScanPairing,
    SubmitBiometric,
    TimePasses,
    Withdraw,
)
from ikd.core.house.commands import AcceptClock
from ikd.core.identity.commands import (
    IdentityTimePasses,
    RenewSignIn,
    ResetSignIn,
    SetPasscode,
    SignIn,
)

__all__ = [
    "AcceptClock",
    "AnswerPairing",
    "Approve",
    "AskAgain",
    "Captcha",
    "ConfirmPresence",
    "EnterPin",
    "IdentityTimePasses",
    "RecordAnswer",
    "Register",
    "ReissuePin",
    "Reject",
    "RenewSignIn",
    "ReportStep",
    "ResetSignIn",
    "Review",
    "ScanPairing",
    "SetPasscode",
    "SignIn",
    "SubmitBiometric",
    "TimePasses",
    "Withdraw",
]
