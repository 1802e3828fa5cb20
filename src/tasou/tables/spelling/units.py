"""The units that people write beside a number: percent, currencies, measures. A closed list, so that codes stay texts.

Different writings of one unit are one: ``¥``, ``￥``, ``円`` and ``JPY``.
"""

from __future__ import annotations

import re

_SEVERAL = """
%   |            | % ％ percent pct パーセント
‰   |            | ‰
円  | ¥ ￥ JPY   | 円 ¥ JPY yen
$   | $ US$ USD  | $ US$ USD ドル 米ドル dollars
€   | € EUR      | € EUR ユーロ euro
£   | £ GBP      | £ GBP ポンド
元  |            | 元 人民元
kg  |            | kg ㎏ Kg
m²  |            | m² m2 ㎡ m^2 平米 平方メートル
m³  |            | m³ m3 ㎥ m^3 立米
km² |            | km² km2 ㎢ km^2
cm² |            | cm² cm2 ㎠ cm^2
°C  |            | °C ℃
°F  |            | °F ℉
km/h |           | km/h kmh kph
"""
"""unit | in front of the number | behind it"""
_ON_BOTH_SIDES = """
₩ ₹ ₽ ₺ ₪ ₫ ₴ ₱ ฿ ₦ ₡ ₲ ₵ A$ C$ AU$ CA$ NZ$ HK$ NT$ S$ R$ MX$
CHF AUD CAD CNY RMB KRW INR BRL SEK NOK DKK PLN CZK HUF TWD HKD SGD THB kr zł Kč Ft Fr Rp RM
"""
_BEHIND = """
ウォン 千円 万円 百万円 千万円 億円 十億円 兆円 千ドル 百万ドル
人 千人 万人 件 個 台 戸 棟 世帯 事業所 社 店 校 園 歳 才 点 回 本 枚 冊 匹 頭 羽 隻
日間 か月 ヶ月 秒 分間 時間 年間 週間 キロ トン グラム メートル リットル 度 坪
mg g t lb oz mm cm m km ft mi ha ml mL L l kL kl cc kcal cal kJ J kW W MW kWh MWh GWh V A
Hz kHz MHz GHz hPa Pa kPa dB ppm ppb mol lx s ms min h sec hr hrs years yrs days px KB MB GB kB
° m/s
"""
PERCENT = frozenset({"%", "‰"})


def _writings(side: int) -> dict[str, str]:
    rows = [[part.strip() for part in line.split("|")] for line in _SEVERAL.strip().splitlines()]
    found = {how: row[0] for row in rows for how in row[side].split()}
    alone = _ON_BOTH_SIDES.split() + (_BEHIND.split() if side == 2 else [])
    return found | {unit: unit for unit in alone}


BEFORE, BEHIND = _writings(1), _writings(2)
"""how a unit is written -> its first name"""


def pattern(writings: dict[str, str]) -> str:
    """A regular expression for any of the writings, the longest first."""
    return "|".join(re.escape(how) for how in sorted(writings, key=len, reverse=True))
