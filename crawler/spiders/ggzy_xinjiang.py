"""新疆公共资源交易网"""

from crawler.platforms.own import InteligentSearchSpider


class GgzyXinjiang(InteligentSearchSpider):
    name = "ggzy-xinjiang"
