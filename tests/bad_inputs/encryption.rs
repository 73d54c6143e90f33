//! Servers that encrypt, and are not who they should be: openssl speaks TLS, and what it would say behind it is never asked.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::bench::run;
use crate::case::{Case, GOOD, case};
use crate::pretender::{opening, pretend, pump};

/// Ends when it is dropped.
struct Openssl(Child, u16);

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn openssl(directory: &Path, words: &str) {
    let mut command = Command::new("openssl");
    command.args(words.split(' ')).current_dir(directory);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{words}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A server with a certificate for `name` of the authority in `ca.pem`, which holds for so many days.
fn certified(directory: &Path, name: &str, days: i32) -> Openssl {
    const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(
        directory,
        &format!("req {KEY} -keyout {name}.key -out {name}.csr -subj /CN=x -addext subjectAltName=DNS:{name}"),
    );
    openssl(
        directory,
        &format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -days {days} -out {name}.pem"
        ),
    );
    let mut child = Command::new("openssl")
        .args(["s_server", "-accept", "127.0.0.1:0", "-cert", &format!("{name}.pem")])
        .args(["-key", &format!("{name}.key")])
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = lines.find_map(|line| line.unwrap().strip_prefix("ACCEPT ")?.rsplit(':').next()?.parse().ok());
    // It ends when nobody reads what it has to say.
    thread::spawn(move || lines.for_each(drop));
    Openssl(child, port.unwrap())
}

/// PostgreSQL's way to begin encryption; its port.
fn in_front_of(server: u16) -> u16 {
    pretend(move |mut client: TcpStream| {
        if opening(&mut client).is_none() || client.write_all(b"S").is_err() {
            return;
        }
        let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
        let (to_server, from_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        thread::spawn(move || pump(from_client, to_server, &[]));
        pump(server, client, &[]);
    })
}

fn refused(name: &'static str, port: u16, parameters: &str, words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", GOOD)
        .own()
        .env(
            "SYNCLINE_URL",
            format!("postgres://u:s3cret@localhost:{port}/d?{parameters}"),
        )
        .types(&["up", "--connect-timeout", "3s"])
        .exits(6)
        .says(words)
        .hides(&["s3cret"])
}

#[test]
fn certificates_that_do_not_hold() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    openssl(
        place,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 3",
    );
    let (here, elsewhere) = (
        certified(place, "localhost", 3),
        certified(place, "elsewhere.example", 3),
    );
    let (port, other) = (in_front_of(here.1), in_front_of(elsewhere.1));
    let late = certified(place, "localhost", -1);
    let late = (in_front_of(late.1), late);
    let known = format!("sslmode=verify-full&sslrootcert={}", place.join("ca.pem").display());
    run([
        refused(
            "an authority that nobody knows",
            port,
            "sslmode=verify-full",
            &["certificate", "UnknownIssuer", "sslrootcert"],
        ),
        refused(
            "a certificate of somebody else",
            other,
            &known,
            &["certificate", "elsewhere.example"],
        ),
        refused(
            "a certificate of yesterday",
            late.0,
            &known,
            &["certificate", "Expired", "its dates"],
        ),
        refused(
            "an authority whose file is not there",
            port,
            "sslmode=verify-full&sslrootcert=/nowhere/ca.pem",
            &["`sslrootcert`", "/nowhere/ca.pem"],
        ),
    ]);
}
