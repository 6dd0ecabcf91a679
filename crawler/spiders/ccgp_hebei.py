"""河北政府采购网"""

from crawler.platforms.pages import HebeiSpider


class CcgpHebei(HebeiSpider):
    name = "ccgp-hebei"
