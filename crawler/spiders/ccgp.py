"""中国政府采购网, the Ministry of Finance's own portal."""

from crawler.platforms.ccgp import CcgpSpider


class Ccgp(CcgpSpider):
    name = "ccgp"
