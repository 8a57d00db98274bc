"""One Japanese word for one thing, and signs of one width, on the panel, in manual and reports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inspector.panel.translation import sources
from inspector.reports.japanese import JAPANESE
from scripts.translations import messages

ROOT = Path(__file__).parents[2]

WORDS = {
    "検査機(?![能器])": "検査装置",
    "取消|取り止め": "キャンセル (a sheet), 中止 (a job), 元に戻す (undo), 取り消す (withdraw)",
    "判定画面|レビュー": "見直し: the screen",
    "下書き": "提案: a draft",
    "ユーザ": "利用者",
    "アラーム": "警報",
    "エンジニア": "技術者",
    "リリース": "承認",
    "ワーク(?!フロー)(?<!ネットワーク)": "部品",
    "閾値|スレッショルド": "しきい値",
    "較正|キャリブレーション": "校正",
    "再試行|リトライ": "もう一度",
    "事務処理|オフィス": "データサービス",
    "(?<![A-Z])NG(?![A-Z])": "不合格",
    "不良(?:と)?判定": "不合格判定: a verdict; 不良品 is a part, 欠陥 what is wrong with it",
    "PINコード|パスコード": "暗証番号",
    "フォルダー|メモリー|サーバー|プリンター": "フォルダ, メモリ: no long vowel at the end",
    "下さい": "ください",
}
"""What is not written, and what is written in its place."""

LETTER = "[぀-ヿ一-鿿]"
SIGNS = {
    rf"{LETTER}[:;](?!//)": "：",
    rf"{LETTER}\(|\){LETTER}": "（）",
    rf"{LETTER}[,.](?![0-9]){LETTER}": "、。",
}


def said() -> dict[str, list[str]]:
    """Everything that people read in Japanese, by where it stands."""
    panel = [words for ts in sources("ja") for *_, words in messages(ts)]
    manual = ROOT / "docs/operator-manual.ja.md"
    lines = [re.sub(r"\]\([^)]*\)", "]", line) for line in manual.read_text("utf-8").splitlines()]
    return {"panel": panel, "manual": lines, "reports": list(JAPANESE.values())}


@pytest.mark.parametrize("place", ["panel", "manual", "reports"])
def test_one_word_for_one_thing(place: str) -> None:
    found = [
        f"{text}: write {better}"
        for text in said()[place]
        for forbidden, better in WORDS.items()
        if re.search(forbidden, text)
    ]
    assert found == []


@pytest.mark.parametrize("place", ["panel", "manual", "reports"])
def test_signs_between_japanese_letters_are_of_full_width(place: str) -> None:
    found = [
        f"{text}: write {better}"
        for text in said()[place]
        for forbidden, better in SIGNS.items()
        if re.search(forbidden, text)
    ]
    assert found == []


def test_the_glossary_would_find_what_it_forbids() -> None:
    wrong = "アラーム:確認"
    assert any(re.search(one, wrong) for one in WORDS)
    assert any(re.search(one, wrong) for one in SIGNS)
