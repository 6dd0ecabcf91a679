"""安徽政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpAnhui(ZcySpider):
    name = "ccgp-anhui"
