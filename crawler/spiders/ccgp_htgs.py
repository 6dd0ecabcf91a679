"""中国政府采购网合同公告"""

from crawler.platforms.pages import ContractSpider


class CcgpHtgs(ContractSpider):
    name = "ccgp-htgs"
