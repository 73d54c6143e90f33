//! What is read of changelogs in XML, and what is refused.

use super::*;

pub(super) fn xml(inside: &str) -> String {
    format!(
        "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">\n{inside}\n</databaseChangeLog>\n"
    )
}

#[test]
fn a_changelog_in_xml_gives_the_order_and_holds_change_sets() {
    let root = xml("<property name=\"t\" value=\"thing\"/>\n\
         <include file=\"two/log.xml\" relativeToChangelogFile=\"true\"/>\n\
         <changeSet id=\"mine\" author=\"ann\" runOnChange=\"true\">\n\
         <comment>why</comment><validCheckSum>ANY</validCheckSum>\n\
         <sql splitStatements=\"false\">\n\
         <comment>x</comment>SELECT '${t}' <![CDATA[< 1]]>\n\
         </sql>\n\
         <sql>SELECT 2</sql>\n\
         <rollback>DROP VIEW v;</rollback>\n\
         </changeSet>\n\
         <includeAll path=\"all\" relativeToChangelogFile=\"true\"/>");
    let catalog = read(&[
        ("main.xml", &root),
        ("pom.xml", "<project/>"),
        (
            "all/b.sql",
            "--liquibase formatted sql\n--changeset ann:b\nSELECT 'b';\n",
        ),
        ("all/a.sql", "SELECT 'a';\n"),
        (
            "two/log.xml",
            &xml(
                "<changeSet id=\"f\" author=\"bob\"><sqlFile path=\"app/f.sql\"/><rollback/></changeSet>\n\
                  <changeSet id=\"g\" author=\"bob\"><sqlFile path=\"../lib/app/f.sql\" relativeToChangelogFile=\"true\" endDelimiter=\"//\"/>\n\
                  <sql>SELECT 3</sql></changeSet>",
            ),
        ),
        ("lib/app/f.sql", "SELECT 'f'\n//\n"),
        ("lib/other.sql", "SELECT"),
    ]);
    assert_eq!(
        names(&catalog),
        [
            "1 bob:f:two/log.xml",
            "2 bob:g:two/log.xml",
            "3 ann:mine:main.xml",
            "4 includeAll:raw:all/a.sql",
            "5 ann:b:all/b.sql"
        ]
    );
    let all: Vec<_> = catalog.migrations().collect();
    assert_eq!(all[0].up.path, "lib/app/f.sql");
    assert_eq!(all[0].down.as_ref().unwrap().text, "-- syncline: empty\n");
    assert_eq!(all[1].up.text, "-- from lib/app/f.sql\nSELECT 'f'\n;\nSELECT 3");
    assert_eq!(all[1].up.path, "two/log.xml (bob g)");
    assert_eq!(all[2].up.statements(), 2);
    let place = |what: &str| all[2].up.position(all[2].up.text.find(what).unwrap()).line;
    assert_eq!((place("SELECT 'thing' < 1"), place("SELECT 2")), (7, 9));
    assert_eq!(all[2].down.as_ref().unwrap().text, "DROP VIEW v;");
    assert!(all[2].up.runs_on_change());
    assert_eq!(
        catalog.notes(),
        ["`lib/other.sql` is not included by `main.xml` and is passed over"]
    );
}

#[test]
fn what_preconditions_in_xml_ask_for_is_known_before_or_asked() {
    let log = xml(
        "<changeSet id=\"1\" author=\"a\"><preConditions onFail=\"CONTINUE\"><changeLogPropertyDefined property=\"app\"/></preConditions><sql>SELECT '${app}';</sql></changeSet>\n\
         <changeSet id=\"2\" author=\"a\"><preConditions onFail=\"MARK_RAN\"><and><dbms type=\"h2\"/></and></preConditions><sql>SELECT 2;</sql></changeSet>\n\
         <changeSet id=\"3\" author=\"a\"><preConditions onFail=\"MARK_RAN\"><sqlCheck expectedResult=\"0\">SELECT count(*)\n FROM t;</sqlCheck></preConditions><sql>SELECT 3;</sql></changeSet>",
    );
    let files = [("main.xml", log.as_str())];
    assert_eq!(names(&read(&files)), ["3 a:3:main.xml"]);
    let catalog = read_with(&files, Syntax::Postgres(Default::default()), &[("${app}", "x")]).unwrap();
    assert_eq!(names(&catalog), ["1 a:1:main.xml", "3 a:3:main.xml"]);
    let script = &catalog.migrations().last().unwrap().up;
    assert_eq!(script.questions()[0].query, "SELECT count(*) FROM t");
}

#[test]
fn what_only_liquibase_can_run_in_xml_is_named() {
    for (inside, wanted) in [
        (
            "<changeSet id=\"1\" author=\"a\">\n<createTable/></changeSet>",
            "main.xml:3 layout: `createTable` is no SQL, and only Liquibase can run it",
        ),
        (
            "<changeSet id=\"1\" author=\"a\">\n<sqlFile path=\"no.sql\"/></changeSet>",
            "main.xml:3 layout: there is no file `no.sql`",
        ),
        (
            "<changeSet id=\"1\" author=\"a\">\n<preConditions onFail=\"MARK_RAN\"><tableExists/></preConditions></changeSet>",
            "main.xml:3 layout: the precondition `tableExists` is not read",
        ),
        (
            "<changeSet id=\"1\" author=\"a\" context=\"test\"/>",
            "main.xml:2 layout: `context` chooses change sets when Liquibase is started, and syncline has neither contexts nor labels",
        ),
        (
            "<include file=\"a.yaml\" relativeToChangelogFile=\"true\"/>",
            "main.xml:2 layout: there is no file `a.yaml`",
        ),
        (
            "<includeAll path=\"x\" filter=\"f\"/>",
            "main.xml:2 layout: `filter` of `includeAll` is not supported",
        ),
        (
            "<preConditions/>",
            "main.xml:2 layout: preconditions of a whole changelog are not supported",
        ),
        (
            "<removeX/>",
            "main.xml:2 layout: `removeX` is not supported in a changelog",
        ),
    ] {
        assert_eq!(problems(&[("main.xml", &xml(inside))]), [wanted], "{inside}");
    }
    assert_eq!(
        problems(&[("db.changelog.yaml", "databaseChangeLog:\n")]),
        ["db.changelog.yaml:0 layout: changelogs in YAML and JSON are not read"]
    );
    assert!(problems(&[("a.xml", "<databaseChangeLog>")])[0].contains("it is no XML"));
}

#[test]
fn there_is_one_changelog_that_the_others_hang_off() {
    let include = |file: &str| xml(&format!("<include file=\"{file}\"/>"));
    assert_eq!(
        problems(&[("a.xml", &xml("")), ("b.xml", &xml(""))]),
        ["a.xml:0 layout: no changelog includes it, and none includes `b.xml`"]
    );
    assert!(problems(&[("a.xml", &include("b.xml")), ("b.xml", &include("a.xml"))])[0].contains("in a circle"));
    let two = [
        ("a.xml", include("b.xml")),
        ("b.xml", include("c.xml")),
        ("c.xml", xml("<include file=\"b.xml\"/>")),
    ];
    let two = two.each_ref().map(|(name, text)| (*name, text.as_str()));
    assert!(problems(&two)[0].contains("`b.xml` is included a second time"));
}

#[test]
fn what_only_liquibase_can_do_is_recorded_and_not_run_where_that_is_asked_for() {
    let root = xml(
        "<changeSet id=\"1\" author=\"a\"><customChange class=\"x.Y\"/><sql>SELECT 1</sql><rollback>SELECT 2</rollback></changeSet>\n\
         <include file=\"a.sql\"/>\n\
         <changeSet id=\"4\" author=\"a\"><sql>SELECT 4</sql></changeSet>",
    );
    let formatted = "--liquibase formatted sql\n--changeset a:2 runAlways:true\nSELECT 2;\n--changeset a:3 context:test\nSELECT 3;\n";
    let files = [
        ("app/main.xml", root.as_str()),
        ("lib/a.sql", formatted),
        ("b.xml", &xml("")),
    ];
    let read = |changelog: &str, not_run: &[&str]| {
        let not_run = not_run.iter().map(|word| (*word).to_owned()).collect();
        let layout = Layout::liquibase(Some(changelog.to_owned()), not_run);
        read_as(layout, &files, Syntax::Postgres(Default::default()), &[])
    };
    let catalog = read("app/main.xml", &["customChange", "runalways", "context"]).unwrap();
    assert_eq!(
        names(&catalog),
        [
            "1 a:1:app/main.xml",
            "2 a:2:lib/a.sql",
            "3 a:3:lib/a.sql",
            "4 a:4:app/main.xml"
        ]
    );
    let texts: Vec<_> = catalog
        .migrations()
        .map(|migration| migration.up.text.as_str())
        .collect();
    let empty = "-- syncline: empty\n";
    // It may come late, since nothing of it is run.
    let left = format!("-- syncline: allow out-of-order reason=\"nothing of it is run\"\n{empty}");
    assert_eq!(texts, [left.as_str(), &left, &left, "SELECT 4"]);
    let first = catalog.migrations().next().unwrap();
    assert_eq!(first.down.as_ref().unwrap().text, empty);
    assert_eq!(
        catalog.notes(),
        [
            "`b.xml` is not included by `app/main.xml` and is passed over",
            "3 change sets are recorded and not run, as `liquibase.not-run` says"
        ]
    );
    let error = read("app/main.xml", &["customChange", "runAlways"]).unwrap_err();
    assert_eq!(error.problems.len(), 1);
    assert!(
        error.problems[0]
            .help
            .ends_with("or name `context` in `liquibase.not-run`: such change sets are recorded, and not run")
    );
    let error = read("main.xml", &[]).unwrap_err();
    assert_eq!(
        error.problems[0].message,
        "`liquibase.changelog` names it, and there is no such file"
    );
}
