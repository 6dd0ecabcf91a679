"""辽宁政府采购网"""

from crawler.platforms.own import LiaoningSpider


class CcgpLiaoning(LiaoningSpider):
    name = "ccgp-liaoning"
