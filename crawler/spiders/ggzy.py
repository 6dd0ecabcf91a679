"""全国公共资源交易平台"""

from crawler.platforms.own import GgzySpider


class Ggzy(GgzySpider):
    name = "ggzy"
