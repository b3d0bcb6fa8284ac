"""What zones usually ask beyond the fixed figures, to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from companies.choices import Measure, QuestionKind


@dataclass(frozen=True)
class Usual:
    """A question with its wording in three languages."""

    code: str
    kind: str
    measure: str
    texts: Mapping[str, str] = field(hash=False)


def _texts(en: str, zh: str, de: str, hints: tuple[str, str, str] = ("", "", "")) -> Mapping[str, str]:
    hint_en, hint_zh, hint_de = hints
    return {
        "text_en": en, "text_zh": zh, "text_de": de, "hint_en": hint_en, "hint_zh": hint_zh, "hint_de": hint_de,
    }  # fmt: skip


USUAL = (
    Usual(
        "jobs_created", QuestionKind.COUNT, Measure.PERIOD,
        _texts(
            "Jobs created", "新增就业岗位", "Geschaffene Arbeitsplätze",
            (
                "New positions that were filled in the period.", "期内新设并已到岗的岗位数。",
                "Neue Stellen, die im Zeitraum besetzt wurden.",
            ),
        ),
    ),
    Usual(
        "products", QuestionKind.COUNT, Measure.LAST_DAY,
        _texts("Products on the market", "在售产品数", "Produkte auf dem Markt"),
    ),
    Usual(
        "works", QuestionKind.COUNT, Measure.PERIOD,
        _texts(
            "Works published", "发布作品数", "Veröffentlichte Werke",
            (
                "Audio, video, games, books and the like.", "音视频、游戏、图书等作品。",
                "Audio, Video, Spiele, Bücher und dergleichen.",
            ),
        ),
    ),
    Usual(
        "patents", QuestionKind.COUNT, Measure.LAST_DAY,
        _texts(
            "Patents held", "有效专利数", "Gehaltene Patente",
            (
                "Granted and in force, in any country.", "已授权且有效的专利，不限国家。",
                "Erteilt und in Kraft, in welchem Land auch immer.",
            ),
        ),
    ),
    Usual(
        "funding", QuestionKind.AMOUNT, Measure.PERIOD,
        _texts(
            "Funding received", "获得融资", "Erhaltene Finanzierung",
            (
                "Paid in during the period, in yuan: equity, loans and grants.",
                "期内到账金额（元）：股权融资、贷款和资助。",
                "Im Zeitraum eingegangen, in Yuan: Beteiligungen, Darlehen und Zuschüsse.",
            ),
        ),
    ),
)  # fmt: skip
