"""陕西政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpShaanxi(GpcmsSpider):
    name = "ccgp-shaanxi"
