"""Text recognition of pictures, as an optional extra (``pip install 'caigou[ocr]'``)."""

from __future__ import annotations

from nlp.attachments.content import UnreadableError
from nlp.attachments.pictures import Box, Ocr


def recogniser() -> Ocr | None:
    """A recogniser when the extra is installed, else null. Loading its models takes seconds: make one and keep it."""
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415 -- heavy and optional
    except ImportError:
        return None
    engine = RapidOCR()

    def recognise(picture: bytes) -> list[Box]:
        try:
            found = engine(picture)
        except MemoryError:
            raise
        except Exception as error:
            # whatever an image library says of a broken picture; a name is enough
            code = "attachment_bomb" if type(error).__name__ == "DecompressionBombError" else "attachment_damaged"
            raise UnreadableError(code, f"the picture cannot be read: {type(error).__name__}") from error
        boxes, texts = getattr(found, "boxes", None), getattr(found, "txts", None)
        if boxes is None or not texts:
            return []
        return [
            Box(float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)), str(text))
            for (xs, ys), text in zip((zip(*box, strict=True) for box in boxes), texts, strict=True)
        ]

    return recognise
