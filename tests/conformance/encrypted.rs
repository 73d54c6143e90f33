//! A PostgreSQL of the test's own that encrypts: words of libpq about who is at the other end. `openssl` makes the certificates.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use syncline::database::Access;
use syncline::{Code, Migrator, Target};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};

use crate::settings::setting;

/// Ends when it is dropped.
struct Server {
    child: Child,
    directory: TempDir,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command of the server's user, since servers refuse to run as root.
fn as_server(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let user = setting("SYNCLINE_TEST_SERVER_USER");
        let group = Command::new("id").args(["-g", &user]).output().unwrap();
        let group = String::from_utf8(group.stdout).unwrap();
        command.args(["--reuid", &user, "--regid", group.trim(), "--clear-groups"]);
    }
    let program = format!("{}/{program}", setting("SYNCLINE_TEST_POSTGRES_BIN"));
    command.args(["env", "LC_ALL=C.UTF-8", &program]).stdin(Stdio::null());
    command
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

fn give(path: &Path) {
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let owner = format!("{}:", setting("SYNCLINE_TEST_SERVER_USER"));
        succeed(Command::new("chown").arg("-R").arg(owner).arg(path));
    }
}

/// An authority, and a certificate of it for `db.example` that is signed with this digest.
fn certificates(place: &Path, digest: &str) {
    let openssl = |words: &str| {
        let words = words.split(' ').filter(|word| !word.is_empty());
        succeed(Command::new("openssl").args(words).current_dir(place));
    };
    const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!(
        "req -x509 {KEY} -keyout ca.key -out ca.pem -subj /CN=ca -days 3"
    ));
    openssl(&format!(
        "req {KEY} -keyout key -out csr -subj /CN=x -addext subjectAltName=DNS:db.example"
    ));
    openssl(&format!(
        "x509 -req -in csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -days 3 {digest} -out cert"
    ));
}

async fn started(digest: &str) -> Server {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    certificates(place, digest);
    fs::write(place.join("password"), "s3cret").unwrap();
    give(place);
    let data = place.join("data");
    let mut initdb = as_server("initdb");
    initdb.args([
        "--username=tester",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
    ]);
    succeed(
        initdb
            .arg("--pwfile")
            .arg(place.join("password"))
            .arg("--pgdata")
            .arg(&data),
    );
    fs::write(
        data.join("pg_hba.conf"),
        "hostssl all tester all scram-sha-256\nhostssl all easy all trust\nhostssl all plain all password\n",
    )
    .unwrap();
    give(&data.join("pg_hba.conf"));
    succeed(Command::new("chmod").arg("600").arg(place.join("key")));
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let log = fs::File::create(place.join("log")).unwrap();
    let mut postgres = as_server("postgres");
    postgres
        .arg("-D")
        .arg(&data)
        .arg("-k")
        .arg(place)
        .args(["-p", &port.to_string()]);
    for setting in ["listen_addresses=127.0.0.1", "fsync=off", "ssl=on"] {
        postgres.args(["-c", setting]);
    }
    postgres.args(["-c", &format!("ssl_cert_file={}", place.join("cert").display())]);
    postgres.args(["-c", &format!("ssl_key_file={}", place.join("key").display())]);
    let child = postgres.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
    let server = Server { child, directory, port };
    let mut target = Target::from_url(&format!(
        "postgres://tester:s3cret@127.0.0.1:{port}/postgres?sslmode=require"
    ))
    .unwrap();
    target.connect_wait = Duration::from_secs(30);
    let made = Migrator::connect_patiently(&target, Access::Write, &mut |_| {})
        .await
        .unwrap();
    made.close().await.unwrap();
    server
}

/// What comes of a URL: nothing, or a code and some words.
async fn outcome(url: &str) -> Result<(), (Code, String)> {
    let target = Target::from_url(url).map_err(|error| (error.code, error.message))?;
    match Migrator::connect(&target, Access::Write).await {
        Ok(mut migrator) => {
            // Rows that are long, and many messages.
            let history = migrator
                .history()
                .await
                .map_err(|error| (error.code(), error.to_string()))?;
            assert!(history.is_absent());
            migrator.close().await.unwrap();
            Ok(())
        }
        Err(error) => Err((error.code(), error.to_string())),
    }
}

/// Nothing, or a code and a part of what is said.
type Expected = Result<(), (Code, &'static str)>;

async fn check(cases: &[(String, Expected)]) {
    for (url, expected) in cases {
        match (outcome(url).await, expected) {
            (Ok(()), Ok(())) => {}
            (Err((code, words)), Err((expected, part))) => {
                assert!(code == *expected && words.contains(part), "{url}: {code}: {words}");
                assert!(!words.contains("s3cret"), "{words}");
            }
            (told, expected) => panic!("{url}: {told:?}, and not {expected:?}"),
        }
    }
}

#[tokio::test]
async fn a_password_is_bound_to_the_connection_where_that_is_asked_for_and_given_to_nobody_else() {
    for digest in ["-sha256", "-sha384"] {
        let server = started(digest).await;
        let port = server.port;
        let at = |login: &str, words: &str| format!("postgres://{login}@127.0.0.1:{port}/postgres?{words}");
        let ca = server.directory.path().join("ca.pem").display().to_string();
        let bound = "channel_binding=require";
        let mut cases = vec![
            (at("tester:s3cret", &format!("sslmode=require&{bound}")), Ok(())),
            (
                at("tester:s3cret", &format!("sslmode=verify-ca&sslrootcert={ca}&{bound}")),
                Ok(()),
            ),
            (
                at("tester:wrong", &format!("sslmode=require&{bound}")),
                Err((Code::Auth, "password authentication failed")),
            ),
            (
                at("easy:s3cret", &format!("sslmode=require&{bound}")),
                Err((Code::Tls, "asks for no password")),
            ),
            (
                at("plain:s3cret", &format!("sslmode=require&{bound}")),
                Err((Code::Tls, "cannot be bound")),
            ),
            (
                at("tester:s3cret", bound),
                Err((Code::BadUrl, "nothing need be encrypted")),
            ),
        ];
        // Whoever stands in between with another certificate of the same authority, or any.
        let between = between(port, server.directory.path(), &[&TLS13, &TLS12]).await;
        let through = |words: &str| format!("postgres://tester:s3cret@127.0.0.1:{between}/postgres?{words}");
        cases.push((through("sslmode=require"), Ok(())));
        cases.push((
            through(&format!("sslmode=require&{bound}")),
            Err((Code::Auth, "channel binding")),
        ));
        // The address is one thing, and the name in the certificate another.
        let named = |host: &str| {
            format!(
                "postgres://tester:s3cret@{host}:{port}/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={ca}"
            )
        };
        cases.push((named("db.example"), Ok(())));
        cases.push((format!("{}&{bound}", named("db.example")), Ok(())));
        cases.push((named("other.example"), Err((Code::Tls, "certificate"))));
        check(&cases).await;
    }
}

/// Somebody with a certificate of his own, who reads what is sent to the server behind him.
async fn between(server: u16, place: &Path, versions: &[&'static SupportedProtocolVersion]) -> u16 {
    let own = tempfile::tempdir().unwrap();
    certificates(own.path(), "-sha256");
    let _ = place;
    relay(own.path(), versions, &[], move |client| async move {
        let mut stream = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
        // He speaks TLS to the server as well, as anybody may.
        tokio::io::AsyncWriteExt::write_all(&mut stream, &[0, 0, 0, 8, 4, 210, 22, 47])
            .await
            .unwrap();
        let mut answer = [0];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut answer)
            .await
            .unwrap();
        let config = tokio_rustls::rustls::ClientConfig::builder()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anybody))
            .with_no_client_auth();
        let name = "x".try_into().unwrap();
        let mut stream = tokio_rustls::TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .unwrap();
        let mut client = client;
        let _ = tokio::io::copy_bidirectional(&mut client, &mut stream).await;
    })
    .await
}

type Encrypted = tokio_rustls::server::TlsStream<TcpStream>;

/// Encrypts for somebody else: in PostgreSQL's way, or at once where the client begins so.
async fn relay<F, Done>(place: &Path, versions: &[&'static SupportedProtocolVersion], alpn: &[&[u8]], then: F) -> u16
where
    F: Fn(Encrypted) -> Done + Clone + Send + 'static,
    Done: Future<Output = ()> + Send,
{
    let read = |name: &str| fs::read(place.join(name)).unwrap();
    let chain = CertificateDer::pem_slice_iter(&read("cert"))
        .map(|found| found.unwrap().into_owned())
        .collect();
    let key = PrivateKeyDer::from_pem_slice(&read("key")).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (acceptor, then) = (acceptor.clone(), then.clone());
            tokio::spawn(async move {
                let mut first = [0; 1];
                if client.peek(&mut first).await.is_ok() && first == [0] {
                    let mut request = [0; 8];
                    tokio::io::AsyncReadExt::read_exact(&mut client, &mut request)
                        .await
                        .unwrap();
                    tokio::io::AsyncWriteExt::write_all(&mut client, b"S").await.unwrap();
                }
                if let Ok(client) = acceptor.accept(client).await {
                    then(client).await;
                }
            });
        }
    });
    port
}

#[derive(Debug)]
struct Anybody;

impl tokio_rustls::rustls::client::danger::ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &tokio_rustls::rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: tokio_rustls::rustls::pki_types::UnixTime,
    ) -> Result<tokio_rustls::rustls::client::danger::ServerCertVerified, tokio_rustls::rustls::Error> {
        Ok(tokio_rustls::rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &tokio_rustls::rustls::DigitallySignedStruct,
    ) -> Result<tokio_rustls::rustls::client::danger::HandshakeSignatureValid, tokio_rustls::rustls::Error> {
        Ok(tokio_rustls::rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &tokio_rustls::rustls::DigitallySignedStruct,
    ) -> Result<tokio_rustls::rustls::client::danger::HandshakeSignatureValid, tokio_rustls::rustls::Error> {
        Ok(tokio_rustls::rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<tokio_rustls::rustls::SignatureScheme> {
        tokio_rustls::rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[tokio::test]
async fn versions_of_tls_and_encryption_from_the_first_byte_are_what_the_url_says() {
    let own = tempfile::tempdir().unwrap();
    certificates(own.path(), "-sha256");
    let url = setting("SYNCLINE_TEST_POSTGRES");
    let server = url.split(['@', '/']).nth(3).unwrap().to_owned();
    let login = url.split(['@', '/']).nth(2).unwrap();
    let plain = move |mut client: Encrypted| {
        let server = server.clone();
        async move {
            let mut stream = TcpStream::connect(server).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut stream).await;
        }
    };
    let both = relay(own.path(), &[&TLS12, &TLS13], &[b"postgresql"], plain.clone()).await;
    let old = relay(own.path(), &[&TLS12], &[], plain.clone()).await;
    let new = relay(own.path(), &[&TLS13], &[], plain).await;
    let at = |port: u16, words: &str| format!("postgres://{login}@127.0.0.1:{port}/postgres?sslmode=require&{words}");
    let began = Instant::now();
    check(&[
        (at(both, "ssl_min_protocol_version=TLSv1.3"), Ok(())),
        (at(both, "ssl_max_protocol_version=TLSv1.2"), Ok(())),
        (at(old, "ssl_min_protocol_version=TLSv1.2"), Ok(())),
        (
            at(old, "ssl_min_protocol_version=TLSv1.3"),
            Err((Code::Tls, "127.0.0.1")),
        ),
        (
            at(new, "ssl_max_protocol_version=TLSv1.2"),
            Err((Code::Tls, "127.0.0.1")),
        ),
        (at(both, "sslnegotiation=direct"), Ok(())),
        (at(both, "sslnegotiation=postgres"), Ok(())),
        (
            at(old, "sslnegotiation=direct"),
            Err((Code::Tls, "sslnegotiation=direct")),
        ),
    ])
    .await;
    assert!(began.elapsed() < Duration::from_secs(60));
}
