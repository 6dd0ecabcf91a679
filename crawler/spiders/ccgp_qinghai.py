"""青海政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpQinghai(ZcySpider):
    name = "ccgp-qinghai"
