"""新疆生产建设兵团公共资源交易网"""

from crawler.platforms.pages import TpFrontSpider


class GgzyBingtuan(TpFrontSpider):
    name = "ggzy-bingtuan"
