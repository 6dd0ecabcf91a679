"""军队采购网（freecms）."""

from crawler.platforms.gpcms import FreecmsSpider


class Plap(FreecmsSpider):
    name = "plap"
