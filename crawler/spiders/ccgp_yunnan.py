"""云南政府采购网"""

from crawler.platforms.own import YunnanSpider


class CcgpYunnan(YunnanSpider):
    name = "ccgp-yunnan"
