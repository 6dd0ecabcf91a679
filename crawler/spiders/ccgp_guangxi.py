"""广西政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpGuangxi(ZcySpider):
    name = "ccgp-guangxi"
