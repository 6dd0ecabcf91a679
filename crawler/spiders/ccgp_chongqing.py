"""重庆市政府采购网"""

from crawler.platforms.own import ChongqingSpider


class CcgpChongqing(ChongqingSpider):
    name = "ccgp-chongqing"
