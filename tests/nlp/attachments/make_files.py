"""Small files of every format, made in memory. Their content is constructed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import py7zr

HEADER = ["货物名称", "品牌", "规格型号", "数量", "单价（元）"]
GOODS = [["监控级硬盘", "希捷", "ST8000VX004", "28", "1650"], ["交换机", "思科", "C9200L-24T", "2", "20000"]]


def word(*, macro: bool = False) -> bytes:
    document = docx.Document()
    document.add_paragraph("一、报价明细表")
    table = document.add_table(rows=0, cols=5)
    for row in [HEADER, *GOODS]:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    last = table.add_row().cells
    last[0].merge(last[3]).text = "合计"
    last[4].text = "86200"
    document.add_paragraph("二、售后服务")
    out = io.BytesIO()
    document.save(out)
    return with_entry(out.getvalue(), "word/vbaProject.bin", b"macro") if macro else out.getvalue()


def with_entry(archive: bytes, name: str, body: bytes) -> bytes:
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as target:
        target.writestr(name, body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    return zipped_names(dict(files))


def zipped_names(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def gbk_zip(name: str, body: bytes) -> bytes:
    """A zip as old Chinese tools write it: the name in GBK, without the flag for UTF-8."""
    placeholder = "n" * len(name.encode("gb18030"))
    return zipped_names({placeholder: body}).replace(placeholder.encode(), name.encode("gb18030"))


def locked_zip(name: str, body: bytes) -> bytes:
    """Flags that say the entry is encrypted, in both headers."""
    raw = bytearray(zipped_names({name: body}))
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def seven(files: dict[str, bytes], password: str | None = None) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=password is not None) as archive:
        for name, body in files.items():
            archive.writestr(body, name)
    return out.getvalue()


RAR_SPLIT, RAR_LOCKED = 0x02, 0x04


def rar(name: str, body: bytes) -> bytes:
    return rar_bytes([(name.encode(), body, 0)])


def rar_bytes(files: list[tuple[bytes, bytes, int]]) -> bytes:
    """A rar (version 3 layout) of stored entries: name as bytes, body, flags."""

    def block(kind: int, flags: int, rest: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0, b"\0" * 6)
    for raw, body, flags in files:
        size, crc = len(body), zlib.crc32(body)
        entry = struct.pack("<LLBLLBBHL", size, size, 3, crc, 0x5A210000, 20, 0x30, len(raw), 0o100644) + raw
        out += block(0x74, 0x8000 | flags, entry) + body
    return out + block(0x7B, 0x4000, b"")


def workbook(rows: list[list[object]], *, merge: str | None = None, hidden: bool = False) -> bytes:
    def cell(row: int, column: int, value: object) -> str:
        place = f"{chr(65 + column)}{row + 1}"
        if isinstance(value, int | float):
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>' if value else ""

    body = "".join(
        f'<row r="{r + 1}">' + "".join(cell(r, c, v) for c, v in enumerate(row)) + "</row>"
        for r, row in enumerate(rows)
    )
    merged = f'<mergeCells count="1"><mergeCell ref="{merge}"/></mergeCells>' if merge else ""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    state = ' state="hidden"' if hidden else ""
    return zipped_names(
        {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="清单" sheetId="1"{state} r:id="r1"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>{merged}</worksheet>'.encode(),
        }
    )


def pdf(pages: list[str], *, locked: bool = False) -> bytes:
    """Pages of raw drawing operators, with a font whose character codes are Unicode."""
    ranges = "\n".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256))
    chunks = [ranges.split("\n")[at : at + 100] for at in range(0, 256, 100)]
    cmap = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    cmap += (
        "".join(f"{len(chunk)} beginbfrange\n" + "\n".join(chunk) + "\nendbfrange\n" for chunk in chunks)
        + "endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * number} 0 R /Resources << /Font << /F 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(page)} >>\nstream\n{page}\nendstream")
    if locked:
        zeros = "00" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{zeros}> /P -4 >>")
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    encrypt = f" /Encrypt {len(objects)} 0 R /ID [<{'00' * 16}> <{'00' * 16}>]" if locked else ""
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{encrypt} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def text_at(x: int, y: int, text: str, size: int = 10) -> str:
    return f"BT /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex().upper()}> Tj ET"


def ruled_table(rows: list[list[str]], top: int = 700, left: int = 60, width: int = 95, height: int = 24) -> str:
    columns = len(rows[0])
    out = [f"{left} {top - r * height} m {left + columns * width} {top - r * height} l S" for r in range(len(rows) + 1)]
    out += [f"{left + c * width} {top} m {left + c * width} {top - len(rows) * height} l S" for c in range(columns + 1)]
    out += [
        text_at(left + 4 + c * width, top - 16 - r * height, value, 8)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
    ]
    return "\n".join(out)


def ofd(lines: list[str]) -> bytes:
    objects = "".join(
        f'<ofd:TextObject Boundary="10 {10 + 8 * n} 100 6"><ofd:TextCode X="0" Y="4">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines)
    )
    page = f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    return zipped_names({"OFD.xml": b"<ofd/>", "Doc_0/Pages/Page_0/Content.xml": page.encode()})
