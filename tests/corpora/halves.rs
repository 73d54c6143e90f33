//! Real migrations and the check for scripts that hold both directions: it stops none of them as they are, and finds nearly all of them
//! when their down scripts are written behind their up scripts, whatever the line between is.

use syncline::migration::Script;
use syncline::script::both_directions;

use crate::corpora;
use crate::projects::RUNS;
use crate::walk::catalog;

fn stopped(script: &Script, text: &str) -> Option<String> {
    let whole = Script::new(&script.path, 0, text.to_owned(), script.syntax);
    let parsed = whole.parsed.as_ref().ok()?;
    both_directions(&whole.text, parsed, whole.syntax).map(|problem| problem.message)
}

#[test]
fn no_script_of_a_public_project_is_stopped_and_both_of_its_scripts_in_one_are() {
    let Some(corpora) = corpora() else { return };
    let (mut scripts, mut alarms) = (0, Vec::new());
    let (mut pairs, mut marked, mut found) = (0, 0, 0);
    for run in RUNS {
        let catalog = catalog(run, &corpora.join(run.directory)).unwrap();
        for migration in catalog.migrations() {
            let up = &migration.up;
            scripts += 1;
            alarms.extend(stopped(up, &up.text).map(|message| format!("{}: {message}", up.path)));
            let Some(down) = migration.down.as_ref() else { continue };
            if up.statements() == 0 || down.statements() == 0 {
                continue;
            }
            pairs += 1;
            // What a directive says holds for both, and may be said once.
            let back: Vec<&str> = down
                .text
                .lines()
                .filter(|line| !line.starts_with("-- syncline:"))
                .collect();
            let joined = |line: &str| format!("{}\n;\n{line}\n{}", up.text, back.join("\n"));
            marked += usize::from(stopped(up, &joined("-- create above / drop below ----")).is_some());
            found += usize::from(stopped(up, &joined("-- ________")).is_some());
        }
    }
    println!(
        "{scripts} up scripts, {} stopped; {pairs} with a down script, {marked} found by their line, {found} without one",
        alarms.len()
    );
    assert!(scripts > 2_000 && pairs > 700, "{scripts} {pairs}");
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
    assert_eq!(marked, pairs);
    // The others make nothing that they take away: they drop first, or only change and change back.
    assert!(found * 10 > pairs * 6, "{found} of {pairs}");
}
