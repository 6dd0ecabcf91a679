"""内蒙古政府采购网（gpcms）."""

from crawler.platforms.gpcms import GpcmsSpider


class CcgpNeimenggu(GpcmsSpider):
    name = "ccgp-neimenggu"
