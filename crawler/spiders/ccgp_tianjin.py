"""天津政府采购网"""

from crawler.platforms.pages import TianjinSpider


class CcgpTianjin(TianjinSpider):
    name = "ccgp-tianjin"
