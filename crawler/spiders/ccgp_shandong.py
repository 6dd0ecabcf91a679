"""中国山东政府采购网"""

from crawler.platforms.own import ShandongSpider


class CcgpShandong(ShandongSpider):
    name = "ccgp-shandong"
