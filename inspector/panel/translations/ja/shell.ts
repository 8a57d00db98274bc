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
      <translation>{step}:{total} 件中 {done} 件</translation>
    </message>
  </context>
  <context>
    <name>LiveScreen</name>
    <message>
      <source>Live</source>
      <translation>運転</translation>
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
      <translation>取り消し</translation>
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
      <translation>利用できる役割:{roles}</translation>
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
      <translation>再試行</translation>
    </message>
    <message>
      <source>The office of the station cannot be reached.</source>
      <translation>装置の事務処理に接続できません。</translation>
    </message>
  </context>
  <context>
    <name>VerdictStrip</name>
    <message>
      <source>Part {number}</source>
      <translation>部品 {number}</translation>
    </message>
  </context>
</TS>
