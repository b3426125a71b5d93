"""What the supervisor asks of the network: names, certificates, what children are told, and whether it changed."""

from dataclasses import dataclass, field

from glede.config import lan
from glede.config.lan import certificates
from glede.config.lan.certificates import Kept
from glede.config.lan.names import names
from glede.kernel import clock

_LOOK = 60.0  # seconds; a machine gets another address when its cable is moved


@dataclass
class Network:
    """This house on the practice's network."""

    typed: tuple[str, ...]
    kept: Kept = field(init=False)
    _looked_at: float = 0.0

    def __post_init__(self) -> None:
        """Make the certificates. Raises ``Refused`` and ``NoName``."""
        self.kept = self._keep()

    def environ(self) -> dict[str, str]:
        """Return what children are told: the names this house answers to."""
        return {lan.NAMES: ",".join(self.kept.names.every)}

    def address(self, port: int) -> str:
        """Return where every desk opens Glede."""
        return f"https://{self.kept.names.every[0]}:{port}/"

    def others(self, port: int) -> list[str]:
        """Return the same by its addresses, for desks that do not find the name."""
        shown = self.address(port)
        addresses = (f"[{one}]" if ":" in one else one for one in self.kept.names.addresses)
        return [other for one in addresses if (other := f"https://{one}:{port}/") != shown]

    def has_changed(self) -> bool:
        """Look, once a minute at most, whether names or certificate are others now; what is outdated is made anew."""
        if clock.monotonic() - self._looked_at < _LOOK:
            return False
        before, self.kept = self.kept, self._keep()
        return self.kept.is_new or self.kept.names != before.names

    def _keep(self) -> Kept:
        self._looked_at = clock.monotonic()
        return certificates.keep(lan.folder(), names(self.typed), now=clock.now())
