"""The house's own certificate authority, made once, and the certificate it signs for this machine, made as needed.

The authority can speak for this machine and for private networks alone (name constraints, RFC 5280 4.2.1.10): whoever
stole its key could not pass for a bank on a desk that trusts it. Keys are P-256 and lie in 0600 files.
"""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from glede.config.lan.names import PRIVATE, Names, is_in
from glede.config.terminal import Refused
from glede.kernel.fingerprint import fingerprint

AUTHORITY_STANDS = timedelta(days=3650)
STANDS, RENEWED_BEFORE = timedelta(days=200), timedelta(days=60)  # browsers refuse more than 398 days
_A_DAY = timedelta(days=1)  # clocks of desks differ
_DOMAINS = ("local", "lan", "internal", "home.arpa", "localhost")  # names that exist on no open net
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Kept:
    """The files a server needs, and the authority's fingerprint for people to compare."""

    authority: Path
    certificate: Path
    key: Path
    fingerprint: str
    names: Names
    is_new: bool


def keep(folder: Path, names: Names, *, now: datetime) -> Kept:
    """Make what is missing, outdated or says other names, and return it. Raises ``Refused``.

    A name outside what the authority may speak for is refused, because every desk would have to trust another one.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = folder / "ca.crt", folder / "ca.key", folder / "server.crt", folder / "server.key"
    authority, authority_key = _authority(paths[0], paths[1], names, now)
    names = _permitted(authority, names, folder)
    is_new = not _is_good(paths[2], paths[3], authority, names, now)
    if is_new:
        key = ec.generate_private_key(ec.SECP256R1())
        _write(paths[3], _pem_of_key(key))
        _write(paths[2], _server(names, key, authority, authority_key, now).public_bytes(serialization.Encoding.PEM))
    return Kept(paths[0], paths[2], paths[3], fingerprint(paths[0].read_text(encoding="ascii")), names, is_new)


def _authority(path: Path, key_path: Path, names: Names, now: datetime) -> tuple[x509.Certificate, Key]:
    if path.exists() and key_path.exists():
        found = x509.load_pem_x509_certificate(path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and found.not_valid_after_utc - STANDS > now:
            return found, key
    key = ec.generate_private_key(ec.SECP256R1())
    made = _new_authority(names, key, now)
    _write(key_path, _pem_of_key(key))
    _write(path, made.public_bytes(serialization.Encoding.PEM))
    return made, key


def _new_authority(names: Names, key: Key, now: datetime) -> x509.Certificate:
    subject = _subject(f"Glede on {names.shown}"[:64])
    domains = dict.fromkeys([*_DOMAINS, *(host for host in names.hosts if not host.endswith(".local"))])
    permitted = [*map(x509.DNSName, domains), *(x509.IPAddress(ipaddress.ip_network(one)) for one in _networks(names))]
    return (
        _certificate(subject, subject, key, now, AUTHORITY_STANDS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _networks(names: Names) -> Iterable[str]:
    yield from PRIVATE
    for address in names.addresses:
        if not is_in(address, PRIVATE):
            yield f"{address}/{ipaddress.ip_address(address).max_prefixlen}"


def _server(names: Names, key: Key, authority: x509.Certificate, signing: Key, now: datetime) -> x509.Certificate:
    return (
        _certificate(_subject(names.shown[:64]), authority.subject, key, now, STANDS)
        .add_extension(x509.SubjectAlternativeName(_spoken_for(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Key, now: datetime, stands: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _A_DAY)
        .not_valid_after(now + stands)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _spoken_for(names: Names) -> list[x509.GeneralName]:
    hosts = dict.fromkeys([*names.hosts, "localhost"])
    addresses = dict.fromkeys([*names.addresses, "127.0.0.1", "::1"])
    return [*map(x509.DNSName, hosts), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]


def _is_good(path: Path, key_path: Path, authority: x509.Certificate, names: Names, now: datetime) -> bool:
    if not (path.exists() and key_path.exists()):
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        found.not_valid_after_utc - RENEWED_BEFORE > now > found.not_valid_before_utc
        and set(said) == set(_spoken_for(names))
        and found.issuer == authority.subject
        and _key_of(found) == _key_of_file(key_path)
        and _is_signed_by(found, authority)
    )


def _is_signed_by(found: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(authority)
    except Exception:  # whatever is wrong with it, another one is made
        return False
    return True


def _permitted(authority: x509.Certificate, names: Names, folder: Path) -> Names:
    """Return the names the authority may speak for; one that somebody typed and it may not is refused."""
    allowed: Sequence[x509.GeneralName] = (
        authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    )
    domains = [one.value for one in allowed if isinstance(one, x509.DNSName)]
    networks = [str(one.value) for one in allowed if isinstance(one, x509.IPAddress)]
    hosts = [host for host in names.hosts if any(host == one or host.endswith(f".{one}") for one in domains)]
    addresses = [one for one in names.addresses if is_in(one, networks)]
    strange = sorted(names.typed - {*hosts, *addresses})
    if strange:
        raise Refused(
            f"The certificate authority in {folder} may not speak for {', '.join(strange)}. "
            "Give a name it knows, or move that folder away: a new one is made, and every desk must trust it anew."
        )
    return replace(names, hosts=tuple(hosts), addresses=tuple(addresses))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem_of_key(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _key_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _key_of_file(path: Path) -> bytes:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _write(path: Path, content: bytes) -> None:
    new = path.with_suffix(f"{path.suffix}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)
