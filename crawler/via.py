"""Gateways: a request for ``http(s)://HOST/PATH?Q`` goes to ``BASE/HOST/PATH?Q``; everything else keeps the portal's address.

The change is made in the download handler, below all middleware: delay, concurrency, cookies, redirects and robots.txt
therefore belong to HOST.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crawler.errors import CrawlUsageError


@dataclass(frozen=True, slots=True)
class Gateway:
    """``base`` without a slash at its end."""

    base: str

    @classmethod
    def parse(cls, text: str) -> Gateway:
        """Raises CrawlUsageError when ``text`` is not an http(s) address."""
        base = text.strip().rstrip("/")
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            raise CrawlUsageError(
                f"--via {text!r} is not the address of a gateway.", "Write it as http://HOST:PORT or http://HOST/PATH."
            )
        return cls(base)

    def outward(self, url: str) -> str:
        """Address to ask the gateway for ``url``."""
        return f"{self.base}/{url.split('://', 1)[1]}"

    def inward(self, location: str, url: str) -> str:
        """A ``Location`` header as the portal would have sent it. ``url`` is the portal's address that was asked."""
        absolute = urljoin(self.outward(url), location) if self._is_ours(location, url) else location
        if absolute.startswith(f"{self.base}/"):
            return f"{urlsplit(url).scheme}://{absolute[len(self.base) + 1 :]}"
        return location

    def _is_ours(self, location: str, url: str) -> bool:
        """True for an address of the gateway itself: absolute with its base, or a path that names a host first."""
        if location.startswith(f"{self.base}/"):
            return True
        path = urlsplit(self.base).path
        if not location.startswith(f"{path}/") or location.startswith("//"):
            return False
        first = location[len(path) + 1 :].split("/", 1)[0].split("?", 1)[0]
        return first == urlsplit(url).netloc or first.endswith((".cn", ".com", ".net", ".org"))
