"""Text recognition of pictures, as an optional extra (``pip install 'caigou[ocr]'``)."""

from __future__ import annotations

from nlp.attachments.pdf import Ocr


def recogniser() -> Ocr | None:
    """A recogniser when the extra is installed, else null. Loading its models takes seconds: make one and keep it."""
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415 -- heavy and optional
    except ImportError:
        return None
    engine = RapidOCR()

    def recognise(picture: bytes) -> str:
        result = engine(picture)
        texts = getattr(result, "txts", None) or ()
        return "\n".join(str(text) for text in texts)

    return recognise
