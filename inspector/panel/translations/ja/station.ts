<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>CamerasPane</name>
    <message>
      <source>Closed: no product is loaded</source>
      <translation>未接続：品種が読み込まれていません</translation>
    </message>
    <message>
      <source>Connected</source>
      <translation>接続中</translation>
    </message>
    <message>
      <source>Exposure to memory</source>
      <translation>露光から受信まで</translation>
    </message>
    <message>
      <source>Frames a second</source>
      <translation>毎秒の画像数</translation>
    </message>
    <message>
      <source>Frames without a buffer</source>
      <translation>バッファー不足の画像</translation>
    </message>
    <message>
      <source>Incomplete frames</source>
      <translation>不完全な画像</translation>
    </message>
    <message>
      <source>Last trouble</source>
      <translation>直近の異常</translation>
    </message>
    <message>
      <source>Link</source>
      <translation>接続</translation>
    </message>
    <message>
      <source>Not connected</source>
      <translation>接続なし</translation>
    </message>
    <message>
      <source>Packets sent again</source>
      <translation>再送されたパケット</translation>
    </message>
    <message>
      <source>Packets that never came</source>
      <translation>届かなかったパケット</translation>
    </message>
    <message>
      <source>Picture</source>
      <translation>画像</translation>
    </message>
    <message>
      <source>Temperature</source>
      <translation>温度</translation>
    </message>
    <message>
      <source>Times it was gone</source>
      <translation>切断回数</translation>
    </message>
    <message>
      <source>Triggers / frames / lost</source>
      <translation>トリガー/画像/欠落</translation>
    </message>
  </context>
  <context>
    <name>Command</name>
    <message>
      <source>Begin a manual test</source>
      <translation>手動テストの開始</translation>
    </message>
    <message>
      <source>End the manual test</source>
      <translation>手動テストの終了</translation>
    </message>
    <message>
      <source>Force an output</source>
      <translation>出力の強制</translation>
    </message>
  </context>
  <context>
    <name>Consequence</name>
    <message>
      <source>Outputs to the PLC can be forced: what hangs on them moves.</source>
      <translation>PLCへの出力を強制できます。つながっている機器が動きます。</translation>
    </message>
  </context>
  <context>
    <name>EnginePane</name>
    <message>
      <source>Bundle</source>
      <translation>バンドル</translation>
    </message>
    <message>
      <source>Calibration</source>
      <translation>しきい値の校正</translation>
    </message>
    <message>
      <source>Checks</source>
      <translation>判定</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>転記</translation>
    </message>
    <message>
      <source>Engine</source>
      <translation>推論</translation>
    </message>
    <message>
      <source>Exposure and transfer</source>
      <translation>露光と転送</translation>
    </message>
    <message>
      <source>Fingerprint</source>
      <translation>実行環境</translation>
    </message>
    <message>
      <source>Good images</source>
      <translation>良品画像</translation>
    </message>
    <message>
      <source>Good parts rejected, as asked for</source>
      <translation>良品の誤判定率（指定）</translation>
    </message>
    <message>
      <source>Identity</source>
      <translation>識別値</translation>
    </message>
    <message>
      <source>Image, views</source>
      <translation>画像・視点数</translation>
    </message>
    <message>
      <source>Made</source>
      <translation>作成日時</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>方式</translation>
    </message>
    <message>
      <source>No part was inspected yet.</source>
      <translation>まだ検査していません。</translation>
    </message>
    <message>
      <source>None: provisional thresholds, not for production</source>
      <translation>なし：仮のしきい値（生産不可）</translation>
    </message>
    <message>
      <source>Nothing is loaded: the station is Halted, or in Error.</source>
      <translation>何も読み込まれていません（休止中、または異常）。</translation>
    </message>
    <message>
      <source>Preparation</source>
      <translation>前処理</translation>
    </message>
    <message>
      <source>Proven at 95 %: at most</source>
      <translation>95 %の信頼で保証する上限</translation>
    </message>
    <message>
      <source>Recipe</source>
      <translation>レシピ</translation>
    </message>
    <message>
      <source>Runtime</source>
      <translation>ランタイム</translation>
    </message>
    <message>
      <source>Self-test</source>
      <translation>自己診断</translation>
    </message>
    <message>
      <source>State</source>
      <translation>状態</translation>
    </message>
    <message>
      <source>Threads</source>
      <translation>スレッド数</translation>
    </message>
    <message>
      <source>Threshold, joint</source>
      <translation>しきい値（総合）</translation>
    </message>
    <message>
      <source>Threshold, {check}</source>
      <translation>しきい値（{check}）</translation>
    </message>
    <message>
      <source>Time of the last {n} parts</source>
      <translation>直近{n}個の所要時間</translation>
    </message>
    <message>
      <source>Trigger to verdict</source>
      <translation>トリガーから判定まで</translation>
    </message>
    <message>
      <source>Verdict to the PLC</source>
      <translation>PLCへの出力</translation>
    </message>
    <message>
      <source>Waiting for the engine</source>
      <translation>推論待ち</translation>
    </message>
    <message>
      <source>half / 99 % / longest</source>
      <translation>中央値/99 %/最長</translation>
    </message>
    <message>
      <source>ms</source>
      <translation>ミリ秒</translation>
    </message>
    <message>
      <source>✓ passed, {when}</source>
      <translation>✓ 合格 {when}</translation>
    </message>
  </context>
  <context>
    <name>LogPane</name>
    <message>
      <source>Errors</source>
      <translation>エラー</translation>
    </message>
    <message>
      <source>Everything</source>
      <translation>すべて</translation>
    </message>
    <message>
      <source>Level</source>
      <translation>種別</translation>
    </message>
    <message>
      <source>Line of the log</source>
      <translation>ログの1行</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>更新</translation>
    </message>
    <message>
      <source>Nothing of this kind in the log.</source>
      <translation>該当する行はありません。</translation>
    </message>
    <message>
      <source>Support file</source>
      <translation>サポート用ファイル</translation>
    </message>
    <message>
      <source>Support file …</source>
      <translation>サポート用…</translation>
    </message>
    <message>
      <source>Time</source>
      <translation>時刻</translation>
    </message>
    <message>
      <source>Warnings</source>
      <translation>警告以上</translation>
    </message>
  </context>
  <context>
    <name>PlcPane</name>
    <message>
      <source>! {left} left. A touch forces an output for 5 s, and what hangs on it moves.</source>
      <translation>! 残り{left}。触れた出力を5秒間強制し、つながっている機器が動きます。</translation>
    </message>
    <message>
      <source>Forced now:</source>
      <translation>強制中：</translation>
    </message>
    <message>
      <source>! heartbeat stands still for {s} s</source>
      <translation>! ハートビート停止 {s}秒</translation>
    </message>
    <message>
      <source>! {name}: not connected. {why}</source>
      <translation>! {name}：接続なし。{why}</translation>
    </message>
    <message>
      <source>Inputs: what the PLC says</source>
      <translation>入力：PLCから</translation>
    </message>
    <message>
      <source>It has no registers to show.</source>
      <translation>表示できるレジスターはありません。</translation>
    </message>
    <message>
      <source>Operator has control</source>
      <translation>操作権：作業者</translation>
    </message>
    <message>
      <source>Outputs are tested by: {roles}</source>
      <translation>出力テストができる役割：{roles}</translation>
    </message>
    <message>
      <source>Outputs can be tested now. It is signed for, and ends by itself.</source>
      <translation>出力をテストできます。署名が必要で、自動的に終わります。</translation>
    </message>
    <message>
      <source>Outputs can be tested while the station is Halted.</source>
      <translation>出力のテストは休止中だけできます。</translation>
    </message>
    <message>
      <source>Outputs: what the station says</source>
      <translation>出力：検査装置から</translation>
    </message>
    <message>
      <source>PLC has control</source>
      <translation>操作権：PLC</translation>
    </message>
    <message>
      <source>Test outputs …</source>
      <translation>出力テスト…</translation>
    </message>
    <message>
      <source>Words</source>
      <translation>数値</translation>
    </message>
    <message>
      <source>forced {s} s</source>
      <translation>強制 残り{s}秒</translation>
    </message>
    <message>
      <source>gate</source>
      <translation>排出を制御</translation>
    </message>
    <message>
      <source>heartbeat {ms} ms old</source>
      <translation>ハートビート {ms}ミリ秒前</translation>
    </message>
    <message>
      <source>observer</source>
      <translation>通知のみ</translation>
    </message>
    <message>
      <source>{name}: connected</source>
      <translation>{name}：接続中</translation>
    </message>
  </context>
  <context>
    <name>Bands</name>
    <message>
      <source>End the test</source>
      <translation>テストを終了</translation>
    </message>
  </context>
  <context>
    <name>RecordsPane</name>
    <message>
      <source>Anchor</source>
      <translation>外部控え</translation>
    </message>
    <message>
      <source>Before an alarm</source>
      <translation>警報の前</translation>
    </message>
    <message>
      <source>Cannot be checked</source>
      <translation>検証できません</translation>
    </message>
    <message>
      <source>Chain</source>
      <translation>連鎖</translation>
    </message>
    <message>
      <source>Check</source>
      <translation>検証</translation>
    </message>
    <message>
      <source>Database</source>
      <translation>データベース</translation>
    </message>
    <message>
      <source>Disk {full} % full, {free} free</source>
      <translation>ディスク使用率 {full} %、空き {free}</translation>
    </message>
    <message>
      <source>Files on this PC</source>
      <translation>このPCのファイル</translation>
    </message>
    <message>
      <source>From {told} %: alarm. From {shed} %: pictures of passes are not kept. From {stop} %: the line stops, where the recipe requires pictures.</source>
      <translation>{told} %で警報。{shed} %で良品画像の保存を中止。{stop} %で、画像保存が必須のレシピではライン停止。</translation>
    </message>
    <message>
      <source>Journal, for the plant's database</source>
      <translation>工場データベースへの送信待ち</translation>
    </message>
    <message>
      <source>Last / longest write</source>
      <translation>書き込み（直近/最長）</translation>
    </message>
    <message>
      <source>Ledger</source>
      <translation>台帳</translation>
    </message>
    <message>
      <source>Lost: records / pictures</source>
      <translation>欠落（記録/画像）</translation>
    </message>
    <message>
      <source>Not counted yet</source>
      <translation>まだ集計していません</translation>
    </message>
    <message>
      <source>every ten minutes</source>
      <translation>10分ごとに集計</translation>
    </message>
    <message>
      <source>Passes that nearly were none</source>
      <translation>境界付近の良品</translation>
    </message>
    <message>
      <source>Passes, drawn by chance</source>
      <translation>抜き取りの良品</translation>
    </message>
    <message>
      <source>Pictures, by why they are kept</source>
      <translation>保存画像（理由別）</translation>
    </message>
    <message>
      <source>Records</source>
      <translation>記録</translation>
    </message>
    <message>
      <source>Rejects</source>
      <translation>不良品</translation>
    </message>
    <message>
      <source>Signed up to record</source>
      <translation>署名済みの記録番号</translation>
    </message>
    <message>
      <source>Since the start: records / pictures</source>
      <translation>起動後（記録/画像）</translation>
    </message>
    <message>
      <source>State</source>
      <translation>状態</translation>
    </message>
    <message>
      <source>This line keeps no records.</source>
      <translation>このラインは記録を残しません。</translation>
    </message>
    <message>
      <source>Waiting / room</source>
      <translation>書き込み待ち/上限</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>保存先</translation>
    </message>
    <message>
      <source>Writing</source>
      <translation>書き込み</translation>
    </message>
    <message>
      <source>in the plant's database</source>
      <translation>工場のデータベース</translation>
    </message>
    <message>
      <source>not yet</source>
      <translation>まだありません</translation>
    </message>
    <message>
      <source>✓ no fault</source>
      <translation>✓ 異常なし</translation>
    </message>
    <message>
      <source>✓ nothing was altered</source>
      <translation>✓ 改ざんなし</translation>
    </message>
  </context>
  <context>
    <name>StateMap</name>
    <message>
      <source>Operational</source>
      <translation>運転可能（Operational）</translation>
    </message>
    <message>
      <source>from any state</source>
      <translation>全状態から</translation>
    </message>
  </context>
  <context>
    <name>StatePane</name>
    <message>
      <source>A single run: it ends by itself.</source>
      <translation>1回の実行中です。自動的に終わります。</translation>
    </message>
    <message>
      <source>Abort</source>
      <translation>即時停止</translation>
    </message>
    <message>
      <source>All parts are rejected until it is reset.</source>
      <translation>リセットするまで、すべての部品を不合格とします。</translation>
    </message>
    <message>
      <source>Everyone, without a log-in</source>
      <translation>誰でも（ログイン不要）</translation>
    </message>
    <message>
      <source>Halt</source>
      <translation>休止</translation>
    </message>
    <message>
      <source>Halted on request: nothing is loaded. Outputs can be tested on the side PLC.</source>
      <translation>休止中です。何も読み込まれていません。出力は「PLC」でテストできます。</translation>
    </message>
    <message>
      <source>Inspect one part</source>
      <translation>1個だけ検査</translation>
    </message>
    <message>
      <source>Load again (automatic)</source>
      <translation>再読み込み（自動運転）</translation>
    </message>
    <message>
      <source>Loaded. Something is still missing for production.</source>
      <translation>読み込み済みです。生産にはまだ条件が足りません。</translation>
    </message>
    <message>
      <source>No connection</source>
      <translation>接続なし</translation>
    </message>
    <message>
      <source>Not Ready, because:</source>
      <translation>運転準備完了でない理由：</translation>
    </message>
    <message>
      <source>On for {days} d {hours} h {minutes} min</source>
      <translation>稼働時間 {days}日{hours}時間{minutes}分</translation>
    </message>
    <message>
      <source>Parts are being inspected.</source>
      <translation>検査中です。</translation>
    </message>
    <message>
      <source>Parts are being inspected. Those under way are rejected or lost.</source>
      <translation>検査中です。処理中の部品は不合格になるか、失われます。</translation>
    </message>
    <message>
      <source>Ready: parts may come as soon as it is started.</source>
      <translation>運転準備完了です。開始すれば検査できます。</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>リセット</translation>
    </message>
    <message>
      <source>The PLC has control.</source>
      <translation>操作権はPLCにあります。</translation>
    </message>
    <message>
      <source>The station starts: devices are looked for.</source>
      <translation>起動中です。機器を探しています。</translation>
    </message>
  </context>
  <context>
    <name>StationScreen</name>
    <message>
      <source>Cameras</source>
      <translation>カメラ</translation>
    </message>
    <message>
      <source>Engine</source>
      <translation>エンジン</translation>
    </message>
    <message>
      <source>Log</source>
      <translation>ログ</translation>
    </message>
    <message>
      <source>PLC</source>
      <translation>PLC</translation>
    </message>
    <message>
      <source>Records</source>
      <translation>記録</translation>
    </message>
    <message>
      <source>State</source>
      <translation>状態</translation>
    </message>
    <message>
      <source>System</source>
      <translation>システム</translation>
    </message>
  </context>
  <context>
    <name>SupportPane</name>
    <message>
      <source>Logs, settings without passwords and keys, findings of the doctor, versions, and the newest events of the station. No picture, and no record of a part.</source>
      <translation>ログ、設定（パスワードと鍵を除く）、診断結果、版、最近のイベントです。画像と部品の記録は含みません。</translation>
    </message>
    <message>
      <source>Look for memory sticks again</source>
      <translation>USBメモリを再検索</translation>
    </message>
    <message>
      <source>Save on this PC: {folder}</source>
      <translation>このPCに保存：{folder}</translation>
    </message>
    <message>
      <source>Save to {folder}</source>
      <translation>{folder} に保存</translation>
    </message>
    <message>
      <source>{name}: {files} files, {size} kB</source>
      <translation>{name}：{files}件、{size} kB</translation>
    </message>
    <message>
      <source>✓ Saved: {path}</source>
      <translation>✓ 保存しました：{path}</translation>
    </message>
  </context>
  <context>
    <name>SystemPane</name>
    <message>
      <source>Examine this PC</source>
      <translation>このPCを診断</translation>
    </message>
    <message>
      <source>Examined by: {roles}</source>
      <translation>診断できる役割：{roles}</translation>
    </message>
    <message>
      <source>Findings</source>
      <translation>診断結果</translation>
    </message>
    <message>
      <source>Looks at runtimes, cameras, disk, clock and display; some seconds.</source>
      <translation>ランタイム、カメラ、ディスク、時計、画面を数秒で調べます。</translation>
    </message>
    <message>
      <source>Packages and licences</source>
      <translation>パッケージとライセンス</translation>
    </message>
    <message>
      <source>Software</source>
      <translation>ソフトウェア</translation>
    </message>
    <message>
      <source>System</source>
      <translation>システム</translation>
    </message>
    <message>
      <source>✓ Inspector can work here.</source>
      <translation>✓ このPCで動作できます。</translation>
    </message>
    <message>
      <source>✕ Inspector cannot work here. Failures: {count}</source>
      <translation>✕ このPCでは動作できません。異常 {count}件</translation>
    </message>
  </context>
  <context>
    <name>ActionKey</name>
    <message>
      <source>connection</source>
      <translation>接続</translation>
    </message>
    <message>
      <source>output</source>
      <translation>出力</translation>
    </message>
    <message>
      <source>seconds</source>
      <translation>秒数</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>examination</source>
      <translation>診断</translation>
    </message>
    <message>
      <source>bundle</source>
      <translation>ファイルの作成</translation>
    </message>
    <message>
      <source>Manual test: {user} may force outputs to the PLC: {reason}</source>
      <translation>手動テスト：{user}がPLCへの出力を強制できます：{reason}</translation>
    </message>
    <message>
      <source>cannot force outputs while the station is {state}</source>
      <translation>「{state}」では出力を強制できません</translation>
    </message>
    <message>
      <source>no manual test is on. Begin one, and sign for it</source>
      <translation>手動テスト中ではありません。署名して開始してください</translation>
    </message>
    <message>
      <source>this connection has no outputs to force</source>
      <translation>この接続には強制できる出力がありません</translation>
    </message>
  </context>
</TS>
