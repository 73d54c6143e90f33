//! Encryption of our own, for what the driver's cannot do: `channel_binding=require`, `sslnegotiation=direct`, versions of TLS, and
//! `hostaddr` beside the name in the certificate.
//!
//! The driver connects to a socket in a directory that only we can enter, and what comes there is handed on over TLS. Where the password has to be
//! bound to the connection, it is asked for and given here; the driver is told that it is let in.
//!
//! <https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SSL>, <https://www.postgresql.org/docs/18/sasl-authentication.html>

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use secrecy::ExposeSecret;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::address::{self, PORT};
use super::binding::{Exchange, end_point};
use super::certificates;
use crate::database::Target;

/// A message that is longer at the beginning of a session is none.
const LONGEST: usize = 64 * 1024;

/// What the driver's own encryption cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    /// The password is bound to the connection.
    binding: bool,
    /// Encryption begins at once.
    direct: bool,
    /// Versions of TLS, from and to.
    versions: (u8, u8),
    /// The address is another one than the name.
    address: bool,
}

impl Wanted {
    /// What a URL asks for; `None` where the driver can do it.
    fn by(target: &Target, mode: PgSslMode) -> Option<Self> {
        let is = |name: &str, value: &str| {
            target
                .parameter(name)
                .is_some_and(|said| said.eq_ignore_ascii_case(value))
        };
        let wanted = Self {
            binding: is("channel_binding", "require"),
            direct: is("sslnegotiation", "direct"),
            versions: (
                if is("ssl_min_protocol_version", "TLSv1.3") {
                    3
                } else {
                    2
                },
                if is("ssl_max_protocol_version", "TLSv1.2") {
                    2
                } else {
                    3
                },
            ),
            address: matches!(mode, PgSslMode::VerifyFull)
                && target
                    .parameter("hostaddr")
                    .is_some_and(|_| target.address.host.is_some()),
        };
        let plain = !wanted.binding && !wanted.direct && wanted.versions == (2, 3) && !wanted.address;
        (!plain).then_some(wanted)
    }
}

/// What is said of a server that encrypts nothing, in the words of the driver.
const NO_TLS: &str = "server does not support TLS";

const NOT_AT_ONCE: &str = "the server does not take encryption at once; leave `sslnegotiation=direct` out";

fn tls(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Tls(error.into())
}

/// An error on this machine, for which no server is waited.
fn local(error: io::Error) -> sqlx::Error {
    let place = std::env::temp_dir();
    sqlx::Error::Configuration(format!("no socket can be made in {}: {error}", place.display()).into())
}

/// A directory that nobody else can enter, as long as this lives.
struct Directory(PathBuf);

impl Directory {
    fn new() -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let name = format!("syncline-{}", uuid::Uuid::new_v4().simple());
        let path = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Connects, through a relay where that is needed.
pub(super) async fn connect(target: &Target, options: PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mode = options.get_ssl_mode();
    let Some(wanted) = Wanted::by(target, mode).filter(|_| !matches!(mode, PgSslMode::Disable)) else {
        return options.connect().await;
    };
    let plain = options.clone().ssl_mode(PgSslMode::Disable);
    let directory = Directory::new().map_err(local)?;
    let listener = UnixListener::bind(directory.0.join(format!(".s.PGSQL.{PORT}"))).map_err(local)?;
    let inside = directory.0.to_string_lossy().into_owned();
    let options = options.host(&inside).port(PORT).ssl_mode(PgSslMode::Disable);
    let serving = async {
        let (mut client, _) = listener.accept().await?;
        let Some(mut server) = lead(target, wanted, mode, &mut client).await? else {
            return Ok(());
        };
        tokio::spawn(async move {
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
        Ok(())
    };
    let (connected, served) = tokio::join!(options.connect(), serving);
    // Why the relay gave up says more than that it did.
    match served.and(connected) {
        // Nothing need be encrypted, and a version is about what is.
        Err(sqlx::Error::Tls(error))
            if matches!(mode, PgSslMode::Prefer)
                && !wanted.binding
                && !wanted.direct
                && error.to_string() == NO_TLS =>
        {
            plain.connect().await
        }
        connected => connected,
    }
}

/// Brings the driver to the server. `None` when the server has refused, and the driver knows.
async fn lead(
    target: &Target,
    wanted: Wanted,
    mode: PgSslMode,
    client: &mut UnixStream,
) -> Result<Option<TlsStream<TcpStream>>, sqlx::Error> {
    let startup = read_startup(client).await?;
    let mut server = encrypted(target, wanted, mode).await?;
    server.write_all(&startup).await?;
    server.flush().await?;
    if !wanted.binding {
        return Ok(Some(server));
    }
    let (_, connection) = server.get_ref();
    let certificate = connection.peer_certificates().and_then(<[_]>::first);
    let end_point = certificate
        .and_then(|certificate| end_point(certificate))
        .ok_or_else(|| tls("the certificate of the server is none that a password can be bound to"))?;
    let password = target
        .address
        .password
        .as_ref()
        .map_or("", |password| password.expose_secret());
    let mut exchange = Exchange::new(password, &end_point);
    loop {
        let (kind, body) = read_message(&mut server).await?;
        match kind {
            b'E' => {
                client.write_all(&message(kind, &body)).await?;
                return Ok(None);
            }
            b'R' => {}
            _ => {
                return Err(sqlx::Error::Protocol(
                    "the server does not say who may come in".to_owned(),
                ));
            }
        }
        match exchange.answer(&body).map_err(tls)? {
            Some(answer) => {
                server.write_all(&message(b'p', &answer)).await?;
                server.flush().await?;
            }
            None if exchange.is_over() => {
                client.write_all(&message(kind, &body)).await?;
                return Ok(Some(server));
            }
            None => {}
        }
    }
}

/// A connection that is encrypted as the URL asks for.
async fn encrypted(target: &Target, wanted: Wanted, mode: PgSslMode) -> Result<TlsStream<TcpStream>, sqlx::Error> {
    let port = target.address.port.unwrap_or(PORT);
    let place = address::host(target, port);
    let mut stream = TcpStream::connect((place.as_str(), port)).await?;
    if !wanted.direct {
        stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).await?;
        if stream.read_u8().await? != b'S' {
            return Err(tls(NO_TLS));
        }
    }
    let mut config = certificates::config(target, mode, wanted.versions)?;
    if wanted.direct {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    let name = target
        .address
        .host
        .clone()
        .filter(|host| !host.is_empty())
        .unwrap_or(place);
    let name = ServerName::try_from(name).map_err(tls)?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let stream = connected.map_err(|error| match error.kind() {
        // One that waits to be asked closes, and would tomorrow.
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe if wanted.direct => {
            tls(NOT_AT_ONCE)
        }
        _ => error.into(),
    })?;
    // Who does not say what he speaks could be of another kind.
    if wanted.direct && stream.get_ref().1.alpn_protocol() != Some(b"postgresql") {
        return Err(tls(NOT_AT_ONCE));
    }
    Ok(stream)
}

/// The first message has no kind.
async fn read_startup(client: &mut UnixStream) -> io::Result<Vec<u8>> {
    let length = client.read_u32().await?;
    let rest = (length as usize).checked_sub(4).filter(|rest| *rest <= LONGEST);
    let rest = rest.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    let mut startup = length.to_be_bytes().to_vec();
    startup.resize(4 + rest, 0);
    client.read_exact(startup.get_mut(4..).unwrap_or_default()).await?;
    Ok(startup)
}

async fn read_message(server: &mut TlsStream<TcpStream>) -> io::Result<(u8, Vec<u8>)> {
    let kind = server.read_u8().await?;
    let length = server.read_u32().await? as usize;
    let rest = length.checked_sub(4).filter(|rest| *rest <= LONGEST);
    let mut body = vec![0; rest.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?];
    server.read_exact(&mut body).await?;
    Ok((kind, body))
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&[kind], length.to_be_bytes().as_slice(), body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::postgres::errors::unreachable_server;

    #[test]
    fn what_is_wrong_on_this_machine_is_not_waited_for() {
        let target = Target::from_url("postgres://me@h/d").unwrap();
        let error = unreachable_server(&local(io::ErrorKind::NotFound.into()), &target);
        assert_eq!(error.conflict, None, "{error:?}");
        assert!(error.hint.is_some_and(|hint| hint.contains("TMPDIR")));
    }
}
