//! The checksums of other tools, over the bytes of a file. Each is checked with constants from the tool's own tests, or with values that
//! the tool itself has written.

use std::hash::{Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
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

/// sqlx: SHA-384 of the file.
pub(super) fn sqlx(bytes: &[u8]) -> String {
    hex(&sqlx_bytes(bytes))
}

pub(super) fn sqlx_bytes(bytes: &[u8]) -> Vec<u8> {
    Sha384::digest(bytes).to_vec()
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

/// Atlas: one running SHA-256 over the names and bytes of all files, told after each.
/// <https://github.com/ariga/atlas/blob/master/sql/migrate/dir.go>
#[derive(Default)]
pub(super) struct Atlas(Sha256);

impl Atlas {
    pub fn next(&mut self, name: &str, bytes: &[u8]) -> String {
        self.0.update(name);
        // The file's own line says that it is not counted.
        if !String::from_utf8_lossy(bytes)
            .lines()
            .any(|line| line.trim() == "-- atlas:sum ignore")
        {
            self.0.update(bytes);
        }
        BASE64.encode(self.0.clone().finalize())
    }
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

    #[test]
    fn refinery_s_own_constants_come_out() {
        // refinery_core/src/runner.rs and refinery/tests: `initial`, version 1 and `add_cars_table`.
        let initial = "CREATE TABLE persons (\n    id int,\n    name varchar(255),\n    city varchar(255)\n);\n";
        let [narrow, _] = refinery("initial", 1, initial.as_bytes());
        let own = refinery_core::Migration::unapplied("V1__initial", initial)
            .unwrap()
            .checksum();
        assert_eq!(narrow, Some(own));
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
