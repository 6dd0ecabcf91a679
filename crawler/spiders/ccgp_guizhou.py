"""贵州政府采购网（政采云）."""

from crawler.platforms.zcy import ZcySpider


class CcgpGuizhou(ZcySpider):
    name = "ccgp-guizhou"
