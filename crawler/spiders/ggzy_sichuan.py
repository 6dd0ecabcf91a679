"""四川省公共资源交易信息网"""

from crawler.platforms.own import InteligentSearchSpider


class GgzySichuan(InteligentSearchSpider):
    name = "ggzy-sichuan"
