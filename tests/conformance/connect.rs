//! Getting to a server as its own client would: addresses, several hosts, the user of the system, and what a URL of another driver is told.

use std::net::{Ipv6Addr, SocketAddr};

use super::fixture::*;
use syncline::database::{Access, Address, ENGINES, Engine, Place};
use syncline::{Code, Migrator, Target};
use tokio::net::{TcpListener, TcpStream};

/// A port on the loopback address of IPv6 that leads to the server of a bench; none where this machine has no IPv6.
async fn in_front_of(bench: &Bench) -> Option<u16> {
    let listener = match TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("IPv6 NOT TRIED: {error}");
            return None;
        }
    };
    let address = listener.local_addr().unwrap();
    let place = (
        bench.target.address.host.clone().unwrap(),
        bench.target.address.port.unwrap(),
    );
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let place = place.clone();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(place).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    Some(address.port())
}

/// A port where nobody listens.
async fn nobody() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    address.port()
}

async fn connects(target: &Target) -> Result<(), Code> {
    match Migrator::connect(target, Access::Read).await {
        Ok(migrator) => {
            migrator.close().await.unwrap();
            Ok(())
        }
        Err(error) => Err(error.code()),
    }
}

/// The URL of a bench with other servers in it.
fn at(bench: &Bench, servers: &str) -> String {
    let (login, rest) = bench.url().split_once('@').unwrap();
    format!("{login}@{servers}/{}", rest.split_once('/').unwrap().1)
}

async fn reaches(bench: &Bench) {
    let Some(port) = in_front_of(bench).await else { return };
    let none = nobody().await;
    let given = bench.target.address.port.unwrap();
    for servers in [
        format!("[::1]:{port}"),
        format!("[0:0:0:0:0:0:0:1]:{port}"),
        format!("[::1%251]:{port}"),
        format!("[::1%1]:{port}"),
        format!("localhost:{none},[::1]:{port}"),
        format!("[::1]:{none},127.0.0.1:{given}"),
        format!("nosuch.invalid,[::1]:{port}"),
    ] {
        let target = Target::from_url(&at(bench, &servers)).unwrap();
        assert_eq!(connects(&target).await, Ok(()), "{servers}");
    }
    for host in ["::1", "[::1]"] {
        let target = Target::from_url(&at(bench, "").replacen("@/", &format!("@:{port}/"), 1)).unwrap();
        let named = Target::from_url(&format!("{}?host={host}", at(bench, &format!(":{port}")))).unwrap();
        assert_eq!(connects(&named).await, Ok(()), "?host={host}");
        let parts = Address {
            host: Some(host.to_owned()),
            ..target.address
        };
        let target = Target::new(target.engine, parts).unwrap();
        assert_eq!(connects(&target).await, Ok(()), "host = {host}");
    }
}

#[tokio::test]
async fn a_server_is_reached_over_ipv6_however_its_address_is_written() {
    reaches(&Bench::postgres().await).await;
    reaches(&Bench::mariadb().await).await;
}

#[tokio::test]
async fn the_first_server_that_is_there_answers_for_all() {
    for bench in [Bench::postgres().await, Bench::mariadb().await] {
        let none = nobody().await;
        let mut target = bench.target.clone();
        let place = Place {
            host: target.address.host.clone(),
            port: target.address.port,
            password: None,
        };
        target.address.others = vec![place];
        target.address.port = Some(none);
        assert_eq!(connects(&target).await, Ok(()));
        // Who is there and refuses is not passed over.
        let mut target = bench.target.clone();
        target.address.others = vec![Place::default()];
        target.address.user = Some("nosuch".to_owned());
        assert_eq!(connects(&target).await, Err(Code::Auth));
        let mut target = bench.target.clone();
        (target.address.port, target.address.others) = (
            Some(none),
            vec![Place {
                host: target.address.host.clone(),
                port: Some(none),
                password: None,
            }],
        );
        let Err(error) = Migrator::connect(&target, Access::Read).await else {
            panic!("connected")
        };
        assert_eq!(error.code(), Code::Connect);
    }
}

#[tokio::test]
async fn words_of_libpq_that_are_taken_do_not_keep_anybody_from_connecting() {
    let bench = Bench::postgres().await;
    let engine: &Engine = ENGINES.iter().find(|engine| engine.id == "postgres").unwrap();
    // What only holds together with others, or is another server.
    let others = [
        "host",
        "hostaddr",
        "port",
        "user",
        "password",
        "passfile",
        "dbname",
        "service",
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "options",
        "options[",
        // Wants encryption: see encrypted.rs.
        "channel_binding",
        "sslnegotiation",
        "pooler",
    ];
    let mut tried = 0;
    for word in engine.words.iter().filter(|word| !others.contains(&word.name)) {
        let said = word.values.iter().map(|(value, _)| *value).chain(["1", "5"]);
        for value in said.filter(|value| !value.is_empty()) {
            let url = format!("{}?{}={value}", bench.url(), word.name);
            let Ok(target) = Target::from_url(&url) else { continue };
            assert_eq!(connects(&target).await, Ok(()), "{}={value}", word.name);
            tried += 1;
        }
    }
    assert!(tried > 30, "{tried}");
    for (parameters, expected) in [
        ("sslmode=allow", Ok(())),
        ("sslmode=disable&hostaddr=127.0.0.1", Ok(())),
        ("options=-c%20work_mem%3D5MB", Ok(())),
        ("options[work_mem]=5MB", Ok(())),
        ("sslmode=require", Err(Code::Tls)),
        ("options=-c%20nosuch%3D1", Err(Code::Connect)),
    ] {
        let target = Target::from_url(&format!("{}?{parameters}", bench.url())).unwrap();
        assert_eq!(connects(&target).await, expected, "{parameters}");
    }
}
