"""新疆政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpXinjiang(ZcySpider):
    name = "ccgp-xinjiang"
