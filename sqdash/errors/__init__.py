"""Every error that this project raises on purpose, in one tree.

SqdashError                  one sentence for a person: what is wrong, where, what to do
├── PeriodError              a year, date or period that cannot be read
├── SettingsError            a setting that is missing or not allowed
│   └── NobodySignsIn        people would have to sign in, and nobody could
├── NotAllowed               this person may not do this
├── SignInRefused            a name and password that do not let anyone in
├── AccountError             an account that cannot be made or changed like this
├── DataError                something in a file or an entry is not acceptable
│   ├── FileNotRecognised    no known format has these headings
│   ├── AmbiguousFile        several formats claim the headings
│   ├── RowsRejected         rows that cannot be taken refuse the whole file
│   ├── BadCell              one value in one row cannot be taken
│   ├── BadCells             several values of one entry cannot be taken
│   ├── BadRow               the values of one row do not go together
│   ├── BadReference         a row names something the store does not have
│   ├── YearLocked           a published year that must stay as it was printed
│   └── Unanswered           the file can be read in more than one way; a person must choose
├── StoreError               the store cannot be used as it is
│   ├── StoreMissing         there is no store at this path
│   ├── StoreUnusable        a directory, an empty, foreign or damaged file
│   ├── StoreTooNew          written by a newer version of this program
│   ├── StoreReadOnly        may be read, not written
│   ├── StoreBusy            another process holds the write gate
│   ├── BackupError          a backup could not be made, or is not whole
│   └── AnotherLeads         another process pulls into the store, or backs it up
├── SendError                a digest of alerts could not be handed over
└── GraphError               Meta's Graph API refused, or answered with nothing that can be used
    ├── TokenError           the access token is invalid: everything stops until there is a new one
    │   └── ProofError       the proof made with the app secret is wrong or missing
    ├── PermissionMissing    the token may not read this
    ├── LimitReached         too many calls: nothing may be asked before a certain moment
    ├── DeadMetric           a metric that is not served, or no longer
    ├── DeadObject           deleted, or not to be seen with this token
    ├── BadField             a field that the object does not have
    ├── TooMuchData          the answer would be too large; ask for less at a time
    ├── Transient            network, time or server trouble that outlasted the retries
    ├── Unreadable           an answer that is not what Graph answers
    ├── ClockWrong           this machine's clock cannot say when a figure was seen
    └── GraphSetup           a setting or a request of ours is wrong

Messages are in Traditional Chinese because they reach people as they stand. A screen has widgets where a command has
options, so no message names an option; :attr:`SqdashError.in_command` does, here and nowhere else.
"""

from __future__ import annotations

from sqdash.errors.base import (
    AccountError,
    NobodySignsIn,
    NotAllowed,
    PeriodError,
    SendError,
    SettingsError,
    SignInRefused,
    SqdashError,
    naming_option,
)
from sqdash.errors.data import (
    AmbiguousFile,
    BadCell,
    BadCells,
    BadReference,
    BadRow,
    DataError,
    FileNotRecognised,
    Question,
    RowsRejected,
    Unanswered,
    YearLocked,
)
from sqdash.errors.graph import (
    BadField,
    ClockWrong,
    DeadMetric,
    DeadObject,
    GraphError,
    GraphSetup,
    LimitReached,
    PermissionMissing,
    ProofError,
    TokenError,
    TooMuchData,
    Transient,
    Unreadable,
)
from sqdash.errors.store import (
    AnotherLeads,
    BackupError,
    StoreBusy,
    StoreError,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
    StoreUnusable,
)

__all__ = [
    "AccountError",
    "AmbiguousFile",
    "AnotherLeads",
    "BackupError",
    "BadCell",
    "BadCells",
    "BadField",
    "BadReference",
    "BadRow",
    "ClockWrong",
    "DataError",
    "DeadMetric",
    "DeadObject",
    "FileNotRecognised",
    "GraphError",
    "GraphSetup",
    "LimitReached",
    "NobodySignsIn",
    "NotAllowed",
    "PeriodError",
    "PermissionMissing",
    "ProofError",
    "Question",
    "RowsRejected",
    "SendError",
    "SettingsError",
    "SignInRefused",
    "SqdashError",
    "StoreBusy",
    "StoreError",
    "StoreMissing",
    "StoreReadOnly",
    "StoreTooNew",
    "StoreUnusable",
    "TokenError",
    "TooMuchData",
    "Transient",
    "Unanswered",
    "Unreadable",
    "YearLocked",
    "naming_option",
]
