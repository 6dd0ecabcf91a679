"""福建政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpFujian(GpcmsSpider):
    name = "ccgp-fujian"
