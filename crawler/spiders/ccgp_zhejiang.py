"""浙江政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpZhejiang(ZcySpider):
    name = "ccgp-zhejiang"
