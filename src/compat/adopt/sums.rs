//! The checksums of other tools, over the bytes of a file. Each is checked with constants from the tool's own tests, or with values that
//! the tool itself has written.

use std::hash::{Hash, Hasher};

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384};
use siphasher::sip::SipHasher13;

use crate::migration::hex;

/// Flyway: CRC32 of the lines without their ends; a byte-order mark is no part of the first.
/// <https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/resolver/ChecksumCalculator.java>
pub(super) fn flyway(bytes: &[u8]) -> i32 {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut sum = crc32fast::Hasher::new();
    // A lone CR ends a line, too.
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        sum.update(line.as_bytes());
    }
    i32::from_ne_bytes(sum.finalize().to_ne_bytes())
}

/// Flyway up to 3: CRC32 of the bytes as they are. Flyway 4 makes all sums of such a table anew.
/// <https://github.com/flyway/flyway/blob/flyway-3.2.1/flyway-core/src/main/java/org/flywaydb/core/internal/resolver/sql/SqlMigrationResolver.java>
pub(super) fn old_flyway(bytes: &[u8]) -> i32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(bytes);
    i32::from_ne_bytes(sum.finalize().to_ne_bytes())
}

/// refinery: SipHash-1-3 of name, version and text. Versions have 32 bits, or 64 where the application asked for it.
/// <https://docs.rs/refinery-core/latest/refinery_core/struct.Migration.html#method.checksum>
pub(super) fn refinery(name: &str, version: i64, bytes: &[u8]) -> [Option<u64>; 2] {
    let text = String::from_utf8_lossy(bytes);
    let sum = |write: &dyn Fn(&mut SipHasher13)| {
        let mut hasher = SipHasher13::new();
        name.hash(&mut hasher);
        write(&mut hasher);
        text.hash(&mut hasher);
        hasher.finish()
    };
    let narrow = i32::try_from(version).ok();
    [
        narrow.map(|version| sum(&|hasher| hasher.write(&version.to_le_bytes()))),
        Some(sum(&|hasher| hasher.write(&version.to_le_bytes()))),
    ]
}

/// sqlx: SHA-384 of the file without the characters that it was told to ignore.
/// <https://docs.rs/sqlx/latest/sqlx/migrate/struct.ResolveConfig.html#method.ignore_char>
pub(super) fn sqlx(bytes: &[u8], ignored: &[char]) -> Vec<u8> {
    match ignored {
        [] => Sha384::digest(bytes).to_vec(),
        _ => Sha384::digest(String::from_utf8_lossy(bytes).replace(ignored, "")).to_vec(),
    }
}

/// What sqlx may have been told to ignore: any of the characters that its documentation proposes.
pub(super) fn ignored_by_sqlx() -> impl Iterator<Item = Vec<char>> {
    const CHARACTERS: [char; 5] = [' ', '\t', '\r', '\n', '\u{feff}'];
    let chosen = |choice: usize| (0..CHARACTERS.len()).filter(move |at| choice >> at & 1 == 1);
    (1..1 << CHARACTERS.len()).map(move |choice| chosen(choice).map(|at| CHARACTERS[at]).collect())
}

/// Prisma, Drizzle: SHA-256 of the file.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// What old releases of Prisma wrote: each byte without its leading zero.
/// <https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/schema-connector/src/checksum.rs>
pub(super) fn sha256_unpadded(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:x}");
        text
    })
}

/// Sqitch: SHA-1 of the deploy script.
pub(super) fn sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

/// The bytes as they are, with LF and with CRLF at the ends of lines: Git may have changed them since.
pub(super) fn spellings(bytes: &[u8]) -> [Vec<u8>; 3] {
    let lf: Vec<u8> = String::from_utf8_lossy(bytes).replace("\r\n", "\n").into_bytes();
    let crlf = String::from_utf8_lossy(&lf).replace('\n', "\r\n").into_bytes();
    [bytes.to_vec(), lf, crlf]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://github.com/rust-db/refinery/blob/main/refinery/tests/rusqlite.rs>
    #[test]
    fn refinery_s_own_constants_come_out() {
        let initial = "CREATE TABLE persons (\n    id int,\n    name varchar(255),\n    city varchar(255)\n);\n";
        let cars = "CREATE TABLE cars (\n    id int,\n    name varchar(255)\n);\n";
        for (name, version, text, wanted) in [
            ("initial", 1, initial, 2_959_965_718_684_201_605),
            ("add_cars_table", 2, cars, 8_238_603_820_526_370_208),
        ] {
            let [narrow, wide] = refinery(name, version, text.as_bytes());
            assert_eq!(narrow, Some(wanted));
            assert_ne!(wide, narrow);
        }
        assert_eq!(
            refinery("a", 20_260_101_090_000, b"")[0],
            None,
            "that has more than 32 bits"
        );
    }

    /// FIPS 180's own example. The suite `adopt` lets sqlx look at what is written with it.
    #[test]
    fn sqlx_s_sum_is_sha_384_of_the_file() {
        let wanted = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
        assert_eq!(hex(&sqlx(b"abc", &[])), wanted);
        assert_eq!(
            hex(&sqlx(b"\xef\xbb\xbfa b\r\nc", &['\u{feff}', ' ', '\r', '\n'])),
            wanted
        );
        assert_ne!(sqlx(b"abc\r\n", &[]), sqlx(b"abc\n", &[]));
        assert_eq!(sqlx(b"abc\r\n", &['\r']), sqlx(b"abc\n", &[]));
    }

    #[test]
    fn what_sqlx_may_ignore_is_any_of_five_characters() {
        let all: std::collections::BTreeSet<Vec<char>> = ignored_by_sqlx().collect();
        assert_eq!(all.len(), 31);
        assert!(all.contains(&vec!['\r']) && all.contains(&vec![' ', '\t', '\r', '\n', '\u{feff}']));
    }

    /// <https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/schema-connector/src/checksum.rs>
    #[test]
    fn prisma_s_own_constants_come_out() {
        let wanted = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(sha256(b"hello"), wanted);
        for [unix, windows] in [
            ["ab\ncd\nef\ngh\rab", "ab\r\ncd\r\nef\r\ngh\rab"],
            ["ab\ncd\nef\ngh\rab\n", "ab\r\ncd\r\nef\r\ngh\rab\r\n"],
        ] {
            for [file, ran] in [[unix, windows], [windows, unix], [unix, unix], [windows, windows]] {
                let sums = spellings(file.as_bytes()).map(|bytes| sha256(&bytes));
                assert!(sums.contains(&sha256(ran.as_bytes())));
            }
        }
        assert!(
            !spellings(b"abc\n")
                .map(|bytes| sha256(&bytes))
                .contains(&sha256(b"abc"))
        );
    }

    /// What `readMigrationFiles` of drizzle-orm 0.45.4 returns for such a file.
    /// <https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/migrator.ts>
    #[test]
    fn the_sum_that_drizzle_has_made_comes_out() {
        let text = "CREATE TABLE `people` (\n\t`id` integer PRIMARY KEY NOT NULL\n);\n--> statement-breakpoint\nCREATE TABLE `pets` (`id` integer);";
        assert_eq!(
            sha256(text.as_bytes()),
            "ac84df36e22ef52600e8c3dfd08db711f7b438dcd59004625c5a241f6ff890ff"
        );
    }

    /// FIPS 180's own example: Sqitch takes the file as it is.
    /// <https://github.com/sqitchers/sqitch/blob/develop/lib/App/Sqitch/Plan/Change.pm>
    #[test]
    fn sqitch_s_sum_is_sha_1_of_the_file() {
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    /// What Flyway 10.17.3 has written for these files. The sum of a repeatable script is that of its text with placeholders replaced.
    #[test]
    fn the_sums_that_flyway_has_written_come_out() {
        for (text, wanted) in [
            ("CREATE TABLE people (\n  id integer PRIMARY KEY\n);\n", 989_010_355),
            ("CREATE TABLE pets (\r\n  id integer\r\n);\r\n\r\n", -762_938_871),
            ("\u{feff}CREATE TABLE toys (id integer);", 1_919_048_653),
            (
                "-- café \n\nCREATE TABLE a (b integer);\rCREATE TABLE c (d integer);\n",
                -1_858_311_732,
            ),
            (
                "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS one;\n",
                -983_208_875,
            ),
        ] {
            assert_eq!(flyway(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn line_ends_and_a_mark_do_not_matter_to_flyway() {
        let sum = flyway(b"CREATE TABLE a (b int);\nSELECT 1;\n");
        assert_eq!(flyway("\u{feff}CREATE TABLE a (b int);\r\nSELECT 1;".as_bytes()), sum);
        assert_eq!(flyway(b""), 0);
        // zlib.crc32(b"abc")
        assert_eq!(flyway(b"ab\nc"), 0x3524_41c2);
    }

    #[test]
    fn old_prisma_sums_lack_zeros() {
        // sha256("3") = 4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce
        assert_eq!(
            sha256_unpadded(b"3"),
            "4e7408562bedb8b60ce5c1decfe3ad16b72230967de01f64b7e4729b49fce"
        );
        assert!(sha256_unpadded(b"3").len() < 64);
    }
}
