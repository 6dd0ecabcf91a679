"""广东省政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpGuangdong(GpcmsSpider):
    name = "ccgp-guangdong"
