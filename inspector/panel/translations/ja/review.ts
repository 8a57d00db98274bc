<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>ActionKey</name>
    <message>
      <source>draft</source>
      <translation>提案</translation>
    </message>
    <message>
      <source>basis</source>
      <translation>根拠</translation>
    </message>
  </context>
  <context>
    <name>CheckWords</name>
    <message>
      <source>no score</source>
      <translation>スコアなし</translation>
    </message>
    <message>
      <source>{score}, limit {limit}</source>
      <translation>{score}（限界 {limit}）</translation>
    </message>
    <message>
      <source>not calibrated</source>
      <translation>未校正</translation>
    </message>
    <message>
      <source>looks as good parts do</source>
      <translation>良品と変わらない</translation>
    </message>
    <message>
      <source>1 in {number} good parts looks so strange</source>
      <translation>良品ならこれほど異なるのは{number}個に1個</translation>
    </message>
  </context>
  <context>
    <name>Command</name>
    <message>
      <source>Propose a false-reject rate</source>
      <translation>過検出率を提案する</translation>
    </message>
  </context>
  <context>
    <name>Consequence</name>
    <message>
      <source>A draft of the recipe is kept. The line goes on as it is.</source>
      <translation>レシピの提案が保存されます。ラインはこのまま変わりません。</translation>
    </message>
  </context>
  <context>
    <name>Finding</name>
    <message>
      <source>False reject</source>
      <translation>過検出</translation>
    </message>
    <message>
      <source>Good</source>
      <translation>良品</translation>
    </message>
    <message>
      <source>Missed defect</source>
      <translation>見逃し</translation>
    </message>
    <message>
      <source>True defect</source>
      <translation>真の欠陥</translation>
    </message>
    <message>
      <source>Unsure</source>
      <translation>保留</translation>
    </message>
  </context>
  <context>
    <name>PartPane</name>
    <message>
      <source>Back</source>
      <translation>前へ</translation>
    </message>
    <message>
      <source>Class of defect …</source>
      <translation>欠陥の種類 …</translation>
    </message>
    <message>
      <source>Class: {name}</source>
      <translation>種類：{name}</translation>
    </message>
    <message>
      <source>Heat</source>
      <translation>ヒートマップ</translation>
    </message>
    <message>
      <source>List</source>
      <translation>一覧</translation>
    </message>
    <message>
      <source>Mark: box</source>
      <translation>枠で囲む</translation>
    </message>
    <message>
      <source>Nearest good</source>
      <translation>最も近い良品</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>次へ</translation>
    </message>
    <message>
      <source>Not recorded: {reason}</source>
      <translation>記録できません：{reason}</translation>
    </message>
    <message>
      <source>One moment …</source>
      <translation>お待ちください …</translation>
    </message>
    <message>
      <source>Outline</source>
      <translation>輪郭で囲む</translation>
    </message>
    <message>
      <source>Part {part}</source>
      <translation>部品 {part}</translation>
    </message>
    <message>
      <source>Passed</source>
      <translation>合格</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>元に戻す</translation>
    </message>
    <message>
      <source>Unmark</source>
      <translation>印を消す</translation>
    </message>
    <message>
      <source>View {n}</source>
      <translation>画像 {n}</translation>
    </message>
  </context>
  <context>
    <name>RateSlider</name>
    <message>
      <source>fewer</source>
      <translation>少なく</translation>
    </message>
    <message>
      <source>more</source>
      <translation>多く</translation>
    </message>
  </context>
  <context>
    <name>ReviewScreen</name>
    <message>
      <source>Teach these ({n}) …</source>
      <translation>学習させる（{n}）…</translation>
    </message>
    <message>
      <source>24 hours</source>
      <translation>24時間</translation>
    </message>
    <message>
      <source>7 days</source>
      <translation>7日間</translation>
    </message>
    <message>
      <source>8 hours</source>
      <translation>8時間</translation>
    </message>
    <message>
      <source>All</source>
      <translation>すべて</translation>
    </message>
    <message>
      <source>Another class</source>
      <translation>別の種類</translation>
    </message>
    <message>
      <source>Any time</source>
      <translation>全期間</translation>
    </message>
    <message>
      <source>Borderline</source>
      <translation>境界</translation>
    </message>
    <message>
      <source>Class of the defect</source>
      <translation>欠陥の種類</translation>
    </message>
    <message>
      <source>Filter</source>
      <translation>絞り込み</translation>
    </message>
    <message>
      <source>Last hour</source>
      <translation>1時間</translation>
    </message>
    <message>
      <source>Lot</source>
      <translation>ロット</translation>
    </message>
    <message>
      <source>Passes</source>
      <translation>合格</translation>
    </message>
    <message>
      <source>Product</source>
      <translation>品種</translation>
    </message>
    <message>
      <source>Reason</source>
      <translation>理由</translation>
    </message>
    <message>
      <source>Rejects</source>
      <translation>不合格</translation>
    </message>
    <message>
      <source>Show them</source>
      <translation>表示</translation>
    </message>
    <message>
      <source>The draft is kept. An engineer calibrates and releases it.</source>
      <translation>提案を保存しました。技術者が校正して承認します。</translation>
    </message>
    <message>
      <source>There is no such part.</source>
      <translation>該当する部品はありません。</translation>
    </message>
    <message>
      <source>Time</source>
      <translation>期間</translation>
    </message>
    <message>
      <source>Unjudged</source>
      <translation>未判定</translation>
    </message>
    <message>
      <source>What if?</source>
      <translation>率を変えたら</translation>
    </message>
    <message>
      <source>Use what was typed</source>
      <translation>入力した種類を使う</translation>
    </message>
    <message>
      <source>Which parts?</source>
      <translation>どの部品を表示しますか</translation>
    </message>
    <message>
      <source>good parts rejected: {rate} % ({low} to {high} %)</source>
      <translation>良品の過検出 {rate} %（{low}~{high} %）</translation>
    </message>
    <message>
      <source>{judged} of {all} rejects judged: {true} true, {false} false, {unsure} unsure; {missed} missed</source>
      <translation>不合格{all}個のうち{judged}個を判定：真の欠陥 {true}、過検出 {false}、保留 {unsure}、見逃し {missed}</translation>
    </message>
  </context>
  <context>
    <name>SigningPane</name>
    <message>
      <source>{product}: false rejects {rate} %</source>
      <translation>{product}：過検出率 {rate} %</translation>
    </message>
  </context>
  <context>
    <name>WhatIfPane</name>
    <message>
      <source>No part is decided otherwise. Move the slider.</source>
      <translation>判定が変わる部品はありません。つまみを動かしてください。</translation>
    </message>
    <message>
      <source>The newest {n} are shown.</source>
      <translation>新しい{n}個を表示しています。</translation>
    </message>
    <message>
      <source>Nothing was counted yet.</source>
      <translation>まだ集計していません。</translation>
    </message>
    <message>
      <source>Of those that would pass people called {bad} true defects, {good} false rejects; {none} are unjudged or unsure.</source>
      <translation>合格に変わる部品の人の判定：真の欠陥 {bad}、過検出 {good}、未判定・保留 {none}。</translation>
    </message>
    <message>
      <source>Passed → rejected: {n}</source>
      <translation>合格→不合格：{n}</translation>
    </message>
    <message>
      <source>Propose this rate …</source>
      <translation>この率を提案 …</translation>
    </message>
    <message>
      <source>Rejected → passed: {n}</source>
      <translation>不合格→合格：{n}</translation>
    </message>
    <message>
      <source>of good parts rejected, in place of {rate} %</source>
      <translation>良品の過検出率（現在 {rate} %）</translation>
    </message>
    <message>
      <source>of good parts rejected: in force</source>
      <translation>良品の過検出率（現在の設定）</translation>
    </message>
    <message>
      <source>{n} good images are too few to prove this rate.</source>
      <translation>良品画像{n}枚ではこの率を証明できません。</translation>
    </message>
    <message>
      <source>{n} rejects in place of {before}, of {parts}</source>
      <translation>{parts}個中{n}個が不合格（実際は{before}個）</translation>
    </message>
    <message>
      <source>{n} parts were judged by another model and are left out.</source>
      <translation>別のモデルで判定された{n}個は除外しています。</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>nothing is new in these images; nothing was changed. Give images that are rejected, or --production to calibrate anew</source>
      <translation>これらの画像に新しい特徴はありません。何も変更していません</translation>
    </message>
    <message>
      <source>{image}: is rejected already (score {score}, threshold {threshold}). Give an image that was passed</source>
      <translation>{image}：今は不合格になります（スコア {score}、しきい値 {threshold}）</translation>
    </message>
    <message>
      <source>{image}: the marked place looks like good parts do; nothing was changed. Mark the defect itself; what a person hardly sees needs a larger --size</source>
      <translation>{image}：印の箇所が良品と見分けられません。何も変更していません。欠陥そのものに印を付けてください</translation>
    </message>
    <message>
      <source>{image}: good calibration images look like this defect: the threshold would rise from {before} to {after}, and other defects would pass; nothing was changed. Mark the defect more closely, or teach with more good images first</source>
      <translation>{image}：良品にこの欠陥と似たものがあり、しきい値が {before} から {after} に上がるため、何も変更していません。印をもっと狭く付けてください</translation>
    </message>
    <message>
      <source>{image}: would still pass (score {score}, threshold {threshold}); nothing was changed. Mark the whole defect, and see that decision.min_defect_area is not larger</source>
      <translation>{image}：学習しても合格のままです（スコア {score}、しきい値 {threshold}）。何も変更していません。欠陥の全体に印を付けてください</translation>
    </message>
    <message>
      <source>{product}: nobody judged a part that could be taught. Judge parts on the screen Review; missed defects have to be marked</source>
      <translation>{product}：学習できる部品がありません。見直し画面で部品を判定してください。見逃しには印が必要です</translation>
    </message>
    <message>
      <source>{product}: only an engine that remembers parts can be taught more. Teach it anew</source>
      <translation>{product}：追加学習できるのは部品を記憶する方式だけです。改めて学習してください</translation>
    </message>
    <message>
      <source>parts</source>
      <translation>部品</translation>
    </message>
    <message>
      <source>no part</source>
      <translation>部品なし</translation>
    </message>
    <message>
      <source>misplaced</source>
      <translation>位置ずれ</translation>
    </message>
    <message>
      <source>misplaced ({shift})</source>
      <translation>位置ずれ（{shift}）</translation>
    </message>
    <message>
      <source>{product}: no part was judged with a calibration in this time. {remedy}</source>
      <translation>{product}：この期間に校正済みで判定された部品がありません。期間を延ばすか、校正してください</translation>
    </message>
    <message>
      <source>{product}: its recipe has this false-reject rate already</source>
      <translation>{product}：レシピはすでにこの過検出率です</translation>
    </message>
  </context>
  <context>
    <name>LessonsPane</name>
    <message>
      <source>About {expected} of good parts will be rejected, at most {proved}.</source>
      <translation>良品の不合格は約 {expected}、最大 {proved} の見込みです。</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>戻る</translation>
    </message>
    <message>
      <source>Missed defects: {n}</source>
      <translation>見逃し：{n}</translation>
    </message>
    <message>
      <source>No product is chosen.</source>
      <translation>品種が選ばれていません。</translation>
    </message>
    <message>
      <source>Nobody judged a part of this kind that was not taught yet.</source>
      <translation>未学習の該当部品はありません。</translation>
    </message>
    <message>
      <source>Of {n} no picture is left.</source>
      <translation>{n} 個は画像が残っていません。</translation>
    </message>
    <message>
      <source>Only an engineer or administrator teaches.</source>
      <translation>学習は技術者か管理者が行います。</translation>
    </message>
    <message>
      <source>Teach from Review</source>
      <translation>見直しから学習</translation>
    </message>
    <message>
      <source>Teach these {n}</source>
      <translation>{n} 個を学習させる</translation>
    </message>
    <message>
      <source>The line has what it had before, until this is loaded.</source>
      <translation>読み込むまで、ラインは以前の内容のままです。</translation>
    </message>
    <message>
      <source>The line runs. Stop it before it is taught.</source>
      <translation>運転中です。学習の前にラインを停止してください。</translation>
    </message>
    <message>
      <source>Threshold {old} → {new}. Of {images} good pictures held out {before} were rejected, now {after}.</source>
      <translation>しきい値 {old} → {new}。取り分けた良品画像 {images} 枚のうち不合格は {before} 枚、今は {after} 枚。</translation>
    </message>
    <message>
      <source>What is new in these good parts is remembered as good: they pass.</source>
      <translation>これらの良品の新しい特徴を良品として覚え、合格にします。</translation>
    </message>
    <message>
      <source>What looks like the marked places is rejected from then on.</source>
      <translation>印を付けた箇所に似たものを、以後は不合格にします。</translation>
    </message>
    <message>
      <source>Wrongly rejected: {n}</source>
      <translation>過検出：{n}</translation>
    </message>
    <message>
      <source>{n} more are not marked: show in Review where the defect is.</source>
      <translation>ほか {n} 個は印がありません。見直し画面で欠陥の場所を示してください。</translation>
    </message>
    <message>
      <source>{n} more taught nothing.</source>
      <translation>ほか {n} 個は学習できませんでした。</translation>
    </message>
    <message>
      <source>{n} of {all} defects are found now</source>
      <translation>欠陥 {all} 個中 {n} 個を検出</translation>
    </message>
    <message>
      <source>{n} of {all} pass now</source>
      <translation>{all} 枚中 {n} 枚が合格</translation>
    </message>
    <message>
      <source>{n} were known already.</source>
      <translation>{n} 個は既に学習済みです。</translation>
    </message>
  </context>
</TS>
