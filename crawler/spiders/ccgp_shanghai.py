"""上海政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpShanghai(ZcySpider):
    name = "ccgp-shanghai"
