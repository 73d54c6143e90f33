//! A proxy on loopback that does something to the connection at a message of the client, or stops there so that somebody can be
//! killed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinHandle, JoinSet};

use crate::messages::{Messages, readable};
use crate::server::Engine;

/// Where the proxy does what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// The number of the message, from 1.
    pub(crate) message: usize,
    pub(crate) moment: Moment,
    pub(crate) deed: Deed,
}

/// What is done to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It is held, and the test is told.
    Hold,
    /// Both ends are closed.
    Cut,
    /// Both ends are reset.
    Reset,
    /// Half of the message or of its answer goes through, then both ends are closed.
    Halve,
    /// It goes on after a while.
    Delay,
    /// It stays open, and nothing comes through any more in either direction.
    Swallow,
}

/// Longer than a statement may take before somebody looks on.
const DELAY: Duration = Duration::from_millis(400);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// It does not reach the server.
    Before,
    /// It has been handed to the server.
    Sent,
    /// Its answer has been handed to the client.
    Answered,
}

pub(crate) const MOMENTS: [Moment; 3] = [Moment::Before, Moment::Sent, Moment::Answered];

/// Ends with all its connections when it is dropped.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    reached: mpsc::Receiver<()>,
    seen: Arc<Mutex<Vec<String>>>,
    released: Arc<Notify>,
    task: JoinHandle<()>,
}

/// What stops, and who is told.
struct Watch {
    stop: Option<Stop>,
    reached: mpsc::Sender<()>,
    released: Arc<Notify>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Messages of all connections are counted together: a run that leaves something with its session takes another one. What looks
    /// on when a statement takes long comes after the stop.
    pub(crate) async fn new(engine: Engine, server: u16, stop: Option<Stop>) -> Self {
        Self::between(engine, [server, server], stop).await
    }

    /// The first connection goes to one server, all others to another.
    pub(crate) async fn between(engine: Engine, servers: [u16; 2], stop: Option<Stop>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, reached) = mpsc::channel(1);
        let (seen, released) = (Arc::default(), Arc::<Notify>::default());
        let watch = Arc::new(Watch {
            stop,
            reached: sender,
            released: Arc::clone(&released),
            seen: Arc::clone(&seen),
        });
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            let [mut server, others] = servers;
            while let Ok((client, _)) = listener.accept().await {
                let port = std::mem::replace(&mut server, others);
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else {
                    continue;
                };
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                connections.spawn(pump(client, server, Messages::of(engine), Arc::clone(&watch)));
            }
        });
        Self {
            port,
            reached,
            seen,
            released,
            task,
        }
    }

    /// Waits until the proxy stops at its message; it then holds the connection until it goes on or is dropped.
    pub(crate) async fn reached(&mut self) {
        if self.reached.recv().await.is_none() {
            // The connection has ended before.
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn go_on(&self) {
        self.released.notify_one();
    }

    /// The messages of the client so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pump(mut client: TcpStream, mut server: TcpStream, mut messages: Messages, watch: Arc<Watch>) {
    let (mut from_client, mut from_server) = (vec![0; 65536], vec![0; 65536]);
    let mut is_answered = false;
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let read = read.unwrap_or_default();
                messages.add(&from_client[..read]);
                while let Some(message) = messages.next() {
                    let at = watch.at(&message);
                    if at == Some(Moment::Before) && watch.harm(&mut client, &mut server, Side::Server, &message).await {
                        return;
                    }
                    if server.write_all(&message).await.is_err() {
                        return;
                    }
                    if at == Some(Moment::Sent) && watch.harm(&mut client, &mut server, Side::Server, &[]).await {
                        return;
                    }
                    is_answered = at == Some(Moment::Answered);
                }
                // A goodbye is answered with the end of the connection, which comes from either side first.
                if read == 0 {
                    if is_answered {
                        watch.harm(&mut client, &mut server, Side::Client, &[]).await;
                    }
                    return;
                }
            }
            read = server.read(&mut from_server) => {
                let read = read.unwrap_or_default();
                let answer = &from_server[..read];
                let halves = watch.stop.is_some_and(|stop| stop.deed == Deed::Halve);
                let before = std::mem::take(&mut is_answered);
                if before && halves && watch.harm(&mut client, &mut server, Side::Client, answer).await {
                    return;
                }
                let handed = client.write_all(answer).await;
                if before && watch.harm(&mut client, &mut server, Side::Client, &[]).await {
                    return;
                }
                if read == 0 || handed.is_err() {
                    return;
                }
            }
        }
    }
}

/// Who would get what is halved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

impl Watch {
    /// Whether something is done at this message, and when.
    fn at(&self, message: &[u8]) -> Option<Moment> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(readable(message));
        self.stop
            .filter(|stop| stop.message == seen.len())
            .map(|stop| stop.moment)
    }

    /// Does it. True when the connection is over.
    async fn harm(&self, client: &mut TcpStream, server: &mut TcpStream, to: Side, bytes: &[u8]) -> bool {
        let Some(stop) = self.stop else { return false };
        match stop.deed {
            Deed::Hold => {
                let _ = self.reached.send(()).await;
                self.released.notified().await;
                return false;
            }
            Deed::Swallow => std::future::pending().await,
            Deed::Delay => {
                tokio::time::sleep(DELAY).await;
                return false;
            }
            Deed::Halve => {
                let half = &bytes[..bytes.len() / 2];
                let side = if to == Side::Client { client } else { server };
                let _ = side.write_all(half).await;
            }
            Deed::Reset => {
                for side in [client, server] {
                    side.set_zero_linger().unwrap();
                }
            }
            Deed::Cut => {}
        }
        true
    }
}
