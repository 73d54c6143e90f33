//! Where a message of a client ends, by the protocol of its server.

use crate::server::Engine;

/// What a client has sent and has not been looked at yet.
pub(crate) struct Messages {
    engine: Engine,
    pending: Vec<u8>,
    /// PostgreSQL's first messages have no type, so their length comes first.
    opening: bool,
}

/// A client of PostgreSQL asks whether the server encrypts; its next message has no type, either.
const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 4, 210, 22, 47];

impl Messages {
    pub(crate) fn of(engine: Engine) -> Self {
        Self {
            engine,
            pending: Vec::new(),
            opening: true,
        }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next message that is there as a whole.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        let length = match (self.engine, self.pending.as_slice()) {
            (Engine::MariaDb, [a, b, c, _, ..]) => 4 + number(&[0, *c, *b, *a]),
            (Engine::Postgres, [length @ .., _]) if self.opening => number(length.get(..4)?),
            (Engine::Postgres, [_, length @ ..]) => 1 + number(length.get(..4)?),
            _ => return None,
        };
        if self.pending.len() < length {
            return None;
        }
        let message: Vec<u8> = self.pending.drain(..length).collect();
        self.opening = self.opening && message == SSL_REQUEST;
        Some(message)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// What of a message can be read.
pub(crate) fn readable(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[test]
fn messages_are_told_apart_wherever_the_bytes_are_cut() {
    let cases: [(Engine, &[&[u8]]); 2] = [
        (Engine::MariaDb, &[b"\x02\0\0\x01ab", b"\0\0\0\0", b"\x01\0\0\0\x01"]),
        (
            Engine::Postgres,
            &[SSL_REQUEST, b"\0\0\0\x06ab", b"Q\0\0\0\x05a", b"X\0\0\0\x04"],
        ),
    ];
    for (engine, sent) in cases {
        for size in 1..20 {
            let mut messages = Messages::of(engine);
            let mut found = Vec::new();
            for bytes in sent.concat().chunks(size) {
                messages.add(bytes);
                found.extend(std::iter::from_fn(|| messages.next()));
            }
            assert_eq!(found, sent, "{size}");
        }
    }
}
