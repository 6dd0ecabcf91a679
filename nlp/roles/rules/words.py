"""Single characters that say something only when they are not part of a longer, harmless word."""

from __future__ import annotations

from typing import Final

SHOULD: Final = r"(?<![供响相适反对感效呼])应(?![用急答收届力变])"
"""应, but not 供应, 响应, 应用."""
NOT: Final = r"不(?!间断|锈|限于|干胶|少于|同)"
"""不, but not 不间断电源."""
NON: Final = r"非(?!线性|制冷|接触|标|常|机动)"
"""非, but not 非线性, 非制冷."""
FORMER: Final = r"原(?!装|厂|产|始|因|理|子|料)"
"""原, but not 原装, 原厂."""
INTEND: Final = r"(?<![虚模])拟"
"""拟, but not 虚拟, 模拟."""
SERVICE: Final = r"服务(?!器|终端)"
"""服务, but not 服务器."""
ROAD: Final = r"[路街](?!由)"
"""路 and 街, but not 路由器."""
NOT_YET: Final = r"未(?!来)"
