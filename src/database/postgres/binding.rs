//! Logging in with a password that is bound to the encrypted connection: SCRAM-SHA-256-PLUS. Pure.
//!
//! <https://www.rfc-editor.org/rfc/rfc5802>, <https://www.rfc-editor.org/rfc/rfc7677>, <https://www.rfc-editor.org/rfc/rfc5929#section-4>

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha384, Sha512};

const MECHANISM: &str = "SCRAM-SHA-256-PLUS";
const HEADER: &str = "p=tls-server-end-point,,";

/// More rounds than this are there to keep us busy.
const ROUNDS: u32 = 10_000_000;

/// How far the exchange is.
enum Step {
    Begin,
    First { bare: String },
    Final { signature: Vec<u8> },
    Verified,
    Over,
}

/// The exchange of one login.
pub(super) struct Exchange<'a> {
    password: &'a str,
    end_point: &'a [u8],
    nonce: String,
    step: Step,
}

impl<'a> Exchange<'a> {
    pub fn new(password: &'a str, end_point: &'a [u8]) -> Self {
        // Two of them have 244 random bits.
        let nonce = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(|half| half.simple().to_string());
        Self {
            password,
            end_point,
            nonce: nonce.concat(),
            step: Step::Begin,
        }
    }

    /// Whether the server has let us in, and has shown that it knows the password.
    pub fn is_over(&self) -> bool {
        matches!(self.step, Step::Over)
    }

    /// What is said to the body of a message about authentication; `None` where nothing is.
    ///
    /// # Errors
    /// When the server asks for the password in another way, or does not know it.
    pub fn answer(&mut self, body: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
        const ELSEWISE: &str = "`channel_binding=require`, and the server asks for no password, or in a way in which it cannot be bound to the connection";
        const WRONG: &str = "the server does not keep to SCRAM";
        let (kind, data) = body.split_at_checked(4).ok_or(WRONG)?;
        let text = |data: &[u8]| String::from_utf8(data.to_vec()).map_err(|_| WRONG);
        let (step, answer) = match (kind, &self.step) {
            ([0, 0, 0, 10], Step::Begin) => {
                let offered = data.split(|byte| *byte == 0).any(|name| name == MECHANISM.as_bytes());
                if !offered {
                    return Err(ELSEWISE);
                }
                // The server takes the user of the startup message.
                let bare = format!("n=,r={}", self.nonce);
                let first = format!("{HEADER}{bare}");
                let length = u32::try_from(first.len()).unwrap_or_default();
                let answer = [MECHANISM.as_bytes(), &[0], &length.to_be_bytes(), first.as_bytes()].concat();
                (Step::First { bare }, Some(answer))
            }
            ([0, 0, 0, 11], Step::First { bare }) => {
                let (answer, signature) = self.prove(bare, &text(data)?).ok_or(WRONG)?;
                (Step::Final { signature }, Some(answer.into_bytes()))
            }
            ([0, 0, 0, 12], Step::Final { signature }) => {
                let said = text(data)?;
                let said = said.split(',').find_map(|part| part.strip_prefix("v="));
                let said = said.and_then(|said| BASE64_STANDARD.decode(said).ok());
                if said.as_ref() != Some(signature) {
                    return Err("whoever answers does not know the password: it is not the server that is meant");
                }
                (Step::Verified, None)
            }
            ([0, 0, 0, 0], Step::Verified) => (Step::Over, None),
            _ => return Err(ELSEWISE),
        };
        self.step = step;
        Ok(answer)
    }

    /// The proof that we know the password, and what the server has to prove it with.
    fn prove(&self, bare: &str, first: &str) -> Option<(String, Vec<u8>)> {
        let part = |name: &str| first.split(',').find_map(|part| part.strip_prefix(name));
        let (nonce, salt, rounds) = (part("r=")?, BASE64_STANDARD.decode(part("s=")?).ok()?, part("i=")?);
        let rounds = rounds
            .parse::<u32>()
            .ok()
            .filter(|rounds| (1..=ROUNDS).contains(rounds))?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return None;
        }
        let bound = BASE64_STANDARD.encode([HEADER.as_bytes(), self.end_point].concat());
        let without = format!("c={bound},r={nonce}");
        let all = format!("{bare},{first},{without}");
        let password = stringprep::saslprep(self.password).map_or(self.password.into(), |password| password);
        let salted = stretched(password.as_bytes(), &salt, rounds);
        let (proof, theirs) = proofs(&salted, &all);
        Some((format!("{without},p={}", BASE64_STANDARD.encode(proof)), theirs))
    }
}

/// What proves that we know the password, and what the server proves it with.
fn proofs(salted: &[u8], all: &str) -> (Vec<u8>, Vec<u8>) {
    let key = keyed(salted, b"Client Key");
    let signature = keyed(&Sha256::digest(key), all.as_bytes());
    let proof = key.iter().zip(signature).map(|(key, signature)| key ^ signature);
    let theirs = keyed(&keyed(salted, b"Server Key"), all.as_bytes());
    (proof.collect(), theirs.to_vec())
}

fn keyed(key: &[u8], text: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// PBKDF2 with one block.
fn stretched(password: &[u8], salt: &[u8], rounds: u32) -> [u8; 32] {
    let mut block = keyed(password, &[salt, &[0, 0, 0, 1]].concat());
    let mut all = block;
    for _ in 1..rounds {
        block = keyed(password, &block);
        all.iter_mut().zip(block).for_each(|(all, block)| *all ^= block);
    }
    all
}

/// What a certificate is known by: its digest, by the function of its own signature, where that is not too weak.
pub(super) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    /// Prefixes of object identifiers with the length of the digest: with RSA and ECDSA.
    const ALGORITHMS: &[(&[u8], u16)] = &[
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], 256),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], 256),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b], 256),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c], 384),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d], 512),
        (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], 256),
        (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02], 256),
        (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03], 384),
        (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04], 512),
    ];
    let (inside, _) = element(certificate, 0x30)?;
    let (_, behind) = element(inside, 0x30)?;
    let (algorithm, _) = element(behind, 0x30)?;
    let (name, _) = element(algorithm, 0x06)?;
    let (_, bits) = ALGORITHMS.iter().find(|(known, _)| *known == name)?;
    Some(match bits {
        384 => Sha384::digest(certificate).to_vec(),
        512 => Sha512::digest(certificate).to_vec(),
        _ => Sha256::digest(certificate).to_vec(),
    })
}

/// An element of DER with this tag, and what stands behind it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*length) {
        length if length < 0x80 => (length, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long & 0x7f)?;
            let digits = (digits.len() <= 4).then_some(digits)?;
            (
                digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)),
                rest,
            )
        }
    };
    (*first == tag).then(|| rest.split_at_checked(length))?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, whose password is not bound.
    #[test]
    fn the_example_of_the_standard_is_computed_as_it_stands_there() {
        let salt = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let salted = stretched(b"pencil", &salt, 4096);
        let all = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                   s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let (proof, theirs) = proofs(&salted, all);
        assert_eq!(
            BASE64_STANDARD.encode(proof),
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert_eq!(
            BASE64_STANDARD.encode(theirs),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        );
    }

    #[test]
    fn a_server_that_asks_otherwise_or_does_not_know_the_password_is_refused() {
        let sasl = |names: &str| [&[0, 0, 0, 10], names.as_bytes()].concat();
        let bodies: [&[u8]; 3] = [&[0, 0, 0, 0], &[0, 0, 0, 3], &[0, 0, 0, 5, 1, 2, 3, 4]];
        for body in bodies {
            assert!(
                Exchange::new("pw", b"x")
                    .answer(body)
                    .unwrap_err()
                    .contains("channel_binding=require")
            );
        }
        assert!(Exchange::new("pw", b"x").answer(&sasl("SCRAM-SHA-256\0\0")).is_err());
        let mut exchange = Exchange::new("pw", b"x");
        let first = exchange
            .answer(&sasl("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"))
            .unwrap()
            .unwrap();
        assert!(first.starts_with(b"SCRAM-SHA-256-PLUS\0"));
        let theirs = format!("r={}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", exchange.nonce);
        let proof = exchange
            .answer(&[&[0, 0, 0, 11], theirs.as_bytes()].concat())
            .unwrap()
            .unwrap();
        assert!(
            proof.starts_with(b"c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwseA==,r="),
            "{proof:?}"
        );
        assert!(
            exchange
                .answer(b"\0\0\0\x0cv=AAAA")
                .unwrap_err()
                .contains("does not know the password")
        );
        // Nobody is let in before that.
        assert!(exchange.answer(&[0, 0, 0, 0]).is_err() && !exchange.is_over());
        // The nonce of somebody else.
        let mut exchange = Exchange::new("pw", b"x");
        exchange.answer(&sasl("SCRAM-SHA-256-PLUS\0\0")).unwrap();
        assert!(exchange.answer(b"\0\0\0\x0br=other,s=AAAA,i=1").is_err());
    }
}
