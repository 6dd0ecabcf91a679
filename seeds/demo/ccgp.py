"""Pages of the national portal, made from constructed notices: lists, search, details, and what it says when it refuses.

Formats: static lists since 2023, bxsearch since 2017, detail pages since 2020.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from seeds.demo.bodies import body_html
from seeds.demo.model import CONSTRUCTED, DemoAttachment, DemoNotice

HOST = "http://www.ccgp.gov.cn"
DOWNLOAD = "https://download.ccgp.gov.cn"
PAGE_SIZE = 20
SIDES = {"zygg": "中央公告", "dfgg": "地方公告"}

_BANNER = f'<div class="constructed" style="background:#fd0">{CONSTRUCTED}</div>'


def attachment_url(notice: DemoNotice, attachment: DemoAttachment) -> str:
    """Where the file is: the address behind the link form it uses."""
    year_month = f"{notice.day:%Y%m}"
    match attachment.form:
        case 1:
            return f"{DOWNLOAD}/oss/download?uuid={attachment.key}"
        case 2:
            return f"https://demo-store.ccgp.gov.cn/1024FPA/open/{attachment.key}.{attachment.suffix}"
        case 3:
            return f"http://demo-store.ccgp.gov.cn/gpx-bid-file/{year_month}/{attachment.key}.{attachment.suffix}?accessCode={attachment.key[:8]}"
        case 4:
            return f"{DOWNLOAD}/oss/UploadFiles/{year_month}/{quote(attachment.name)}"


def inline_link(notice: DemoNotice, attachment: DemoAttachment) -> str:
    """The link inside the body, for forms 3 and 4."""
    if attachment.form == 3:
        href = escape(attachment_url(notice, attachment))
        return f'<a href="{href}">{escape(attachment.name)}</a>'
    path = f"/UploadFiles/{notice.day:%Y%m}/{quote(attachment.name)}"
    return f'<a target="CMSFILEINCONTENT_{attachment.key[:6]}" href="{path}">{escape(attachment.name)}</a>'


def list_page(notices: Sequence[DemoNotice], *, mixed: bool = False) -> str:
    """One static list page with these rows, newest first as given. ``mixed``: the list over all types."""
    rows = []
    for n in notices:
        href = f"./{n.code}/" if mixed else "./"
        kind = '<em rel="bxlx">1004</em> ' if mixed else ""
        title = escape(n.title)
        rows.append(
            f'<li>\n<a href="{href}{n.ccgp_path.split("/", 4)[4]}" target="_blank" title="{title}">{title}</a>\n'
            f"{kind}发布时间：<em>{n.local_time:%Y-%m-%d %H:%M}</em> 地域：<em>{escape(n.region)}</em> "
            f"采购人：<em>{escape(n.buyer)}</em>\n</li>"
        )
    return _page(
        "政采公告_中国政府采购网",
        f'<body id="bid_lst">{_BANNER}<div class="vF_detail_relcontent_lst"><ul class="c_list_bid">\n'
        + "\n".join(rows)
        + "\n</ul></div></body>",
    )


def search_page(
    notices: Sequence[DemoNotice],
    *,
    total: int,
    page: int,
    since: dt.date,
    until: dt.date,
    keyword: str = "",
    bid_type: str = "0",
) -> str:
    """One page of bxsearch: ``notices`` are the rows of this page, ``total`` the number of hits over all pages."""
    pages = -(-total // PAGE_SIZE)
    rows = [_search_row(n) for n in notices]
    pager = (
        f'<p class="pager"><script language="javascript">Pager({{size: {pages},current: {page - 1},prefix: \'data2\','
        "suffix: '.jsp&'});</script></p>"
        if total
        else ""
    )
    script = (
        f"<script>var bidType = '{bid_type}'; var kw = '{escape(keyword)}'; var start_time = '{since:%Y:%m:%d}'; "
        f"var end_time = '{until:%Y:%m:%d}'; var page_index={page};</script>"
    )
    return _page(
        "采购公告搜索_中国政府采购网",
        f'<body style="background:#fff">{_BANNER}<div style="font-size:14px"><p style="float:left">关键字：\n'
        f'<span style="color:#c00000;font-weight:bolder">{escape(keyword)}</span>\n 标题检索 共找到\n'
        f'<span style="color:#c00000">{total}</span>\n条内容 查询日期从\n<span style="color:#c00000">{since}</span>\n到\n'
        f'<span style="color:#c00000">{until}</span>\n</p>{pager}</div>\n'
        '<div class="vT-srch-result-list"><ul class="vT-srch-result-list-bid">\n'
        + "\n".join(rows)
        + "\n</ul></div></body>",
        head=script,
    )


def detail_page(notice: DemoNotice) -> str:
    """The page of one notice: head, summary table (money in 万元), body in its family's markup, attachment block."""
    n = notice
    title = escape(n.title)
    crumbs = "&nbsp;&raquo;&nbsp;".join(
        f'<a href="{href}" title="{name}" class="CurrChnlCls">{name}</a>'
        for href, name in (
            ("../../../../", "首页"),
            ("../../../", "政采公告"),
            ("../../", SIDES[n.side]),
            ("../", n.label),
        )
    )
    head = (
        '<meta name="SiteName" content="中国政府采购网" />\n<meta name="SiteDomain" content="www.ccgp.gov.cn" />\n'
        f'<meta name="ArticleTitle" content="{title}" />\n<meta name="PubDate" content="{n.local_time:%Y-%m-%d %H:%M}" />\n'
        f'<meta name="ContentSource" content="演示数据" />\n<meta name="constructed" content="true" />'
    )
    linked = [a for a in n.attachments if a.form in {1, 2}]
    block = ""
    if linked:
        block = (
            '<p class="fjxx">附件信息：</p><ul class="fjxx" style="font-size: 16px;">'
            + "".join(
                f'<li><p style="display:inline-block"><a class="bizDownload" href="" id="{a.key}" title="点击下载">{escape(a.name)}</a></p></li>'
                if a.form == 1
                else f'<li><p style="display:inline-block"><a href="{escape(attachment_url(n, a))}" ignore=1>{escape(a.name)}</a></p></li>'
                for a in linked
            )
            + "</ul>"
        )
    return _page(
        title,
        f"""<body id="detail">{_BANNER}
<div class="main"><div class="main_container">
<div class="vF_deail_currentloc mt10"><p>当前位置：{crumbs}</p></div>
<div class="vF_deail_maincontent"><div class="vF_detail_main pzlndemo">
<div class="vF_detail_header"><h2 class="tc">{title}</h2>
<p class="tc"><span id="pubTime">{n.local_time:%Y年%m月%d日 %H:%M}</span> 来源：<span id="sourceName"></span> 【<span id="printBtn">打印</span>】</p></div>
<!--contentTable-->
{_summary(n)}
<!--contentTable-->
<div class="vF_detail_content_container"><div class="vF_detail_content">
{body_html(n)}
</div>{block}</div>
</div></div>
<div class="vF_detail_relcontent"><h2>相关公告</h2></div>
</div></div>
<div class="footer"><p>版权所有 中华人民共和国财政部 京公网安备 00000000000000号（演示）</p></div>
</body>""",
        head=head,
    )


def throttle_page(address: str = "192.0.2.1") -> str:
    """What bxsearch answers to a client that asks too often: HTTP 200 all the same."""
    return (
        '<html><head><meta charset="utf-8"/><title>频繁访问!中国政府采购网</title></head><body>'
        f"<!-- {CONSTRUCTED} --><div><p>您的访问过于频繁,请稍后再试</p><p>{address}</p></div></body></html>"
    )


def missing_page() -> str:
    """What the portal shows for a notice that is not there."""
    return _page("错误页面！中国政府采购网", f"<body>{_BANNER}<p>您访问的页面不存在</p></body>")


def _search_row(n: DemoNotice) -> str:
    return (
        f'<li>\n<a href="{HOST}{n.ccgp_path}" style="line-height:18px" target="_blank">\n  {escape(n.title)}\n</a>\n'
        f"<p>{escape(n.project_name)}</p>\n<span>{n.local_time:%Y.%m.%d %H:%M:%S}\n | 采购人：{escape(n.buyer)}\n"
        f' | 代理机构：{escape(n.agency or "")}\n<br/><strong style="font-weight:bolder">\n{n.label}\n</strong>\n'
        f' | <a href="javascript:void(0)">{escape(n.region)}</a>\n | <strong style="font-weight:bolder"></strong>\n'
        "</span>\n</li>"
    )


def _summary(n: DemoNotice) -> str:
    def one(label: str, value: str) -> str:
        return f"<tr><td class='title'>{label}</td><td colspan='3'>{escape(value)}</td></tr>"

    when = f"{n.local_time:%Y年%m月%d日  %H:%M}"
    rows = [
        "<tr><td colspan='4'><b>公告信息：</b></td></tr>",
        f"<tr><td class='title' width='128'>采购项目名称</td><td colspan='3' width='430'>{escape(n.project_name)}</td></tr>",
        "<tr><td class='title'>品目</td><td colspan='3'><p></p></td></tr>",
        one("采购单位", n.buyer),
        (
            f"<tr><td class='title'>行政区域</td><td width='168'>{escape(n.region)}</td>"
            f"<td class='title' width='128'>公告时间</td><td width='168'>{when}</td></tr>"
        ),
    ]
    if n.template == "award":
        rows.append(one("评审专家名单", "、".join(n.experts)))
        total = f"￥{n.total / 10000:.6f} 万元（人民币）" if n.total is not None else "￥0.000000 万元（人民币）"
        rows.append(one("总中标金额" if n.code == "zbgg" else "总成交金额", total))
    elif n.budget is not None:
        rows.append(one("预算金额", f"￥{n.budget / 10000:.6f}万元（人民币）"))
    rows += [
        '<tr><td colspan="4"><b>联系人及联系方式：</b></td></tr>',
        one("项目联系人", n.contact),
        one("项目联系电话", n.phone),
        one("采购单位", n.buyer),
        one("采购单位地址", "云岭省明川市（虚构）"),
        one("采购单位联系方式", n.phone),
    ]
    if n.agency:
        rows += [
            one("代理机构名称", n.agency),
            one("代理机构地址", "云岭省明川市（虚构）"),
            one("代理机构联系方式", n.phone),
        ]
    for number, attachment in enumerate((a for a in n.attachments if a.form == 1), start=1):
        rows.append(
            f'<tr><td class=\'title\'>附件{number}</td><td colspan=\'3\'><a class="bizDownload" href="" id="{attachment.key}" '
            f'title="点击下载">{escape(attachment.name)}</a></td></tr>'
        )
    return (
        "<div class='table'><h5>公告概要：</h5><table width='600' border='0' cellspacing='1' bgcolor='#bfbfbf' "
        f"style='text-align:left;'>{''.join(rows)}</table></div>"
    )


def _page(title: str, body: str, head: str = "") -> str:
    return (
        '<!doctype html>\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n'
        f"{head}\n<title>{title}</title>\n</head>\n{body}\n</html>\n"
    )
