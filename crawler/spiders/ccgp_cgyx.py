"""中国政府采购网采购意向"""

from crawler.platforms.own import IntentionSpider


class CcgpCgyx(IntentionSpider):
    name = "ccgp-cgyx"
