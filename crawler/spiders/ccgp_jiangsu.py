"""江苏政府采购网"""

from crawler.platforms.own import JiangsuSpider


class CcgpJiangsu(JiangsuSpider):
    name = "ccgp-jiangsu"
