"""Scrapy settings. Each line that differs from Scrapy's default says why."""

from __future__ import annotations

from typing import Any

from crawler.parts import Parts


def scrapy_settings(parts: Parts) -> dict[str, Any]:
    """Settings of one portal's crawler."""
    direct = parts.gateway is None and parts.replay is None
    delay = 0.0 if parts.replay is not None and parts.delay is None else parts.delay_of("")
    hosts = parts.config.host_delays if parts.delay is None and parts.replay is None else {}
    return {
        "BOT_NAME": "caigou",
        "CAIGOU_PARTS": parts,
        # asyncio alone, no Twisted reactor: several crawls can then follow each other in one process
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.handler.ArchivingHandler",
            "https": "crawler.handler.ArchivingHandler",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "ITEM_PIPELINES": {"crawler.pipelines.LedgerPipeline": 100},
        "DOWNLOADER_MIDDLEWARES": {
            # our own robots.txt rules: Scrapy's allows everything when robots.txt cannot be had
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.robots.RobotsMiddleware": 100,
            # the spider asks again itself, with pauses that fit the reason
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            # proxies from the environment are for portals, not for a gateway of one's own
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750
            if direct and parts.socks is None
            else None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        },
        "CAIGOU_SOCKS": parts.socks,
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
            "crawler.throttle.HostThrottle": 0,
        },
        "USER_AGENT": parts.user_agent,
        "ROBOTSTXT_OBEY": False,  # crawler.robots does
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # the delay is a promise: never less
        "DOWNLOAD_SLOTS": {host: {"concurrency": 1, "delay": value} for host, value in hosts.items()},
        "DOWNLOAD_TIMEOUT": 60,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # what did arrive is archived, and recognised as cut
        "DOWNLOAD_WARNSIZE": 0,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, delay * 4),
        "COOKIES_ENABLED": True,
        "HTTPERROR_ENABLED": False,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,  # challenge pages refresh themselves
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "gzip, deflate",  # what the archive's readers can decode
        },
        "LOG_ENABLED": False,
        "STATS_DUMP": False,
    }
