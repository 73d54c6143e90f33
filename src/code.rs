//! The kinds of errors and findings: one table of stable codes with their exit codes.

use std::fmt;

/// Defines [`Code`] from a table, so that a code, its word, its exit code and its meaning stand in one line.
macro_rules! codes {
    ($($variant:ident $id:literal $exit:literal $title:literal,)+) => {
        /// The kind of an error or a finding: a word that does not change between releases, with its exit code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $title] $variant,)+ }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The word.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $id,)+ }
            }

            /// What the process ends with when this stops it.
            pub fn exit(self) -> u8 {
                match self { $(Code::$variant => $exit,)+ }
            }

            /// What it means, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)+ }
            }
        }
    };
}

codes! {
    SqlFailed "sql-failed" 1 "the server refused a statement of a migration",
    LeftTransaction "left-transaction" 1 "a migration ended or left the transaction that it runs in",
    LedgerTouched "ledger-touched" 1 "a migration changed syncline's own tables",
    ForeignKeys "foreign-keys" 1 "a migration left rows that violate foreign keys",
    LockLost "lock-lost" 1 "the lock was gone before the migration could be committed",
    Usage "usage" 2 "the command line makes no sense",
    Config "config" 2 "the configuration is wrong or incomplete",
    Files "files" 2 "the migration files have problems",
    Layout "layout" 2 "the files could be those of more than one tool",
    NoMigrations "no-migrations" 2 "the directory holds no migrations",
    NoDirectory "no-directory" 2 "the directory of the migrations cannot be read",
    BadUrl "bad-url" 2 "the database URL is wrong",
    Pooled "pooled" 2 "a script outside a transaction cannot run through a pooler",
    NoSuchVersion "no-such-version" 2 "there is no migration of that version",
    BadTarget "bad-target" 2 "the version lies in the wrong direction",
    NothingToRecord "nothing-to-record" 2 "there is nothing to be recorded",
    NothingToResolve "nothing-to-resolve" 2 "no statement of unknown outcome",
    NoForeignHistory "no-foreign-history" 2 "there is no history of another tool, or more than one",
    NotConfirmed "not-confirmed" 2 "a rollback was not confirmed",
    NotStored "not-stored" 2 "the text is not stored in the database",
    FileExists "file-exists" 2 "a file would be overwritten",
    Io "io" 2 "a file could not be read or written",
    Changed "changed" 3 "an applied migration was edited and its statements differ",
    ChangedCosmetic "changed-cosmetic" 3 "an applied migration was edited and its statements are the same",
    Renamed "renamed" 3 "an applied migration has another name now",
    Renumbered "renumbered" 3 "the text of an applied migration is in the files under another version",
    DownChanged "down-changed" 3 "the down script of an applied migration was edited",
    Missing "missing" 3 "an applied migration has no file",
    OutOfOrder "out-of-order" 3 "a pending migration is older than the newest applied one",
    WrongDialect "wrong-dialect" 3 "the files are for another kind of database",
    HalfAdopted "half-adopted" 3 "the history of another tool was taken over only in part",
    ForeignApplied "foreign-applied" 3 "another tool has applied migrations since its history was taken over",
    ForeignReverted "foreign-reverted" 3 "another tool has taken migrations back since its history was taken over",
    ForeignLost "foreign-lost" 3 "the table that another tool's history was taken over from is gone or cannot be read",
    HalfDone "half-done" 3 "another tool's history has a migration that failed or is not finished",
    NotEmpty "not-empty" 3 "the database has tables but no history",
    HistoryElsewhere "history-elsewhere" 3 "the history may be in another schema than the current one",
    NoStatements "no-statements" 3 "a script holds no statements",
    MixedVersions "mixed-versions" 3 "some versions count and others are time stamps",
    FutureVersion "future-version" 3 "a version is a time stamp of the future",
    ReservedName "reserved-name" 3 "a file name that Windows does not know",
    Template "template" 3 "a script holds what looks like a placeholder",
    NotKept "not-kept" 3 "a script is too large to be stored; only its checksum is",
    UnknownOutcome "unknown-outcome" 5 "a statement was sent and its outcome is not known",
    PartialUp "partial-up" 3 "a migration stopped half-way and has to be finished first",
    PartialDown "partial-down" 3 "a rollback stopped half-way and has to be finished first",
    PrefixChanged "prefix-changed" 3 "statements that were executed already have been edited",
    SessionLost "session-lost" 3 "what is left of a script needs what ended with its session",
    LockTables "lock-tables" 3 "a script locks tables, and no lock lasts longer than its statement",
    NoDownScript "no-down-script" 3 "a migration has no down script",
    DownDiffers "down-differs" 3 "the file's down script is not the stored one",
    Moved "moved" 3 "the history has changed since the plan was confirmed",
    WrongDatabase "wrong-database" 3 "the database is not the one that the configuration expects",
    Ledger "ledger" 3 "the ledger cannot be understood, or is of a newer format",
    LedgerBroken "ledger-broken" 3 "the ledger's records do not follow from each other",
    StoredText "stored-text" 3 "a stored script is gone or is not what its checksum says",
    ReadOnly "read-only" 3 "the database takes no writes",
    Locked "locked" 4 "another run holds the lock",
    Partial "partial" 5 "a migration without a transaction stopped half-way",
    Connect "connect" 6 "the database cannot be reached",
    Auth "auth" 6 "the database refused the user or the password",
    Tls "tls" 6 "the encrypted connection could not be made",
    NoDatabase "no-database" 6 "there is no such database",
    Unsupported "unsupported" 6 "the server, or the version of it, is not supported",
    Lost "lost" 6 "the connection was lost",
    Permission "permission" 6 "the user lacks a right that syncline needs",
    Untold "untold" 7 "what was asked for is done, and the result could not be written",
    Interrupted "interrupted" 130 "the run was interrupted by a signal",
    Internal "internal" 70 "syncline did something that it must not; please report it",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_word_of_its_own_and_a_documented_exit_code() {
        let mut words: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(matches!(code.exit(), 1..=7 | 70 | 130), "{code}");
            assert!(code.id().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        }
    }
}
