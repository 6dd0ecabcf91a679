"""海南政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpHainan(GpcmsSpider):
    name = "ccgp-hainan"
