"""Names that a native of either script would find plausible, and that no real company was asked for."""

from dataclasses import dataclass
from random import Random

from zone_portal.demo.credit import CHENGDU_CITY, CHENGDU_WUHOU, HANGZHOU_BINJIANG, HANGZHOU_XIHU, HANGZHOU_YUHANG
from zone_portal.demo.vocabulary import Brand, Trade

CITIES = {
    HANGZHOU_YUHANG: ("Hangzhou", "杭州"),
    HANGZHOU_XIHU: ("Hangzhou", "杭州"),
    HANGZHOU_BINJIANG: ("Zhejiang", "浙江"),
    CHENGDU_WUHOU: ("Chengdu", "成都"),
    CHENGDU_CITY: ("Sichuan", "四川"),
}
TEAM_WORDS = (("Team", "团队"), ("Studio", "工作室"), ("Lab", "实验室"))


@dataclass(frozen=True)
class Name:
    latin: str
    han: str
    website: str


def company_name(brand: Brand, trade: Trade, region: str, random: Random) -> Name:
    """As on a business licence: place, brand, trade and legal form; the place sometimes stands in brackets."""
    place, place_zh = CITIES[region]
    if random.random() < 0.12:
        return Name(
            f"{brand.latin} {trade.name} ({place}) Co., Ltd.",
            f"{brand.han}（{place_zh}）{trade.name_zh}有限公司",
            website(brand),
        )
    start = f"{place} " if random.random() < 0.25 else ""
    return Name(
        f"{start}{brand.latin} {trade.name} Co., Ltd.", f"{place_zh}{brand.han}{trade.name_zh}有限公司", website(brand)
    )


def team_name(brand: Brand, trade: Trade, random: Random) -> Name:
    """A team calls itself what it likes."""
    word, word_zh = random.choice(TEAM_WORDS)
    short = trade.name_zh.removesuffix("科技")
    return Name(f"{brand.latin} {trade.name} {word}", f"{brand.han}{short}{word_zh}", "")


def website(brand: Brand) -> str:
    """An address under `.example`, which belongs to nobody."""
    return f"https://{brand.latin.lower().replace(' ', '-')}.example/"
