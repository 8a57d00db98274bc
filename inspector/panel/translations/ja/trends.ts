<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>TrendsScreen</name>
    <message>
      <source>1 hour</source>
      <translation>1時間</translation>
    </message>
    <message>
      <source>8 hours</source>
      <translation>8時間</translation>
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
      <source>Rejected, %</source>
      <translation>不合格率（%）</translation>
    </message>
    <message>
      <source>Reasons</source>
      <translation>理由</translation>
    </message>
    <message>
      <source>Scores</source>
      <translation>異常度</translation>
    </message>
    <message>
      <source>Time to verdict, ms</source>
      <translation>判定までの時間（ms）</translation>
    </message>
    <message>
      <source>No part was inspected in this time.</source>
      <translation>この期間に検査した部品はありません。</translation>
    </message>
    <message>
      <source>{parts} parts, {rejects} rejected</source>
      <translation>{parts} 個中、不合格 {rejects} 個</translation>
    </message>
    <message>
      <source>All parts of this run are accounted for.</source>
      <translation>今回の運転の部品数はすべて一致しています。</translation>
    </message>
    <message>
      <source>Counts of this run do not agree!</source>
      <translation>今回の運転の数が一致しません!</translation>
    </message>
    <message>
      <source>{n} of {all} points beyond the limits</source>
      <translation>{all} 点中 {n} 点が管理限界の外</translation>
    </message>
    <message>
      <source>others</source>
      <translation>その他</translation>
    </message>
    <message>
      <source>Of the last {n} rejects</source>
      <translation>直近の不合格 {n} 個</translation>
    </message>
    <message>
      <source>Nothing was rejected.</source>
      <translation>不合格はありません。</translation>
    </message>
    <message>
      <source>No scores of this product.</source>
      <translation>この品種の異常度はありません。</translation>
    </message>
    <message>
      <source>Line: {parts} parts, outlined; {images} good images, filled; 1 = threshold</source>
      <translation>線：ライン {parts} 個、塗り：良品画像 {images} 枚。1 = しきい値</translation>
    </message>
    <message>
      <source>Below: half of the parts; above: 99 %. Least time left: {ms} ms</source>
      <translation>下：半数の部品、上：99 % の部品。最小余裕 {ms} ms</translation>
    </message>
  </context>
</TS>
