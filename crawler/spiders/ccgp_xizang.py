"""西藏政府采购网（freecms）."""

from crawler.platforms.gpcms import FreecmsSpider


class CcgpXizang(FreecmsSpider):
    name = "ccgp-xizang"
