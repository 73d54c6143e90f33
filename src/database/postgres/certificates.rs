//! Whom TLS trusts, for connections that are encrypted here and not by the driver: the same as there.

use std::sync::Arc;

use sqlx::postgres::PgSslMode;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::address::is_text;
use crate::database::Target;

fn tls(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Tls(error.into())
}

/// The text of a parameter that is a text, or names the file of it.
fn text(value: &str) -> Result<Vec<u8>, sqlx::Error> {
    match is_text(value) {
        true => Ok(value.as_bytes().to_vec()),
        // Not an error of the connection, which may be waited for.
        false => std::fs::read(value).map_err(tls),
    }
}

/// How a connection is encrypted, with versions of TLS from 1.x to 1.y.
pub(super) fn config(target: &Target, mode: PgSslMode, versions: (u8, u8)) -> Result<ClientConfig, sqlx::Error> {
    let provider = Arc::new(ring::default_provider());
    let versions = match versions {
        (3, _) => &[&TLS13][..],
        (_, 2) => &[&TLS12],
        _ => &[&TLS13, &TLS12],
    };
    let verifier: Arc<dyn ServerCertVerifier> = match mode {
        PgSslMode::VerifyCa => Arc::new(Checked {
            by: Some(trusted(target)?),
            provider: provider.clone(),
        }),
        PgSslMode::VerifyFull => trusted(target)?,
        _ => Arc::new(Checked {
            by: None,
            provider: provider.clone(),
        }),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(tls)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let ours = target.parameter("sslcert").zip(target.parameter("sslkey"));
    match ours.filter(|_| target.parameter("sslcertmode") != Some("disable")) {
        Some((cert, key)) => {
            let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text(cert)?)
                .map(|found| found.map(CertificateDer::into_owned))
                .collect();
            let key = PrivateKeyDer::from_pem_slice(&text(key)?).map_err(|error| tls(error.to_string()))?;
            let chain = chain.map_err(|error| tls(error.to_string()))?;
            config.with_client_auth_cert(chain, key).map_err(tls)
        }
        None => Ok(config.with_no_client_auth()),
    }
}

/// The authorities of the system, and those of `sslrootcert`.
fn trusted(target: &Target) -> Result<Arc<WebPkiServerVerifier>, sqlx::Error> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(authority) = target
        .parameter("sslrootcert")
        .filter(|file| *file != "system" && !file.is_empty())
    {
        for certificate in CertificateDer::pem_slice_iter(&text(authority)?) {
            let certificate = certificate.map_err(|error| tls(error.to_string()))?;
            store.add(certificate).map_err(tls)?;
        }
    }
    let provider = Arc::new(ring::default_provider());
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider)
        .build()
        .map_err(tls)
}

/// Who does not look at the name, or at nothing but that whoever answers has the key of the certificate.
#[derive(Debug)]
struct Checked {
    by: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Checked {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(verifier) = &self.by else {
            return Ok(ServerCertVerified::assertion());
        };
        match verifier.verify_server_cert(certificate, between, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            checked => checked,
        }
    }

    fn verify_tls12_signature(
        &self,
        text: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            text,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        text: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            text,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
