"""Proxies of the environment. One that cannot be used is refused: gone round in silence, the portal would see this machine's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import getproxies

from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler

from crawler.errors import CrawlUsageError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

_NAMES = ("http", "https", "all")
_SCHEMES = {"socks4": "socks4", "socks4a": "socks4", "socks5": "socks5", "socks5h": "socks5"}


def socks_proxy() -> str | None:
    """``socks5://…`` or ``socks4://…`` when that is what the environment names; None for HTTP proxies or none. Raises CrawlUsageError."""
    named = {name: address for name, address in getproxies().items() if name in _NAMES}
    socks = {name: address for name, address in named.items() if address.lower().startswith("socks")}
    if len(set(socks.values())) > 1 or (socks and len(socks) < len(named)):
        raise CrawlUsageError(
            f"{', '.join(_shown(*pair) for pair in sorted(named.items()))}: a SOCKS proxy stands for all or for none.",
            "Name one in all_proxy and unset the others.",
        )
    if socks:
        name, address = min(socks.items())
        scheme, _, place = address.partition("://")
        if scheme.lower() not in _SCHEMES or not place.rpartition("@")[2].rpartition(":")[2].isdecimal():
            raise CrawlUsageError(
                f"{_shown(name, address)}: no address of a SOCKS proxy.", "Write it as socks5://host:port."
            )
        return f"{_SCHEMES[scheme.lower()]}://{place}"
    if "all" in named:
        raise CrawlUsageError(
            f"{_shown('all', named['all'])} is not honoured.", "Set http_proxy and https_proxy, or unset it."
        )
    return None


def _shown(name: str, address: str) -> str:
    scheme, _, place = address.rpartition("://")
    return f"{name}_proxy={scheme}{'://' if scheme else ''}{place.rpartition('@')[2]}"


class SocksHandler(AiohttpDownloadHandler):
    """Every connection through the one SOCKS proxy of ``settings["CAIGOU_SOCKS"]``, which resolves the names, too."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from aiohttp_socks import ProxyConnector

        # The session was made a line ago and has asked nothing yet: its first connector holds no connection.
        self._session._connector = ProxyConnector.from_url(  # noqa: SLF001
            crawler.settings["CAIGOU_SOCKS"],
            rdns=True,
            limit=self._pool_size_total,
            limit_per_host=self._pool_size_per_host,
        )

    def _extract_proxy_url_with_creds(self, request: Request) -> str | None:
        del request  # the connector is the proxy of all
        return None
