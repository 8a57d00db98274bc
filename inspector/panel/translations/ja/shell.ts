<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>JobBar</name>
    <message>
      <source>Cancel</source>
      <translation>中止</translation>
    </message>
    <message>
      <source>One moment …</source>
      <translation>しばらくお待ちください…</translation>
    </message>
    <message>
      <source>{step}: {done} of {total}</source>
      <translation>{step}：{total} 件中 {done} 件</translation>
    </message>
  </context>
  <context>
    <name>Navigation</name>
    <message>
      <source>More</source>
      <translation>その他</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>ロック中</translation>
    </message>
  </context>
  <context>
    <name>Sheet</name>
    <message>
      <source>Cancel</source>
      <translation>キャンセル</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>閉じる</translation>
    </message>
  </context>
  <context>
    <name>Shell</name>
    <message>
      <source>, </source>
      <translation>、</translation>
    </message>
    <message>
      <source>More</source>
      <translation>その他</translation>
    </message>
    <message>
      <source>{screen} is locked</source>
      <translation>{screen}はロックされています</translation>
    </message>
    <message>
      <source>For: {roles}</source>
      <translation>利用できる役割：{roles}</translation>
    </message>
    <message>
      <source>Log in</source>
      <translation>ログイン</translation>
    </message>
  </context>
  <context>
    <name>StandingPane</name>
    <message>
      <source>One moment …</source>
      <translation>しばらくお待ちください…</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>もう一度</translation>
    </message>
    <message>
      <source>The office of the station cannot be reached.</source>
      <translation>検査装置のデータサービスに接続できません。</translation>
    </message>
  </context>
  <context>
    <name>VerdictStrip</name>
    <message>
      <source>Part {number}</source>
      <translation>部品 {number}</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>the office was started again</source>
      <translation>データサービスが再起動されました。</translation>
    </message>
    <message>
      <source>the office is busy. Ask again</source>
      <translation>データサービスが混み合っています。もう一度試してください。</translation>
    </message>
    <message>
      <source>the office gave no answer in time</source>
      <translation>データサービスから時間内に応答がありませんでした。</translation>
    </message>
    <message>
      <source>the station cannot say who asks ({why})</source>
      <translation>検査装置が利用者を確認できません（{why}）。</translation>
    </message>
    <message>
      <source>not while the line runs. Stop the line first</source>
      <translation>運転中は実行できません。先にラインを停止してください。</translation>
    </message>
    <message>
      <source>another job of this kind runs ({user}). Wait for its end, or cancel it</source>
      <translation>同じ種類の処理が実行中です（{user}）。終わるのを待つか、中止してください。</translation>
    </message>
    <message>
      <source>the process of this job ended with code {code}. See the log</source>
      <translation>処理が異常終了しました（コード {code}）。ログを確認してください。</translation>
    </message>
    <message>
      <source>cancelled</source>
      <translation>中止しました</translation>
    </message>
    <message>
      <source>this line keeps no records. Set ledger.enabled: true</source>
      <translation>このラインは記録を残していません。ledger.enabled: true にしてください。</translation>
    </message>
    <message>
      <source>part {number}: there is no record of it</source>
      <translation>部品 {number}：記録がありません。</translation>
    </message>
  </context>
  <context>
    <name>Screens</name>
    <message>
      <source>Live</source>
      <translation>運転</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>見直し</translation>
    </message>
    <message>
      <source>Teach</source>
      <translation>学習</translation>
    </message>
    <message>
      <source>Products</source>
      <translation>品種</translation>
    </message>
    <message>
      <source>Trends</source>
      <translation>傾向</translation>
    </message>
    <message>
      <source>Calibration</source>
      <translation>校正</translation>
    </message>
    <message>
      <source>Station</source>
      <translation>検査装置</translation>
    </message>
    <message>
      <source>Audit</source>
      <translation>監査</translation>
    </message>
    <message>
      <source>Users</source>
      <translation>利用者</translation>
    </message>
  </context>
  <context>
    <name>Finding</name>
    <message>
      <source>In order</source>
      <translation>問題ありません</translation>
    </message>
    <message>
      <source>Look at this</source>
      <translation>確認してください</translation>
    </message>
    <message>
      <source>Not installed; needed by some lines only</source>
      <translation>入っていません（使うラインだけ必要）</translation>
    </message>
    <message>
      <source>Does not work</source>
      <translation>動作しません</translation>
    </message>
    <message>
      <source>system</source>
      <translation>OS</translation>
    </message>
    <message>
      <source>CPU</source>
      <translation>プロセッサ（CPU）</translation>
    </message>
    <message>
      <source>GPU</source>
      <translation>GPU</translation>
    </message>
    <message>
      <source>memory</source>
      <translation>メモリ</translation>
    </message>
    <message>
      <source>clock</source>
      <translation>時計</translation>
    </message>
    <message>
      <source>data folder</source>
      <translation>データフォルダ</translation>
    </message>
    <message>
      <source>display</source>
      <translation>画面</translation>
    </message>
    <message>
      <source>Japanese font</source>
      <translation>日本語フォント</translation>
    </message>
  </context>
  <context>
    <name>SystemPane</name>
    <message>
      <source>Light colours</source>
      <translation>明るい配色にする</translation>
    </message>
    <message>
      <source>Dark colours</source>
      <translation>暗い配色にする</translation>
    </message>
  </context>
  <context>
    <name>ShortState</name>
    <message>
      <source>Starting</source>
      <translation>起動準備中</translation>
    </message>
    <message>
      <source>Halted</source>
      <translation>休止中</translation>
    </message>
    <message>
      <source>Error</source>
      <translation>異常</translation>
    </message>
    <message>
      <source>Locked</source>
      <translation>生産ロック中</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>準備完了</translation>
    </message>
    <message>
      <source>One run</source>
      <translation>単発運転中</translation>
    </message>
    <message>
      <source>Running</source>
      <translation>運転中</translation>
    </message>
  </context>
  <context>
    <name>Peer</name>
    <message>
      <source>command line</source>
      <translation>コマンド</translation>
    </message>
    <message>
      <source>the station itself</source>
      <translation>検査装置本体</translation>
    </message>
    <message>
      <source>panel, nobody logged in</source>
      <translation>パネル（ログインなし）</translation>
    </message>
    <message>
      <source>PLC</source>
      <translation>PLC</translation>
    </message>
  </context>
  <context>
    <name>Shell</name>
    <message>
      <source>{name}: {said}</source>
      <translation>{name}：{said}</translation>
    </message>
  </context>
  <context>
    <name>PageKeys</name>
    <message>
      <source>‹  Back</source>
      <translation>‹  前へ</translation>
    </message>
    <message>
      <source>More  ›</source>
      <translation>次へ  ›</translation>
    </message>
  </context>
</TS>
