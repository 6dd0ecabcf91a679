"""The invented portal of ``caigou demo``: the national portal's spider, pointed at addresses that exist nowhere."""

from crawler.platforms.ccgp import CcgpSpider


class Demo(CcgpSpider):
    name = "demo"
