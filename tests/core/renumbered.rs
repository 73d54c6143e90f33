//! Texts that ran under one version and are in the files under another: what is said, what is recorded, and what runs then.

use syncline::catalog::Catalog;
use syncline::database::Access;
use syncline::database::memory::Memory;
use syncline::history::{History, HistoryError, Kind};
use syncline::plan::{Goal, Plan, Policy, Rule, Severity, Until};
use syncline::script::Syntax;
use syncline::{Code, Error, Event, Interrupt, Migrator, Report};

type File = (&'static str, &'static str);

const STRICT: Policy = Policy {
    out_of_order: Rule::Refuse,
    missing: Rule::Refuse,
    latest_stamp: None,
};
const LATE: Policy = Policy {
    out_of_order: Rule::Allow,
    ..STRICT
};

/// A database in memory, and the files of today.
struct World {
    database: Memory,
    files: Vec<File>,
}

impl World {
    /// These files have run.
    fn of(files: &[File]) -> Self {
        let mut world = Self {
            database: Memory::new(),
            files: files.to_vec(),
        };
        world.run(&Goal::Up(Until::End), &STRICT).unwrap();
        world.files.clear();
        world
    }

    fn now(mut self, files: &[File]) -> Self {
        self.files = files.to_vec();
        self
    }

    fn catalog(&self) -> Catalog {
        Catalog::parse(self.files.iter().copied(), Syntax::Postgres(Default::default())).unwrap()
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(future)
    }

    fn migrator(&self) -> Migrator {
        Migrator::over(&Memory::target(), Box::new(self.database.clone()), Access::Write)
    }

    fn run(&mut self, goal: &Goal, policy: &Policy) -> Result<Report, Error> {
        Self::wait(self.migrator().run(goal, &self.catalog(), policy, &mut |_| {}))
    }

    fn plan(&self) -> Plan {
        Self::wait(self.migrator().plan(&Goal::Up(Until::End), &self.catalog(), &STRICT)).unwrap()
    }

    fn history(&self) -> History {
        Self::wait(self.migrator().history()).unwrap()
    }

    /// Codes of what stops a run, with the migrations; that one comes late is no matter here.
    fn refused(&self) -> Vec<String> {
        let plan = self.plan();
        let told = plan
            .refusals()
            .filter(|finding| finding.code != Code::OutOfOrder)
            .map(|finding| format!("{} {}", finding.code, finding.id.as_ref().unwrap()));
        told.collect()
    }

    /// What is proposed for a migration.
    fn help(&self, id: &str) -> Vec<String> {
        let findings = self.plan().findings;
        let about = findings
            .into_iter()
            .filter(|finding| finding.id.as_ref().is_some_and(|of| of.to_string() == id));
        about.flat_map(|finding| finding.help).collect()
    }

    fn renumber(&mut self, ids: Option<(&str, &str)>) -> Result<Vec<String>, Error> {
        let ids = ids.map(|(old, new)| (old.parse().unwrap(), new.parse().unwrap()));
        let report = self.run(&Goal::Renumber(ids, "merged".to_owned()), &STRICT)?;
        let told = report
            .done
            .iter()
            .map(|done| format!("{} {}", done.was.as_ref().unwrap(), done.id.as_ref().unwrap()));
        Ok(told.collect())
    }

    /// What `up` runs where nothing but the order is let through.
    fn up(&mut self) -> Vec<String> {
        let report = self.run(&Goal::Up(Until::End), &LATE).unwrap();
        assert!(report.failure.is_none(), "{:?}", report.failure);
        report
            .done
            .iter()
            .map(|done| done.id.as_ref().unwrap().to_string())
            .collect()
    }
}

struct Case {
    about: &'static str,
    ran: &'static [File],
    now: &'static [File],
    refused: &'static [&'static str],
    recorded: &'static [&'static str],
    up: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        about: "it gave way to another",
        ran: &[("12_a.sql", "add a")],
        now: &[("12_b.sql", "add b"), ("13_a.sql", "add a")],
        refused: &["renumbered 12"],
        recorded: &["12 13"],
        up: &["12"],
    },
    Case {
        about: "its old version is empty, and comments differ",
        ran: &[("12_a.sql", "-- one\nadd a")],
        now: &[("13_a.sql", "-- other\nadd  a;")],
        refused: &["renumbered 12"],
        recorded: &["12 13"],
        up: &[],
    },
    Case {
        about: "it moved down",
        ran: &[("12_z.sql", "add z"), ("14_a.sql", "add a")],
        now: &[("12_z.sql", "add z"), ("13_a.sql", "add a")],
        refused: &["renumbered 14"],
        recorded: &["14 13"],
        up: &[],
    },
    Case {
        about: "a chain: the last goes first",
        ran: &[("12_a.sql", "add a"), ("13_b.sql", "add b"), ("14_c.sql", "add c")],
        now: &[
            ("12_n.sql", "add n"),
            ("13_a.sql", "add a"),
            ("14_b.sql", "add b"),
            ("15_c.sql", "add c"),
        ],
        refused: &["renumbered 12", "renumbered 13", "renumbered 14"],
        recorded: &["14 15", "13 14", "12 13"],
        up: &["12"],
    },
    Case {
        about: "a swap: one makes room",
        ran: &[("12_a.sql", "add a"), ("13_b.sql", "add b")],
        now: &[("12_b.sql", "add b"), ("13_a.sql", "add a")],
        refused: &["renumbered 12", "renumbered 13"],
        recorded: &["12 12.1", "13 12", "12.1 13"],
        up: &[],
    },
    Case {
        about: "a circle, and the version that would make room is taken",
        ran: &[
            ("1_a.sql", "add a"),
            ("1.1_x.sql", "add x"),
            ("2_b.sql", "add b"),
            ("3_c.sql", "add c"),
        ],
        now: &[
            ("1_b.sql", "add b"),
            ("1.1_x.sql", "add x"),
            ("2_c.sql", "add c"),
            ("3_a.sql", "add a"),
        ],
        refused: &["renumbered 1", "renumbered 2", "renumbered 3"],
        recorded: &["1 1.2", "2 1", "3 2", "1.2 3"],
        up: &[],
    },
    Case {
        about: "counted versions became time stamps",
        ran: &[("1_a.sql", "add a"), ("2_b.sql", "add b")],
        now: &[
            ("20260101000000_a.sql", "add a"),
            ("20260102000000_b.sql", "add b"),
            ("20260103000000_c.sql", "add c"),
        ],
        refused: &["renumbered 1", "renumbered 2"],
        recorded: &["1 20260101000000", "2 20260102000000"],
        up: &["20260103000000"],
    },
    Case {
        about: "a repeatable one has another name",
        ran: &[("1_a.sql", "add a"), ("R__v.sql", "add v")],
        now: &[("1_a.sql", "add a"), ("R__w.sql", "add v")],
        refused: &["renumbered R__v"],
        recorded: &["R__v R__w"],
        up: &[],
    },
];

#[test]
fn what_was_renumbered_is_found_recorded_and_not_run_again() {
    for case in CASES {
        let mut world = World::of(case.ran).now(case.now);
        assert_eq!(world.refused(), case.refused, "{}", case.about);
        let mut tables = world.database.names();
        assert_eq!(world.renumber(None).unwrap(), case.recorded, "{}", case.about);
        assert_eq!(world.database.names(), tables, "{}", case.about);
        assert_eq!(world.up(), case.up, "{}", case.about);
        let new = case.up.iter().map(|version| {
            let file = case
                .now
                .iter()
                .find(|(name, _)| name.starts_with(&format!("{version}_")));
            file.unwrap().1.replace("add ", "")
        });
        tables.extend(new);
        tables.sort();
        assert_eq!(world.database.names(), tables, "{}", case.about);
        assert_eq!(world.plan().findings, [], "{}", case.about);
        assert_eq!(world.history().broken_links(), []);
    }
}

#[test]
fn a_run_that_is_cut_off_between_two_moves_leaves_a_state_from_which_the_rest_is_found() {
    for case in CASES {
        for cut in 1..=case.recorded.len() {
            let mut world = World::of(case.ran).now(case.now);
            let before = world.history().records().len();
            let (interrupt, mut done) = (Interrupt::new(), 0);
            let mut migrator = world.migrator();
            migrator.interrupt(&interrupt);
            let mut observer = |event: Event<'_>| {
                done += usize::from(matches!(event, Event::Finished { .. }));
                if done == cut {
                    interrupt.request();
                }
            };
            let goal = Goal::Renumber(None, "merged".to_owned());
            let ended = World::wait(migrator.run(&goal, &world.catalog(), &STRICT, &mut observer));
            let is_whole = cut == case.recorded.len();
            assert_eq!(ended.is_ok(), is_whole, "{}", case.about);
            assert_eq!(world.history().records().len(), before + cut);
            let rest = world.refused();
            assert_eq!(rest.is_empty(), is_whole, "{}: {rest:?}", case.about);
            assert!(
                rest.iter().all(|told| told.starts_with("renumbered ")),
                "{}: {rest:?}",
                case.about
            );
            if !is_whole {
                world.renumber(None).unwrap();
            }
            assert_eq!(world.up(), case.up, "{}, cut at {cut}", case.about);
        }
    }
}

#[test]
fn nothing_is_guessed_and_each_way_out_leads_out() {
    let twice = World::of(&[("12_a.sql", "add a")]).now(&[("13_a.sql", "add a"), ("14_c.sql", "add a")]);
    assert_eq!(twice.refused(), ["renumbered 12"]);
    let help = twice.help("12");
    assert_eq!(help.len(), 2, "{help:?}");
    assert!(
        help[0].starts_with("syncline repair renumber 12 13 --reason") && help[1].contains(" 12 14 "),
        "{help:?}"
    );

    let edited =
        World::of(&[("12_a.sql", "add a;\nadd aa")]).now(&[("12_b.sql", "add b"), ("13_a.sql", "add a;\nadd x")]);
    assert_eq!(edited.refused(), ["changed 12"]);
    let help = edited.help("12");
    assert!(
        matches!(&help[..], [one, other] if one.starts_with("syncline repair renumber 12 13") && other.starts_with("syncline show 12 --file ")),
        "{help:?}"
    );

    let empty = World::of(&[("12_a.sql", "-- nothing")]).now(&[("12_b.sql", "add b"), ("13_a.sql", "-- nothing")]);
    assert_eq!(empty.refused(), ["changed 12"]);
    assert!(
        empty.help("12")[0].starts_with("syncline repair renumber 12 13"),
        "{:?}",
        empty.help("12")
    );

    // What has run as 13 is nowhere, and its place is not given away.
    let behind =
        World::of(&[("12_a.sql", "add a"), ("13_b.sql", "add b")]).now(&[("12_n.sql", "add n"), ("13_a.sql", "add a")]);
    assert_eq!(behind.refused(), ["renumbered 12", "changed 13"]);
    assert_eq!(behind.help("12"), ["give `13_a.sql` a version of its own, above 13"]);
    let mut behind = behind.now(&[("12_n.sql", "add n"), ("13_b.sql", "add b"), ("14_a.sql", "add a")]);
    assert_eq!(behind.renumber(None).unwrap(), ["12 14"]);
    assert_eq!(behind.up(), ["12"]);
}

#[test]
fn somebody_may_say_it_where_the_texts_differ_and_the_difference_is_seen_then() {
    let mut world =
        World::of(&[("12_a.sql", "add a;\nadd aa")]).now(&[("12_b.sql", "add b"), ("13_a.sql", "add a;\nadd x")]);
    assert_eq!(world.renumber(Some(("12", "13"))).unwrap(), ["12 13"]);
    assert_eq!(world.refused(), ["changed 13"]);
    let diff = world
        .plan()
        .findings
        .into_iter()
        .find_map(|finding| finding.diff)
        .unwrap();
    assert!(diff.contains("-add aa") && diff.contains("+add x"), "{diff}");
    world
        .run(
            &Goal::Accept("13".parse().unwrap(), Rule::Refuse, "x".to_owned()),
            &STRICT,
        )
        .unwrap();
    assert_eq!(world.up(), ["12"]);
}

#[test]
fn a_move_that_would_lose_something_is_refused() {
    let mut world = World::of(&[
        ("1_a.sql", "add a"),
        ("2_b.sql", "add b"),
        ("3_c.sql", "add c"),
        ("R__r.sql", "add r"),
    ])
    .now(&[
        ("1_a.sql", "add a"),
        ("2_n.sql", "add n"),
        ("4_b.sql", "add b"),
        ("5_z.sql", "add z"),
        ("R__r.sql", "add r"),
    ]);
    for (old, new, code) in [
        ("1", "5", Code::NothingToRecord),
        ("2", "1", Code::BadTarget),
        ("3", "4", Code::BadTarget),
        ("2", "9", Code::NoSuchVersion),
        ("9", "5", Code::NoSuchVersion),
        ("5", "4", Code::NoSuchVersion),
        ("2", "R__r", Code::BadTarget),
    ] {
        let found = world.renumber(Some((old, new))).unwrap_err().code();
        assert_eq!(found, code, "{old} {new}");
    }
}

#[test]
fn a_text_of_something_else_is_not_accepted_as_an_edit() {
    let accept = |world: &mut World, id: &str, rule| {
        world.run(&Goal::Accept(id.parse().unwrap(), rule, "x".to_owned()), &STRICT)
    };
    // Its own text is elsewhere.
    let mut moved = World::of(&[("12_a.sql", "add a")]).now(&[("12_b.sql", "add b"), ("13_a.sql", "add a")]);
    for rule in [Rule::Refuse, Rule::Allow] {
        assert_eq!(accept(&mut moved, "12", rule).unwrap_err().code(), Code::Renumbered);
    }
    // It shares nothing with what ran; it is what another one ran; it has the name alone.
    for now in [("2_x.sql", "add x"), ("2_b.sql", "add a"), ("2_b.sql", "drop a")] {
        let mut other = World::of(&[("1_a.sql", "add a"), ("2_b.sql", "add b")]).now(&[("1_a.sql", "add a"), now]);
        assert_eq!(other.refused(), ["changed 2"]);
        let help = other.help("2");
        assert!(help.iter().all(|line| !line.contains("accept")), "{help:?}");
        assert_eq!(
            accept(&mut other, "2", Rule::Refuse).unwrap_err().code(),
            Code::Changed,
            "{now:?}"
        );
        accept(&mut other, "2", Rule::Allow).unwrap();
        assert_eq!(other.refused(), [""; 0]);
    }
    // It ran when nothing was in it yet, so what is in it now has never run.
    let blank = World::of(&[("1_a.sql", "add a"), ("2_b.sql", "-- to be written")]);
    let filled = blank.now(&[("1_a.sql", "add a"), ("2_b.sql", "add b")]);
    assert_eq!(filled.refused(), ["changed 2"]);
    let help = filled.help("2");
    assert_eq!(help[0], "give `2_b.sql` a version of its own, above 2");
    assert!(help.iter().all(|line| !line.contains("accept")), "{help:?}");
    // An edit is.
    for now in [("2_b.sql", "add b;\nadd c"), ("2_other.sql", "add b;\nadd c")] {
        let mut edited = World::of(&[("2_b.sql", "add b")]).now(&[now]);
        assert!(
            edited
                .help("2")
                .iter()
                .any(|line| line.starts_with("syncline repair accept 2 "))
        );
        accept(&mut edited, "2", Rule::Refuse).unwrap();
    }
}

#[test]
fn the_way_back_of_something_else_is_not_run() {
    let mut world = World::of(&[("12_a.sql", "add a\n;\n-- syncline: down\ndrop a")]).now(&[
        ("12_b.sql", "add b\n;\n-- syncline: down\nadd harm"),
        ("13_a.sql", "add a\n;\n-- syncline: down\ndrop a"),
    ]);
    world.run(&Goal::Down(Until::Steps(1), None), &STRICT).unwrap();
    assert_eq!(world.database.names(), [""; 0]);
    assert_eq!(world.up(), ["12", "13"]);
}

#[test]
fn what_is_let_through_lets_no_text_run_twice() {
    let world = World::of(&[("12_a.sql", "add a")]).now(&[("13_a.sql", "add a")]);
    let lax = Policy {
        missing: Rule::Allow,
        out_of_order: Rule::Allow,
        latest_stamp: None,
    };
    let plan = World::wait(world.migrator().plan(&Goal::Up(Until::End), &world.catalog(), &lax)).unwrap();
    assert!(plan.steps.is_empty());
    let found: Vec<_> = plan
        .findings
        .iter()
        .map(|finding| (finding.code, finding.severity))
        .collect();
    assert_eq!(found, [(Code::Renumbered, Severity::Refused)]);
}

#[test]
fn a_missing_file_that_was_moved_and_edited_is_refused_although_missing_ones_are_let_through() {
    let world = World::of(&[("12_a.sql", "add a;\nadd aa")]).now(&[("13_z.sql", "add a;\nadd aa;\nadd x")]);
    let lax = Policy {
        missing: Rule::Allow,
        ..LATE
    };
    let plan = World::wait(world.migrator().plan(&Goal::Up(Until::End), &world.catalog(), &lax));
    let plan = plan.unwrap();
    let refused: Vec<_> = plan
        .refusals()
        .map(|finding| (finding.code, finding.help[0].clone()))
        .collect();
    assert!(
        matches!(&refused[..], [(Code::Missing, help)] if help.starts_with("syncline repair renumber 12 13")),
        "{refused:?}"
    );
}

#[test]
fn a_record_whose_reason_does_not_say_what_it_was_is_not_understood() {
    let mut world = World::of(&[("12_a.sql", "add a")]).now(&[("13_a.sql", "add a")]);
    world.renumber(None).unwrap();
    let records = world.history().records().to_vec();
    for reason in [None, Some("merged"), Some("was 99: merged"), Some("was 12 merged")] {
        let mut records = records.clone();
        let last = records.last_mut().unwrap();
        assert_eq!(
            (last.kind, last.reason.as_deref()),
            (Kind::Renumber, Some("was 12: merged"))
        );
        last.reason = reason.map(str::to_owned);
        assert!(
            matches!(History::new(records), Err(HistoryError::Field { field: "reason", .. })),
            "{reason:?}"
        );
    }
}

/// Two migrations and a third that has not run here, put together into one file.
#[test]
fn a_file_made_of_several_of_which_one_has_not_run_is_never_counted_as_run() {
    let ran: [File; 2] = [("1_a.sql", "add a"), ("2_b.sql", "add b")];
    let before: [File; 3] = [ran[0], ran[1], ("3_c.sql", "add c")];
    let text = "add a;\nadd b;\nadd c";
    let away = |path: &str| {
        format!(
            "take `{path}` away until the files that it was made of are back and have run: 1 of its statements never ran here"
        )
    };
    // Under a version of its own, and under that of the last one that has run.
    for (path, ids) in [("4_all.sql", &["1", "2"][..]), ("2_b.sql", &["2"])] {
        let mut world = World::of(&ran).now(&[(path, text)]);
        for id in ids {
            let help = world.help(id);
            assert_eq!(help[0], away(path));
            let harm = |line: &&String| line.contains("repair renumber") || line.contains("repair accept");
            assert_eq!(help.iter().find(harm), None);
        }
        world = world.now(&before);
        assert_eq!(world.up(), ["3"]);
        // Then it is an edit of what ran, or another name of it, and nothing in it is new.
        let world = world.now(&[(path, text)]);
        for id in ids {
            let help = world.help(id);
            assert!(help.iter().all(|line| !line.starts_with("take ")), "{help:?}");
            assert!(help[0].starts_with("syncline repair renumber") || help[1].starts_with("syncline repair accept"));
        }
    }
    // Of one alone it may be an edit.
    let world = World::of(&ran[..1]).now(&[("4_all.sql", "add a;\nadd b")]);
    let help = world.help("1");
    assert!(help[0].starts_with("syncline repair renumber 1 4 "), "{help:?}");
    assert!(
        help[0].ends_with("# if `4_all.sql` is what became of it alone"),
        "{help:?}"
    );
    assert!(
        help[1].starts_with("or, if `4_all.sql` was made of several, take it away"),
        "{help:?}"
    );
}
