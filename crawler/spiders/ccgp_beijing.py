"""北京政府采购网"""

from crawler.platforms.pages import BeijingSpider


class CcgpBeijing(BeijingSpider):
    name = "ccgp-beijing"
