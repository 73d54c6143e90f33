//! A proxy on loopback that stops at a message of the client, so that somebody can be killed there.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

use crate::messages::{Messages, readable};
use crate::server::Engine;

/// Where the proxy stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// The number of the message, from 1.
    pub(crate) message: usize,
    pub(crate) moment: Moment,
}

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
    task: JoinHandle<()>,
}

/// What stops, and who is told.
struct Watch {
    stop: Option<Stop>,
    reached: mpsc::Sender<()>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Messages of all connections are counted together: a run that leaves something with its session takes another one. What looks
    /// on when a statement takes long comes after the stop.
    pub(crate) async fn new(engine: Engine, server: u16, stop: Option<Stop>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, reached) = mpsc::channel(1);
        let seen = Arc::default();
        let watch = Arc::new(Watch {
            stop,
            reached: sender,
            seen: Arc::clone(&seen),
        });
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else {
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
            task,
        }
    }

    /// Waits until the proxy stops at its message; it then holds the connection until it is dropped.
    pub(crate) async fn reached(&mut self) {
        if self.reached.recv().await.is_none() {
            // The connection has ended before.
            std::future::pending::<()>().await;
        }
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
    let halt = async || {
        let _ = watch.reached.send(()).await;
        std::future::pending::<()>().await;
    };
    let mut is_answered = false;
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let Ok(read @ 1..) = read else {
                    if is_answered {
                        halt().await;
                    }
                    return;
                };
                messages.add(&from_client[..read]);
                while let Some(message) = messages.next() {
                    let count = {
                        let mut seen = watch.seen.lock().unwrap_or_else(PoisonError::into_inner);
                        seen.push(readable(&message));
                        seen.len()
                    };
                    let moment = watch.stop.filter(|stop| stop.message == count).map(|stop| stop.moment);
                    if moment == Some(Moment::Before) {
                        halt().await;
                    }
                    if server.write_all(&message).await.is_err() {
                        return;
                    }
                    if moment == Some(Moment::Sent) {
                        halt().await;
                    }
                    is_answered = moment == Some(Moment::Answered);
                }
            }
            read = server.read(&mut from_server) => {
                // A goodbye is answered with the end of the connection, which comes from either side first.
                let read = read.unwrap_or_default();
                let handed = client.write_all(&from_server[..read]).await;
                if is_answered {
                    halt().await;
                }
                if read == 0 || handed.is_err() {
                    return;
                }
            }
        }
    }
}
