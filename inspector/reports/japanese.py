"""The Japanese of reports, by the English that stands in the code. Terms as on the panel."""

from __future__ import annotations

from collections.abc import Mapping

JAPANESE: Mapping[str, str] = {
    # names of reports and of what they are about
    "Shift report": "シフト報告書",
    "Lot report": "ロット報告書",
    "Audit trail": "監査証跡",
    "Station": "検査装置",
    "Lot": "ロット",
    "Period": "期間",
    "Products": "品種",
    "Product": "品種",
    "Lots": "ロット",
    "none is named": "指定なし",
    "Records": "記録",
    "begin of the ledger": "台帳の先頭",
    "end of the ledger": "台帳の末尾",
    "records {first}–{last}": "記録 {first}–{last}",
    "head": "署名",
    # figures
    "Parts": "検査数",
    "Passed": "合格",
    "Rejected": "不合格",
    "Share rejected": "不合格率",
    "Past deadline": "判定遅れ",
    "Bypassed": "バイパス",
    "{number} counts do not agree: see Counters reconciled.": (
        "{number} 件の計数が一致しません。「計数の照合」を参照してください。"
    ),
    "{number} of {parts} parts were not production: trial, demonstration or bypass.": (
        "{parts} 個中 {number} 個は生産ではありません（試運転・デモ・バイパス）。"
    ),
    "Judged again by people: {true} true defects, {false} false rejects, {unsure} unsure; "
    "{missed} passed parts were found defective.": (
        "人による再判定：真の欠陥 {true}、過検出 {false}、判断保留 {unsure}。"
        "合格品のうち欠陥と判定されたもの（見逃し） {missed}。"
    ),
    # Pareto
    "Reasons of rejects (Pareto)": "不合格理由（パレート図）",
    "No part was rejected.": "不合格はありません。",
    "{number} rarer reasons": "その他 {number} 項目",
    "count": "件数",
    "share": "比率",
    "cumulative": "累積",
    "Each reject counts once: by the check that failed most clearly, or by the cause for "
    "which it was not judged in time. The line shows the cumulative share.": (
        "不合格 1 個につき 1 件を数えます。最も明確に不合格となった検査項目、"
        "または時間内に判定できなかった原因で分類します。折れ線は累積比率です。"
    ),
    "Good": "良品",
    "Defect": "欠陥",
    "Verdict too late": "判定遅れ",
    "Not inspected: no time left": "未検査：時間切れ",
    "Not inspected: parts too fast": "未検査：処理能力超過",
    "Not inspected: no picture": "未検査：画像なし",
    "Station fault": "装置異常",
    "Not announced as a limit sample": "限度見本の予告なし",
    "no part": "部品なし",
    "misplaced": "位置ずれ",
    # p-chart
    "Share of defective parts (p-chart)": "不良率（p 管理図）",
    "Too few judged parts for a chart.": "判定された部品が少ないため、管理図を作成できません。",
    "No limits: nothing or everything was rejected.": (
        "不合格が皆無または全数のため、管理限界はありません。"
    ),
    "Limits: exact binomial quantiles, {tail} on each side.": (
        "管理限界：二項分布の正確な分位点（片側 {tail}）。"
    ),
    "Limits: Laney's p', 3 sigma, because the shares scatter {sigma} times as much as a "
    "binomial count.": (
        "管理限界：Laney の p'（3 シグマ）。ばらつきが二項分布の {sigma} 倍あるためです。"
    ),
    "Subgroups of about {size} judged parts in a row; below each its begin and first part. "
    "{limits} They come from these parts alone. {outside} outside.": (
        "連続する約 {size} 個の判定済み部品を 1 群とし、下に開始時刻と最初の部品番号を示します。"
        "{limits}限界はこの報告書の部品だけから求めました。限界外：{outside} 点。"
    ),
    # counters
    "Counters reconciled": "計数の照合",
    "rule": "照合式",
    "figures": "数値",
    "result": "結果",
    "agrees": "一致",
    "DIFFERS": "不一致",
    "not told": "記録なし",
    "parts = verdicts": "部品数 = 判定数",
    "verdicts = passed + rejected + bypassed + limit samples": (
        "判定数 = 合格 + 不合格 + バイパス + 限度見本"
    ),
    "rejected = sum of all reasons": "不合格 = 理由別の合計",
    "parts counted by the line = records of them, in whole runs": (
        "ラインの計数 = 記録数（期間内に完結した運転）"
    ),
    "no whole run in this time": "期間内に完結した運転なし",
    "{camera}: triggers = frames + lost": "{camera}：トリガ数 = フレーム数 + 欠落数",
    "part numbers = recorded + outcome unrecorded + never used": (
        "部品番号 = 記録済み + 結果未記録 + 未使用"
    ),
    "no block of numbers ended in this time": "期間内に締められた番号区間なし",
    "parts at the PLC's sensor = triggers of the cameras": "PLC センサの部品数 = カメラのトリガ数",
    "fate at the gate = verdict": "ゲートでの扱い = 判定",
    "no difference was told": "差の記録なし",
    "difference of up to {number}": "最大差 {number}",
    "records lost = 0": "失われた記録 = 0",
    # runs
    "Runs of the line": "運転",
    "begin": "開始",
    "end": "終了",
    "before": "期間前",
    "after": "期間後",
    "records": "記録数",
    "counted": "計数",
    "passed": "合格",
    "rejected": "不合格",
    "late": "判定遅れ",
    "cut off": "中断",
    # outcomes that were not recorded
    "Outcomes that were not recorded": "結果が記録されなかった部品",
    "None: every part number that was given out has its record.": (
        "なし。払い出されたすべての部品番号に記録があります。"
    ),
    "After a crash or a loss of power nobody knows what became of these numbers: they may "
    "have been given to parts whose records did not reach the disk. They are not used again.": (
        "異常終了または停電のため、これらの番号の結果は不明です。番号が部品に割り当てられ、"
        "記録がディスクに届かなかった可能性があります。番号は再使用されません。"
    ),
    "told at": "記録日時",
    "part numbers": "部品番号",
    # limit samples
    "Limit samples": "限度見本",
    "No check of limit samples in this time, nor shortly before.": (
        "この期間とその直前に限度見本の確認はありません。"
    ),
    "The first one was made before the period and may hold in it.": (
        "最初の確認は期間前のもので、期間内にも有効な場合があります。"
    ),
    "limit sample": "限度見本",
    "expected": "期待",
    "score / limit": "異常度 / しきい値",
    "as expected": "期待どおり",
    "check passed": "確認合格",
    "check failed": "確認不合格",
    "check incomplete": "確認未完了",
    "check broken off": "確認中断",
    "limit samples passed": "限度見本の確認合格",
    "limit samples failed": "限度見本の確認不合格",
    "limit samples incomplete": "限度見本の確認未完了",
    "limit samples broken off": "限度見本の確認中断",
    "good": "良品",
    "bad": "不良品",
    # what decided
    "What decided: software, recipe, bundle, calibration": (
        "判定に用いたソフトウェア・レシピ・バンドル・校正"
    ),
    "parts {first} to {last}: {count} of them": "部品 {first} ~ {last}、{count} 個",
    "Software": "ソフトウェア",
    "Runtime": "実行環境",
    "Recipe": "レシピ",
    "Preparation": "前処理",
    "Bundle": "バンドル",
    "Calibration": "校正",
    # releases and signatures
    "Releases in force at the end": "期間末に有効な承認",
    "The ledger knows of no release: nothing of this was production.": (
        "台帳に承認の記録がありません。生産としての検査はありません。"
    ),
    "entry": "承認番号",
    "hash": "ハッシュ",
    "withdrawn": "承認取り消し",
    "Electronic signatures": "電子署名",
    "Nothing was signed in this time.": "この期間に署名はありません。",
    "name": "氏名",
    "role": "役割",
    "meaning": "署名の意味",
    "signed": "署名対象",
    "authorship": "作成",
    "review": "確認",
    "approval": "承認",
    "responsibility": "責任",
    "operator": "作業者",
    "technician": "保全者",
    "engineer": "技術者",
    "quality": "品質管理者",
    "administrator": "管理者",
    "auditor": "監査者",
    # alarms and states
    "Alarms": "警報",
    "No alarm in this time.": "この期間に警報はありません。",
    "raised": "発生",
    "gone": "解除",
    "signal (NE 107)": "信号 (NE 107)",
    "alarm": "警報",
    "noted by": "確認者",
    "failure": "故障",
    "check-function": "機能点検",
    "out-of-specification": "仕様外",
    "maintenance-required": "要保守",
    "Changes of state": "状態の変化",
    "No change of state in this time.": "この期間に状態の変化はありません。",
    "{number} more: see the audit report of this time.": (
        "ほか {number} 件。同じ期間の監査証跡を参照してください。"
    ),
    "from": "変化前",
    "to": "変化後",
    "preoperational": "起動準備中",
    "halted": "休止中",
    "error": "異常",
    "initialized": "初期化完了",
    "ready": "運転準備完了",
    "single-execution": "単発運転中",
    "continuous-execution": "連続運転中",
    # rejects
    "Rejects: pictures": "不合格品の画像",
    "{shown} of {all} rejects: of each reason in turn the clearest of which a picture "
    "was kept. Below each: part and time, reason, score and limit, begin of the "
    "picture's digest (SHA-256).": (
        "不合格 {all} 個中 {shown} 個。理由ごとに順に、"
        "画像が保存されている最も明確なものを示します。"
        "画像の下：部品番号と時刻、理由、異常度としきい値、画像のダイジェスト (SHA-256) の先頭。"
    ),
    "picture is gone": "画像なし（削除済み）",
    "Rejects: list": "不合格品の一覧",
    "{number} more: the CSV and Parquet files hold every part.": (
        "ほか {number} 個。CSV と Parquet には全部品が含まれます。"
    ),
    "part": "部品",
    "time": "日時",
    "cause": "原因",
    "reason": "理由",
    "record": "記録番号",
    "product": "品種",
    "by": "担当",
    # anchor
    "Anchor of the ledger": "台帳のアンカー",
    "The ledger is not signed: nothing vouches for it.": (
        "台帳は署名されていません。真正性を保証するものがありません。"
    ),
    "Signed head": "署名済みヘッド",
    "Key": "鍵の指紋",
    "Covers": "対象",
    "records up to {last}": "記録 {last} まで",
    "Signed at": "署名日時",
    "(state of the clock unknown)": "（時計の状態不明）",
    "(clock synchronised)": "（時計は同期済み）",
    "(clock NOT synchronised)": "（時計は未同期）",
    "{number} of the last records are not under a signed head yet.": (
        "末尾の {number} 件の記録は、まだ署名されていません。"
    ),
    "Keep this page where nobody can reach it from the station. Later this command must find "
    "the same head in the ledger, signed with the same key:": (
        "このページは検査装置から手の届かない場所に保管してください。後日、次のコマンドで、"
        "同じヘッドが同じ鍵で署名されて台帳にあることを確認できます。"
    ),
    "Prepared": "作成",
    "Reviewed": "確認",
    "Approved": "承認",
    "name, date": "氏名・日付",
    # audit trail
    "Actions": "操作",
    "Events": "事象",
    "Reviews": "再判定",
    "Refused": "拒否",
    "Every record of the period but those of parts, which the lot and shift reports add up. "
    "Names, reasons and messages are printed as they were recorded.": (
        "部品の記録（シフト報告書・ロット報告書で集計）を除く、期間内のすべての記録です。"
        "名前・理由・メッセージは記録されたとおりに印刷しています。"
    ),
    "who": "誰が",
    "what": "何を",
    "REFUSED": "拒否",
    "judged again": "再判定",
    "true defect": "真の欠陥",
    "false reject": "過検出",
    "unsure": "判断保留",
    # commands, as they are recorded
    "login": "ログイン",
    "logout": "ログアウト",
    "lock session": "画面ロック",
    "resume session": "画面ロック解除",
    "set password": "パスワード変更",
    "set pin": "PIN 変更",
    "add user": "利用者追加",
    "remove user": "利用者削除",
    "set role": "役割変更",
    "reset password": "パスワード再発行",
    "set badge": "バッジ登録",
    "recover": "管理者の復旧",
    "judge": "再判定",
    "start": "運転開始",
    "start single": "単発運転",
    "stop": "停止",
    "abort": "即時停止",
    "halt": "休止",
    "select automatic": "休止解除",
    "reset": "リセット",
    "select product": "品種切替",
    "acknowledge": "警報確認",
    "announce masters": "限度見本の予告",
    "add master": "限度見本の追加",
    "remove master": "限度見本の削除",
    "ask control": "操作権の要求",
    "take control": "操作権の取得",
    "give control": "操作権の引き渡し",
    "keep control": "操作権の保持",
    "pass control": "操作権の移動",
    "add panel": "パネルの追加",
    "remove panel": "パネルの削除",
    "take up draft": "提案の採用",
    "discard draft": "提案の破棄",
    "change light": "露光とゲインの変更",
    "keep correction": "カメラ補正の保存",
    "release": "承認",
    "withdraw": "承認取り消し",
    "change threshold": "しきい値変更",
    "propose rate": "過検出率の提案",
    "override limits": "限度見本確認の省略",
    "bypass": "バイパス",
    "hand over": "操作権の移譲",
    "hold evidence": "画像の保全",
    "release hold": "画像の保全解除",
    "note report": "報告書の作成",
    "note backup": "バックアップの作成",
    "rotate key": "署名鍵の交換",
    "call engineer": "技術者の呼び出し",
    "begin test": "手動テストの開始",
    "force output": "出力の強制",
    "end test": "手動テストの終了",
    "names": "名称",
    "parts": "検査数",
    "bypassed": "バイパス",
    "masters": "限度見本",
    "master": "限度見本",
    "hold": "保全",
    "lot": "ロット",
    # events, as they are recorded
    "state": "状態",
    "alarm gone": "警報解除",
    "product loaded": "品種読み込み",
    "run ended": "運転終了",
    "camera changed": "カメラ設定の変化",
    "fault": "異常",
    "context": "警報前の画像",
    "drift": "変動",
    "forecast": "予測との差",
    "gate": "ゲート",
    "gate alarm": "ゲート警報",
    "triggers differ": "トリガ数の差",
    "records dropped": "記録の喪失",
    "evidence deleted": "画像の削除",
    "half-written evidence removed": "書きかけの画像の除去",
    "ledger does not verify": "台帳の検証不合格",
    "reserved": "番号区間の予約",
    "settled": "番号区間の締め",
    "outcome unrecorded": "結果未記録",
    "segment head": "署名済みヘッド",
    "signing key": "署名鍵",
}
