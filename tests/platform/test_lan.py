"""`glede run --lan`: the house on the practice's network. Other desks are other addresses of loopback."""

import http.client
import json
import os
import socket
import ssl
import stat
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from django.test import Client, override_settings

from glede.config.lan import certificates, door
from glede.config.lan.names import Names, NoName, is_neighbour, names
from glede.config.terminal import Refused
from glede.kernel.fingerprint import fingerprint
from tests.house import House

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DESK = names(machine="reception", found=["192.168.1.20"])


class TestNames:
    def test_a_machine_is_shown_by_the_name_others_find(self) -> None:
        assert DESK.shown == "reception.local"
        assert DESK.every == (
            "reception.local", "reception", "192.168.1.20", "localhost", "127.0.0.1", "[::1]",
        )  # fmt: skip

    def test_a_typed_name_comes_first_and_stands_alone(self) -> None:
        assert names(["Front.lan"], machine="reception", found=[]).every[0] == "front.lan"

    def test_a_machine_without_a_name_is_shown_by_its_address(self) -> None:
        assert names(machine="localhost", found=["10.0.0.4"]).shown == "10.0.0.4"

    @pytest.mark.parametrize("typed", ["", "two words", "https://desk", "-a", "a..b", "æ"])
    def test_what_is_no_name_is_refused(self, typed: str) -> None:
        with pytest.raises(NoName):
            names([typed], found=[])

    @pytest.mark.parametrize(
        ("address", "is_ours"),
        [("192.168.4.4", True), ("10.1.1.1", True), ("127.0.0.2", True), ("fe80::1%eth0", True),
         ("::ffff:192.168.1.2", True), ("8.8.8.8", False), ("2606:4700::1111", False), ("", False)],
    )  # fmt: skip
    def test_neighbours_are_those_of_private_networks(self, address: str, is_ours: bool) -> None:
        assert is_neighbour(address) is is_ours


class TestCertificates:
    def test_files_are_for_their_owner_alone(self, tmp_path: Path) -> None:
        certificates.keep(tmp_path / "lan", DESK, now=NOW)
        kept = [tmp_path / "lan", *(tmp_path / "lan").iterdir()]
        assert [stat.S_IMODE(one.stat().st_mode) for one in kept] == [0o700, *[0o600] * 4]

    def test_a_second_start_changes_nothing(self, tmp_path: Path) -> None:
        first = certificates.keep(tmp_path, DESK, now=NOW)
        second = certificates.keep(tmp_path, DESK, now=NOW + timedelta(days=100))
        assert (first.is_new, second.is_new) == (True, False)
        assert first.fingerprint == second.fingerprint

    @pytest.mark.parametrize(
        ("now", "machine"),
        [(NOW + timedelta(days=141), DESK), (NOW, names(machine="reception", found=["192.168.1.99"]))],
        ids=["near its end", "another address"],
    )
    def test_it_is_renewed_and_the_authority_stays(self, tmp_path: Path, now: datetime, machine: Names) -> None:
        first = certificates.keep(tmp_path, DESK, now=NOW)
        second = certificates.keep(tmp_path, machine, now=now)
        assert second.is_new
        assert first.fingerprint == second.fingerprint
        found = x509.load_pem_x509_certificate(second.certificate.read_bytes())
        said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert {str(one) for one in said.get_values_for_type(x509.IPAddress)} >= set(machine.addresses)

    def test_a_key_that_is_another_is_noticed(self, tmp_path: Path) -> None:
        certificates.keep(tmp_path / "a", DESK, now=NOW)
        certificates.keep(tmp_path / "b", DESK, now=NOW)
        (tmp_path / "b" / "server.key").replace(tmp_path / "a" / "server.key")
        assert certificates.keep(tmp_path / "a", DESK, now=NOW).is_new

    def test_the_authority_speaks_for_no_bank(self, tmp_path: Path) -> None:
        certificates.keep(tmp_path, DESK, now=NOW)
        with pytest.raises(Refused, match=r"bank\.example"):
            certificates.keep(tmp_path, names(["bank.example"], found=[]), now=NOW)

    def test_a_fingerprint_is_of_the_whole_certificate(self, tmp_path: Path) -> None:
        kept = certificates.keep(tmp_path, DESK, now=NOW)
        der = ssl.PEM_cert_to_DER_cert(kept.authority.read_text(encoding="ascii"))
        assert kept.fingerprint.replace(" ", "").lower() == sha256(der).hexdigest()
        with pytest.raises(ValueError, match="no certificate"):
            fingerprint("nothing")


class TestWhoIsAnswered:
    def test_a_caller_from_the_open_net_is_refused_at_the_door(self) -> None:
        told: list[str] = []
        body = door.application({"REMOTE_ADDR": "8.8.8.8"}, lambda status, headers: told.append(status))
        assert told == ["403 Forbidden"]
        assert b"own network" in b"".join(body)

    @override_settings(MIDDLEWARE=["glede.config.lan.neighbours.NeighboursMiddleware"])
    def test_a_caller_from_the_open_net_is_refused(self) -> None:
        assert Client(REMOTE_ADDR="8.8.8.8").get("/hooks/health/").status_code == 403
        assert Client(REMOTE_ADDR="192.168.1.9").get("/ui/staff.000000000000.css").status_code == 200

    @override_settings(GLEDE_PROXY=["10.0.0.1"], MIDDLEWARE=["glede.config.proxy.ProxyMiddleware"])
    @pytest.mark.parametrize(
        ("peer", "told", "seen"),
        [("10.0.0.1", "6.6.6.6, 8.8.8.8", "8.8.8.8"), ("10.0.0.9", "127.0.0.1", "10.0.0.9"),
         ("10.0.0.1", "nonsense", "0.0.0.0"), ("10.0.0.1", "", "0.0.0.0")],
    )  # fmt: skip
    def test_a_proxy_is_believed_from_its_own_address_alone(self, peer: str, told: str, seen: str) -> None:
        response = Client(REMOTE_ADDR=peer).get("/ui/staff.000000000000.css", headers={"X-Forwarded-For": told})
        assert response.wsgi_request.META["REMOTE_ADDR"] == seen


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with an owner, on the network as 127.0.0.2."""
    home = tmp_path_factory.mktemp("lan")
    house = House(home, settings={"GLEDE_TLS_PORT": "0"}, asked=("--lan", "--name", "127.0.0.2"))
    house.furnish()
    owned = house.command(
        "init",
        "--practice",
        "Solberg",
        "--country",
        "NO",
        "--timezone",
        "Europe/Oslo",
        "--owner",
        "sofie@solberg.example",
        "--json",
    )
    assert owned.returncode == 0, owned.stderr
    house.start()
    house.greeting["password"] = json.loads(owned.stdout)["password"]
    yield house
    house.stop()


@pytest.mark.slow
@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
class TestOnTheNetwork:
    def ask(
        self, house: House, path: str, *, context: ssl.SSLContext | None = None, headers: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """Ask as another desk does: from 127.0.0.3 to 127.0.0.2, over TLS."""
        context = context or house.trust()
        desk = http.client.HTTPSConnection(
            "127.0.0.2", self.port(house), timeout=10, context=context, source_address=("127.0.0.3", 0)
        )
        with closing(desk):
            desk.request("GET", path, headers=headers or {})
            answer = desk.getresponse()
            answer.read()
            return answer

    def read_plainly(self, house: House, path: str, language: str) -> tuple[int, str]:
        """Ask the door in the clear, and return status and words."""
        host, port = house.greeting["door"].split("/")[2].split(":")
        desk = http.client.HTTPConnection(host, int(port), timeout=10, source_address=("127.0.0.3", 0))
        with closing(desk):
            desk.request("GET", path, headers={"Accept-Language": language})
            answer = desk.getresponse()
            return answer.status, answer.read().decode()

    def port(self, house: House) -> int:
        return int(house.greeting["address"].rstrip("/").rpartition(":")[2])

    def test_another_desk_signs_in_over_tls_with_cookies_of_its_own(self, open_house: House) -> None:
        answer = self.ask(open_house, "/accounts/login/")
        assert answer.status == 200
        cookies = answer.headers.get_all("Set-Cookie") or []
        assert any(one.startswith("__Host-glede-csrf=") and "Secure" in one for one in cookies)
        assert answer.headers["Strict-Transport-Security"] is None

    def test_the_owner_signs_in_from_there(self, open_house: House) -> None:
        address = open_house.greeting["address"]
        jar = urllib.request.HTTPCookieProcessor()
        desk = urllib.request.build_opener(jar, urllib.request.HTTPSHandler(context=open_house.trust()))
        with desk.open(f"{address}accounts/login/", timeout=10):
            mark = next(one.value for one in jar.cookiejar if one.name == "__Host-glede-csrf")
        form = {"login": "sofie@solberg.example", "password": open_house.greeting["password"]}
        body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": mark}).encode()
        asked = urllib.request.Request(f"{address}accounts/login/", body, {"Origin": address.rstrip("/")})
        asked.add_header("Referer", f"{address}accounts/login/")
        with desk.open(asked, timeout=20) as page:
            assert "Solberg" in page.read().decode()
        with desk.open(f"{address}settings/network/", timeout=10) as page:
            told = page.read().decode()
        assert all(part in told for part in open_house.greeting["fingerprint"].split())

    def test_who_does_not_trust_it_gets_no_word(self, open_house: House) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            self.ask(open_house, "/", context=ssl.create_default_context())

    def test_old_tls_is_refused(self, open_house: House) -> None:
        context = ssl.create_default_context(cafile=str(open_house.home / "lan" / "ca.crt"))
        with pytest.warns(DeprecationWarning, match="deprecated"):
            context.minimum_version = ssl.TLSVersion.TLSv1
        with pytest.warns(DeprecationWarning, match="deprecated"):
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.raises(ssl.SSLError):
            self.ask(open_house, "/", context=context)

    def test_a_name_that_is_not_ours_is_refused(self, open_house: House) -> None:
        assert self.ask(open_house, "/", headers={"Host": "bank.example"}).status == 400

    def test_the_first_page_stays_on_the_machine(self, open_house: House) -> None:
        assert "code" not in open_house.greeting

    @pytest.mark.parametrize(
        ("path", "language", "status", "words"),
        [("/", "en", 200, "Before this desk opens Glede"), ("/", "nb-NO,nb;q=0.9", 200, "Før denne maskinen"),
         ("/people/", "en", 403, "Before this desk opens Glede"), ("/glede-ca.crt", "en", 200, "BEGIN CERTIFICATE"),
         ("/server.key", "en", 403, "Before this desk"), ("/../ca.key", "en", 403, "Before this desk")],
    )  # fmt: skip
    def test_in_the_clear_there_is_one_page_and_the_certificate(
        self, open_house: House, path: str, language: str, status: int, words: str
    ) -> None:
        answered, page = self.read_plainly(open_house, path, language)
        assert (answered, words in page, "PRIVATE" in page) == (status, True, False)
        if path == "/":
            assert all(part in page for part in open_house.greeting["fingerprint"].split())

    def test_plain_words_on_the_tls_port_get_nothing(self, open_house: House) -> None:
        with socket.create_connection(("127.0.0.2", self.port(open_house)), timeout=10) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.2\r\n\r\n")
            assert b"Glede" not in line.recv(4096)

    def test_the_door_is_watched_too(self, open_house: House) -> None:
        assert json.loads((open_house.home / "run.json").read_text())["children"].keys() >= {"web", "door", "worker"}

    def test_its_key_can_be_read_by_nobody_else(self, open_house: House) -> None:
        assert not any(os.stat(path).st_mode & 0o077 for path in (open_house.home / "lan").glob("*.key"))


@pytest.mark.slow
def test_until_there_is_an_owner_nobody_else_comes_in(tmp_path: Path) -> None:
    house = House(tmp_path / "h", asked=("--lan",))
    house.start()
    try:
        assert house.greeting["address"].startswith("http://127.0.0.1:")
        assert "listens on this machine only, not on the network" in house.said()
        assert house.greeting["code"]
    finally:
        house.stop()
