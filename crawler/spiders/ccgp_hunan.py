"""湖南省政府采购网"""

from crawler.platforms.own import HunanSpider


class CcgpHunan(HunanSpider):
    name = "ccgp-hunan"
