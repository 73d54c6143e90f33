//! A real server whose messages are damaged on their way: a proxy on loopback that knows where they begin and end.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::case::Engine;
use crate::live::address_of;
use crate::pretender::{message, pretend};
use crate::random::Random;

/// What happens to a message of the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Damage {
    /// It and all that follow are other bytes.
    Garbage,
    /// One byte is another.
    Byte,
    /// It says that it is as long as can be.
    Giant,
    /// It says that it has no length.
    Empty,
    /// It says that its length is below nothing.
    Negative,
    /// Its end is missing, and it says so.
    Short,
    /// It comes twice.
    Twice,
    /// Behind it comes another without end: a notice.
    Notices,
    /// Behind it comes the same, larger and without end.
    Rows,
    /// A file is asked for in its place.
    WantsFile,
    /// It never comes, and nothing else does.
    Silence,
}

/// Which message of the first connection, from 0, and by what chance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Twist {
    pub(crate) message: usize,
    pub(crate) damage: Damage,
    pub(crate) seed: u64,
}

/// What went through.
#[derive(Default)]
pub(crate) struct Seen {
    /// Messages of the server on the first connection.
    pub(crate) from_server: Mutex<Vec<Vec<u8>>>,
    /// What the client said.
    pub(crate) from_client: Mutex<Vec<u8>>,
    /// Whether there was a message to be damaged.
    pub(crate) damaged: AtomicBool,
    connections: AtomicUsize,
}

/// After a message was damaged, nothing happens for so long before both sides are hung up on: what a client does whose server stays
/// silent for ever has tests of its own.
const IDLE: Duration = Duration::from_millis(120);

/// The proxy; its port.
pub(crate) fn twisted(engine: Engine, twist: Option<Twist>) -> (u16, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let shared = Arc::clone(&seen);
    let port = pretend(move |client| {
        let (host, port) = address_of(engine);
        let Ok(server) = TcpStream::connect((host.as_str(), port)) else {
            return;
        };
        let is_first = shared.connections.fetch_add(1, SeqCst) == 0;
        let link = Link {
            engine,
            twist: twist.filter(|_| is_first),
            seen: Arc::clone(&shared),
            is_first,
            asked: AtomicBool::new(false),
            damaged: AtomicBool::new(false),
            last: Mutex::new(Instant::now()),
        };
        for stream in [&client, &server] {
            stream.set_nodelay(true).unwrap();
            stream.set_read_timeout(Some(IDLE / 2)).unwrap();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| link.to_server(&client, &server));
            link.to_client(&server, &client);
        });
    });
    (port, seen)
}

struct Link {
    engine: Engine,
    twist: Option<Twist>,
    seen: Arc<Seen>,
    is_first: bool,
    /// A client of PostgreSQL has asked for encryption; the answer is a byte.
    asked: AtomicBool,
    damaged: AtomicBool,
    last: Mutex<Instant>,
}

impl Link {
    /// What there is to read; empty at the end, or when nothing has happened for too long.
    fn read(&self, mut from: &TcpStream, buffer: &mut [u8]) -> usize {
        loop {
            match from.read(buffer) {
                Ok(length) => {
                    *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
                    return length;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let is_silent = self.twist.is_some_and(|twist| twist.damage == Damage::Silence);
                    let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
                    if self.damaged.load(SeqCst) && !is_silent && last.elapsed() > IDLE {
                        return 0;
                    }
                }
                Err(_) => return 0,
            }
        }
    }

    fn to_server(&self, client: &TcpStream, mut server: &TcpStream) {
        const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 4, 210, 22, 47];
        let mut buffer = vec![0; 65536];
        loop {
            let length = self.read(client, &mut buffer);
            let bytes = &buffer[..length];
            if bytes == SSL_REQUEST {
                self.asked.store(true, SeqCst);
            }
            let mut said = self.seen.from_client.lock().unwrap_or_else(PoisonError::into_inner);
            said.extend(bytes);
            drop(said);
            if length == 0 || server.write_all(bytes).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    }

    fn to_client(&self, server: &TcpStream, mut client: &TcpStream) {
        let mut buffer = vec![0; 65536];
        let (mut pending, mut count) = (Vec::new(), 0);
        let mut chance = Random(self.twist.map_or(0, |twist| twist.seed));
        'link: loop {
            let length = self.read(server, &mut buffer);
            if length == 0 {
                break;
            }
            pending.extend_from_slice(&buffer[..length]);
            while let Some(length) = self.first_message(&pending) {
                let message: Vec<u8> = pending.drain(..length).collect();
                if self.is_first {
                    let mut seen = self.seen.from_server.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.push(message.clone());
                }
                let goes_on = match self.twist {
                    Some(twist) if twist.message == count || (twist.damage.lasts() && twist.message < count) => {
                        self.damaged.store(true, SeqCst);
                        self.seen.damaged.store(true, SeqCst);
                        self.damage(twist.damage, message, &mut chance, client)
                    }
                    _ => client.write_all(&message).is_ok(),
                };
                count += 1;
                if !goes_on {
                    break 'link;
                }
            }
        }
        let _ = client.shutdown(Shutdown::Both);
    }

    /// How long the first message is that is there as a whole.
    fn first_message(&self, bytes: &[u8]) -> Option<usize> {
        let length = match self.engine {
            Engine::MariaDb => 4 + number(&[*bytes.get(2)?, *bytes.get(1)?, *bytes.first()?]),
            _ if !bytes.is_empty() && self.asked.swap(false, SeqCst) => 1,
            _ => 1 + number(bytes.get(1..5)?),
        };
        (bytes.len() >= length).then_some(length)
    }

    /// Sends what becomes of a message. False when nothing can be sent any more.
    fn damage(&self, damage: Damage, message: Vec<u8>, chance: &mut Random, mut client: &TcpStream) -> bool {
        match damage {
            Damage::Notices => {
                let notice = notice();
                client.write_all(&message).is_ok() && without_end(client, &notice)
            }
            Damage::Rows => client.write_all(&message).is_ok() && without_end(client, &self.large(&message)),
            Damage::Silence => true,
            Damage::WantsFile => client.write_all(b"\x0c\0\0\x01\xfbsecret.txt").is_ok(),
            damage => client.write_all(&self.changed(damage, message, chance)).is_ok(),
        }
    }

    fn changed(&self, damage: Damage, mut message: Vec<u8>, chance: &mut Random) -> Vec<u8> {
        let at = usize::from(self.engine != Engine::MariaDb);
        if message.len() < 4 + at {
            // The byte that answers the wish for encryption.
            return vec![byte(chance); 1 + chance.below(8)];
        }
        match damage {
            Damage::Garbage => (0..=message.len()).map(|_| byte(chance)).collect(),
            Damage::Byte => {
                let index = chance.below(message.len());
                message[index] ^= byte(chance).max(1);
                message
            }
            Damage::Giant => self.with_length(message, 0x7fff_ffff),
            Damage::Empty => self.with_length(message, 0),
            Damage::Negative => self.with_length(message, u32::MAX),
            // Of one without content the last byte of its head.
            Damage::Short if message.len() == 4 + at => message[..3 + at].to_vec(),
            Damage::Short => {
                message.truncate(4 + at + chance.below(message.len() - 4 - at));
                let length = u32::try_from(message.len() - at).unwrap();
                self.with_length(message, if at == 1 { length } else { length - 4 })
            }
            _ => message.repeat(2),
        }
    }

    fn with_length(&self, mut message: Vec<u8>, length: u32) -> Vec<u8> {
        match self.engine {
            Engine::MariaDb => message[..3].copy_from_slice(&length.to_le_bytes()[..3]),
            _ => message[1..5].copy_from_slice(&length.to_be_bytes()),
        }
        message
    }

    /// A row like this one, with a large value in its first column, which is a short one.
    fn large(&self, row: &[u8]) -> Vec<u8> {
        const SIZE: u32 = 1 << 20;
        let value = vec![b'x'; SIZE as usize];
        match self.engine {
            Engine::MariaDb => {
                let rest = &row[5 + usize::from(row[4])..];
                let body = [&[0xfd][..], &SIZE.to_le_bytes()[..3], &value, rest].concat();
                let length = u32::try_from(body.len()).unwrap();
                [&length.to_le_bytes()[..3], &[row[3]], &body].concat()
            }
            _ => {
                let rest = &row[11 + number(&row[7..11])..];
                message(b'D', &[&row[5..7], &SIZE.to_be_bytes(), &value, rest].concat())
            }
        }
    }
}

impl Damage {
    fn lasts(self) -> bool {
        matches!(self, Self::Garbage | Self::Silence)
    }
}

/// What PostgreSQL says beside its answers.
pub(crate) fn notice() -> Vec<u8> {
    message(b'N', b"SNOTICE\0VNOTICE\0C00000\0M\x1b]0;owned\x07 once more\0\0")
}

/// Sends the same again and again until nobody listens; false.
pub(crate) fn without_end(mut to: &TcpStream, message: &[u8]) -> bool {
    let many = message.repeat(1 + (1 << 16) / message.len());
    while to.write_all(&many).is_ok() {}
    false
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn byte(chance: &mut Random) -> u8 {
    chance.next().to_le_bytes()[0]
}
