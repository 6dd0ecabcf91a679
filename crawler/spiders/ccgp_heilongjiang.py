"""黑龙江政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpHeilongjiang(GpcmsSpider):
    name = "ccgp-heilongjiang"
