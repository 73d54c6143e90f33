//! Checksums of other tools, made in another way than the product makes them.

/// As hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// CRC32 of a line at a time, as Java's `BufferedReader` gives them.
pub(crate) fn flyway(text: &str) -> i32 {
    let mut sum = crc32fast::Hasher::new();
    let text = text.trim_start_matches('\u{feff}');
    text.lines().for_each(|line| sum.update(line.as_bytes()));
    sum.finalize().cast_signed()
}
