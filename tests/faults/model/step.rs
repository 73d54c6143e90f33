//! What somebody may do to the files and with the program, one step at a time, and how steps come about by chance.

use proptest::prelude::*;

pub(crate) type Version = u32;

/// A test that fails prints its steps as they stand here, so that they can be kept as a test.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A file that comes after all others.
    New(Kind),
    /// A file of this version, where there is none.
    Write(Version, Kind),
    Edit(Version, Edit),
    Delete(Version),
    /// `show --file`: writes a file as the database remembers it.
    WriteBack(Version),
    /// Somebody else makes a table.
    Stranger,
    /// Somebody makes a schema with the name of the user: on PostgreSQL it is the current one from then on.
    OwnSchema,
    Up(Reach, Allow),
    Down(Reach, Use),
    Redo(Use),
    /// `up` or `down` is killed at some moment, in thousandths of what it takes.
    Killed(Way, u16),
    /// Two of them at once.
    TwoUps,
    Accept(Version),
    Forget(Version),
    Resolve(Version),
    /// Up to this version, or of none.
    Baseline(Option<Version>),
}

/// What a new file is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// Without a down script.
    NoDown,
    /// Its last statement is refused by the server.
    Fails,
    /// With `no-transaction`.
    Outside,
    OutsideFails,
    /// With a program that commits inside, on MariaDB.
    Program,
    /// With one that is refused behind its commit.
    Half,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Edit {
    /// Another comment.
    Comment,
    /// Another row is written.
    Row,
    /// The last statement is one that the server refuses.
    Break,
    /// The last statement is a good one.
    Mend,
    /// The last statement is gone.
    Shorten,
    /// The down script is another one, or there is one now.
    Down,
    NoDown,
    /// As the database remembers it.
    Undo,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    All,
    Steps(usize),
    To(Version),
    /// Before the first version, which may be 0.
    ToNone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allow {
    Nothing,
    OutOfOrder,
    Missing,
    Both,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Up,
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Unsaid,
    File,
    Stored,
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

fn kind(programs: bool) -> impl Strategy<Value = Kind> {
    use Kind::{Fails, Half, NoDown, Outside, OutsideFails, Plain, Program};
    one_of(match programs {
        true => &[Plain, Plain, Program, Program, Half, NoDown, Fails, Outside],
        false => &[Plain, Plain, Plain, Plain, NoDown, Fails, Outside, OutsideFails],
    })
}

fn version() -> impl Strategy<Value = Version> {
    // The first ones more often: they are there.
    prop_oneof![3 => 0..3u32, 1 => 3..6u32]
}

fn reach() -> impl Strategy<Value = Reach> {
    prop_oneof![
        4 => Just(Reach::All),
        2 => (1..3usize).prop_map(Reach::Steps),
        1 => (0..6u32).prop_map(Reach::To),
        1 => Just(Reach::ToNone),
    ]
}

fn step(programs: bool) -> impl Strategy<Value = Step> {
    use Edit::{Break, Comment, Down, Mend, NoDown, Row, Shorten, Undo};
    let edit = one_of(&[Comment, Row, Break, Mend, Mend, Shorten, Down, NoDown, Undo, Undo]);
    let allow = one_of(&[
        Allow::Nothing,
        Allow::Nothing,
        Allow::OutOfOrder,
        Allow::Missing,
        Allow::Both,
    ]);
    let using = || one_of(&[Use::Unsaid, Use::Unsaid, Use::File, Use::Stored]);
    prop_oneof![
        5 => kind(programs).prop_map(Step::New),
        2 => (version(), kind(programs)).prop_map(|(version, kind)| Step::Write(version, kind)),
        5 => (version(), edit).prop_map(|(version, edit)| Step::Edit(version, edit)),
        2 => version().prop_map(Step::Delete),
        2 => version().prop_map(Step::WriteBack),
        1 => Just(Step::Stranger),
        1 => Just(Step::OwnSchema),
        8 => (reach(), allow).prop_map(|(reach, allow)| Step::Up(reach, allow)),
        4 => (reach(), using()).prop_map(|(reach, using)| Step::Down(reach, using)),
        2 => using().prop_map(Step::Redo),
        4 => (one_of(&[Way::Up, Way::Up, Way::Down]), 0..1000u16).prop_map(|(way, moment)| Step::Killed(way, moment)),
        2 => Just(Step::TwoUps),
        2 => version().prop_map(Step::Accept),
        2 => version().prop_map(Step::Forget),
        1 => version().prop_map(Step::Resolve),
        1 => (0..6u32).prop_map(|version| Step::Baseline(Some(version))),
        1 => Just(Step::Baseline(None)),
    ]
}

/// Some files that are applied, and then anything. With `programs` the scripts may have some that end transactions.
pub(crate) fn steps(programs: bool) -> impl Strategy<Value = Vec<Step>> {
    let files = proptest::collection::vec(kind(programs).prop_map(Step::New), 1..4);
    let up = Just(vec![Step::Up(Reach::All, Allow::Nothing)]);
    let rest = proptest::collection::vec(step(programs), 3..16);
    (files, up, rest).prop_map(|(files, up, rest)| [files, up, rest].concat())
}
