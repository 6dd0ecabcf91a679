"""四川政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpSichuan(GpcmsSpider):
    name = "ccgp-sichuan"
