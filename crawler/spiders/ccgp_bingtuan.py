"""新疆生产建设兵团政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpBingtuan(ZcySpider):
    name = "ccgp-bingtuan"
