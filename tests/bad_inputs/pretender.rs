//! Servers that are not what they should be: threads that answer on loopback as they are told.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::case::Engine;
use crate::live::address_of;

/// A server that does this with each connection; its port.
pub(crate) fn pretend(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = std::sync::Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = std::sync::Arc::clone(&answer);
            thread::spawn(move || answer(stream));
        }
    });
    port
}

/// Reads a message without a type: its length, and the rest.
pub(crate) fn opening(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut rest = vec![0; usize::try_from(u32::from_be_bytes(length)).ok()?.checked_sub(4)?];
    stream.read_exact(&mut rest).ok()?;
    Some(rest)
}

/// A server without encryption that answers these bytes to whoever wants to begin a session.
pub(crate) fn answers(bytes: impl Into<Vec<u8>>) -> u16 {
    let bytes = bytes.into();
    answers_by(move |mut stream| {
        let _ = stream.write_all(&bytes);
        // Whoever waits for more waits in vain.
        thread::sleep(Duration::from_secs(20));
    })
}

/// A server without encryption that does this with whoever wants to begin a session.
pub(crate) fn answers_by(answer: impl Fn(&TcpStream) + Send + Sync + 'static) -> u16 {
    pretend(move |mut stream: TcpStream| {
        let wants_encryption = opening(&mut stream).is_some_and(|message| message.len() == 4);
        if wants_encryption && (stream.write_all(b"N").is_err() || opening(&mut stream).is_none()) {
            return;
        }
        answer(&stream);
    })
}

/// Waits for something that the client says.
pub(crate) fn hears(mut stream: &TcpStream) {
    let _ = stream.read(&mut [0; 4096]);
}

/// A message of the protocol.
pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind][..], &length.to_be_bytes(), body].concat()
}

/// An error as the server sends it.
pub(crate) fn error(code: &str, text: &str) -> Vec<u8> {
    let body = format!("SFATAL\0VFATAL\0C{code}\0M{text}\0\0");
    message(b'E', body.as_bytes())
}

/// PostgreSQL, with words in its answers replaced by others of the same length; its port.
pub(crate) fn retold(words: &[(&str, &str)]) -> u16 {
    retold_by(Engine::Postgres, words)
}

/// A server, with words in its answers replaced by others of the same length; its port.
pub(crate) fn retold_by(engine: Engine, words: &[(&str, &str)]) -> u16 {
    let words: Vec<(Vec<u8>, Vec<u8>)> = words.iter().map(|(from, to)| ((*from).into(), (*to).into())).collect();
    pretend(move |client: TcpStream| {
        let server = TcpStream::connect(address_of(engine)).unwrap();
        let (to_server, from_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        thread::spawn(move || pump(from_client, to_server, &[]));
        pump(server, client, &words);
    })
}

/// Hands on what comes, with words replaced by others.
pub(crate) fn pump(mut from: TcpStream, mut to: TcpStream, words: &[(Vec<u8>, Vec<u8>)]) {
    let mut buffer = vec![0; 65536];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        for (word, other) in words {
            assert_eq!(word.len(), other.len());
            for at in 0..length.saturating_sub(word.len() - 1) {
                if buffer[at..length].starts_with(word) {
                    buffer[at..at + word.len()].copy_from_slice(other);
                }
            }
        }
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
