<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>ChangeoverPane</name>
    <message>
      <source>All products</source>
      <translation>品種一覧</translation>
    </message>
    <message>
      <source>Cameras and engine are loaded, the engine is tested</source>
      <translation>カメラとエンジンの読み込み、エンジンの自己診断</translation>
    </message>
    <message>
      <source>Changeover to {product}</source>
      <translation>{product} へ切り替え</translation>
    </message>
    <message>
      <source>Limit samples and release</source>
      <translation>限度見本と承認</translation>
    </message>
    <message>
      <source>Loaded; production is locked</source>
      <translation>読み込み済み。生産はロック中</translation>
    </message>
    <message>
      <source>The line is stopped</source>
      <translation>ラインを停止</translation>
    </message>
    <message>
      <source>The station cannot be reached.</source>
      <translation>検査装置に接続できません。</translation>
    </message>
    <message>
      <source>The station is ready</source>
      <translation>検査装置の準備完了</translation>
    </message>
    <message>
      <source>To the line</source>
      <translation>運転画面へ</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>もう一度</translation>
    </message>
    <message>
      <source>Back to the last</source>
      <translation>前の品種に戻す</translation>
    </message>
  </context>
  <context>
    <name>ComparisonPane</name>
    <message>
      <source>, </source>
      <translation>、</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>キャンセル</translation>
    </message>
    <message>
      <source>Change over</source>
      <translation>切り替える</translation>
    </message>
    <message>
      <source>For: {roles}</source>
      <translation>対象：{roles}</translation>
    </message>
    <message>
      <source>It cannot be loaded: {why}</source>
      <translation>読み込めません：{why}</translation>
    </message>
    <message>
      <source>Limit samples must be shown before production: {why}</source>
      <translation>生産の前に限度見本の確認が必要：{why}</translation>
    </message>
    <message>
      <source>Log in</source>
      <translation>ログイン</translation>
    </message>
    <message>
      <source>Not released: it will not run in production.</source>
      <translation>未承認：生産には使えません。</translation>
    </message>
    <message>
      <source>Nothing but the name.</source>
      <translation>名前だけです。</translation>
    </message>
    <message>
      <source>Now: {product}</source>
      <translation>現在：{product}</translation>
    </message>
    <message>
      <source>Stop the line and change over</source>
      <translation>ラインを止めて切り替える</translation>
    </message>
    <message>
      <source>Take control back</source>
      <translation>操作権を取り戻す</translation>
    </message>
    <message>
      <source>The PLC commands the line: only it changes over now.</source>
      <translation>PLC が操作中です。切り替えは PLC だけができます。</translation>
    </message>
    <message>
      <source>The line runs: it stops first, after the parts under way.</source>
      <translation>ライン運転中：搬送中の部品が終わると停止し、その後切り替えます。</translation>
    </message>
    <message>
      <source>What changes ({count})</source>
      <translation>変わること（{count} 件）</translation>
    </message>
  </context>
  <context>
    <name>MastersPane</name>
    <message>
      <source>A good and a bad limit sample are needed</source>
      <translation>良品と不良品の限度見本が必要です</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>追加</translation>
    </message>
    <message>
      <source>Add a limit sample</source>
      <translation>限度見本を追加</translation>
    </message>
    <message>
      <source>Add …</source>
      <translation>追加…</translation>
    </message>
    <message>
      <source>All in this order</source>
      <translation>この順で全部</translation>
    </message>
    <message>
      <source>Bad: must be found by {check}</source>
      <translation>不良品：{check} で検出すること</translation>
    </message>
    <message>
      <source>Bad: must be rejected</source>
      <translation>不良品：不合格と判定すること</translation>
    </message>
    <message>
      <source>Find the cause, or replace a worn master; then show all of them again.</source>
      <translation>原因を調べるか、傷んだ見本を交換し、もう一度すべて確認してください。</translation>
    </message>
    <message>
      <source>Good: must pass</source>
      <translation>良品：合格すること</translation>
    </message>
    <message>
      <source>Limit samples are to be shown</source>
      <translation>限度見本を確認してください</translation>
    </message>
    <message>
      <source>Next: {name}</source>
      <translation>次：{name}</translation>
    </message>
    <message>
      <source>Place now: {name}</source>
      <translation>今、置いてください：{name}</translation>
    </message>
    <message>
      <source>Remove …</source>
      <translation>削除…</translation>
    </message>
    <message>
      <source>Run without check …</source>
      <translation>確認せずに運転…</translation>
    </message>
    <message>
      <source>Show {name}</source>
      <translation>{name} を確認</translation>
    </message>
    <message>
      <source>Stop showing</source>
      <translation>確認を中断</translation>
    </message>
    <message>
      <source>The check has failed</source>
      <translation>確認は不合格です</translation>
    </message>
    <message>
      <source>The check is valid</source>
      <translation>確認は有効です</translation>
    </message>
    <message>
      <source>The next part is this limit sample. It passes the gate.</source>
      <translation>次の部品がこの限度見本です。排出されません。</translation>
    </message>
    <message>
      <source>The station cannot be reached.</source>
      <translation>検査装置に接続できません。</translation>
    </message>
    <message>
      <source>Until {when}</source>
      <translation>{when} まで</translation>
    </message>
    <message>
      <source>or {count} more parts</source>
      <translation>または残り {count} 個まで</translation>
    </message>
    <message>
      <source>{done} of {total} shown</source>
      <translation>{total} 個中 {done} 個 確認済み</translation>
    </message>
    <message>
      <source>{name}: as expected</source>
      <translation>{name}：期待どおり</translation>
    </message>
  </context>
  <context>
    <name>NewMaster</name>
    <message>
      <source>Bad: must be rejected</source>
      <translation>不良品：不合格と判定すること</translation>
    </message>
    <message>
      <source>Good: must pass</source>
      <translation>良品：合格すること</translation>
    </message>
    <message>
      <source>Must be found</source>
      <translation>検出する検査</translation>
    </message>
    <message>
      <source>Name on the master (letters, digits, - _ .)</source>
      <translation>見本の名前（文字、数字、- _ .）</translation>
    </message>
    <message>
      <source>by any check</source>
      <translation>どの検査でも可</translation>
    </message>
  </context>
  <context>
    <name>ProductsScreen</name>
    <message>
      <source>Drafts ({n})</source>
      <translation>提案（{n}）</translation>
    </message>
    <message>
      <source>Limit samples</source>
      <translation>限度見本</translation>
    </message>
    <message>
      <source>Limit samples,
release, zones</source>
      <translation>限度見本・
承認・領域</translation>
    </message>
    <message>
      <source>Loaded · {mark}</source>
      <translation>現在 · {mark}</translation>
    </message>
    <message>
      <source>Loaded: {product}</source>
      <translation>現在の品種：{product}</translation>
    </message>
    <message>
      <source>Not released</source>
      <translation>未承認</translation>
    </message>
    <message>
      <source>Not taught</source>
      <translation>未学習</translation>
    </message>
    <message>
      <source>Nothing is loaded</source>
      <translation>なし</translation>
    </message>
    <message>
      <source>Part of the name</source>
      <translation>名前の一部</translation>
    </message>
    <message>
      <source>Recipe is damaged</source>
      <translation>レシピが壊れています</translation>
    </message>
    <message>
      <source>Release</source>
      <translation>承認</translation>
    </message>
    <message>
      <source>Released</source>
      <translation>承認済み</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>検索</translation>
    </message>
    <message>
      <source>Search products</source>
      <translation>品種を検索</translation>
    </message>
    <message>
      <source>The station cannot be reached.</source>
      <translation>検査装置に接続できません。</translation>
    </message>
    <message>
      <source>There are no products yet.</source>
      <translation>品種はまだありません。</translation>
    </message>
    <message>
      <source>Demo: counted and recorded, not as production</source>
      <translation>デモ：数えて記録しますが、生産としては扱いません</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>領域</translation>
    </message>
    <message>
      <source>limit samples are due</source>
      <translation>限度見本の確認が必要</translation>
    </message>
    <message>
      <source>limit samples valid</source>
      <translation>限度見本は有効</translation>
    </message>
    <message>
      <source>not released</source>
      <translation>未承認</translation>
    </message>
    <message>
      <source>released</source>
      <translation>承認済み</translation>
    </message>
    <message>
      <source>“{words}” ✕</source>
      <translation>「{words}」 ✕</translation>
    </message>
    <message>
      <source>‹  Products</source>
      <translation>‹  品種</translation>
    </message>
  </context>
  <context>
    <name>RecipeGroup</name>
    <message>
      <source>Camera</source>
      <translation>カメラ</translation>
    </message>
    <message>
      <source>Checks</source>
      <translation>検査項目</translation>
    </message>
    <message>
      <source>Learned looks</source>
      <translation>学習した外観</translation>
    </message>
    <message>
      <source>PLC and evidence</source>
      <translation>PLC と証拠画像</translation>
    </message>
    <message>
      <source>Preparation of pictures</source>
      <translation>画像の前処理</translation>
    </message>
    <message>
      <source>Release</source>
      <translation>承認</translation>
    </message>
    <message>
      <source>Runtime</source>
      <translation>実行環境</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>しきい値</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>領域</translation>
    </message>
  </context>
  <context>
    <name>RecipeKey</name>
    <message>
      <source>Backbone</source>
      <translation>特徴抽出器</translation>
    </message>
    <message>
      <source>Bundle (hash)</source>
      <translation>バンドル（ハッシュ）</translation>
    </message>
    <message>
      <source>Checks</source>
      <translation>検査項目</translation>
    </message>
    <message>
      <source>Flat field</source>
      <translation>シェーディング補正</translation>
    </message>
    <message>
      <source>Good parts that may be rejected</source>
      <translation>良品の過検出の許容率</translation>
    </message>
    <message>
      <source>Height of the prepared picture, px</source>
      <translation>処理後の画像の高さ px</translation>
    </message>
    <message>
      <source>How the part is found</source>
      <translation>部品の位置の見つけ方</translation>
    </message>
    <message>
      <source>Largest shift, px</source>
      <translation>最大ずれ px</translation>
    </message>
    <message>
      <source>Largest turn, degrees</source>
      <translation>最大回転 度</translation>
    </message>
    <message>
      <source>Lens corrected</source>
      <translation>レンズ歪み補正</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>手法</translation>
    </message>
    <message>
      <source>Number at the PLC</source>
      <translation>PLC の品種番号</translation>
    </message>
    <message>
      <source>One defect if nearer than, mm</source>
      <translation>一つの欠陥とみなす距離 mm</translation>
    </message>
    <message>
      <source>One defect if nearer than, px</source>
      <translation>一つの欠陥とみなす距離 px</translation>
    </message>
    <message>
      <source>Part against background</source>
      <translation>背景に対する部品の明暗</translation>
    </message>
    <message>
      <source>Pictures of rejects kept</source>
      <translation>不合格の画像の保存</translation>
    </message>
    <message>
      <source>Pixel format</source>
      <translation>画素形式</translation>
    </message>
    <message>
      <source>Region, height, px</source>
      <translation>検査範囲 高さ px</translation>
    </message>
    <message>
      <source>Region, left edge, px</source>
      <translation>検査範囲 左端 px</translation>
    </message>
    <message>
      <source>Region, top edge, px</source>
      <translation>検査範囲 上端 px</translation>
    </message>
    <message>
      <source>Region, width, px</source>
      <translation>検査範囲 幅 px</translation>
    </message>
    <message>
      <source>Released by</source>
      <translation>承認者</translation>
    </message>
    <message>
      <source>Runs on</source>
      <translation>実行</translation>
    </message>
    <message>
      <source>Scale, mm/px</source>
      <translation>縮尺 mm/px</translation>
    </message>
    <message>
      <source>Shapes (hash)</source>
      <translation>形（ハッシュ）</translation>
    </message>
    <message>
      <source>Share of passes kept</source>
      <translation>合格画像の保存割合</translation>
    </message>
    <message>
      <source>Shortest defect, mm</source>
      <translation>最小欠陥長さ mm</translation>
    </message>
    <message>
      <source>Shortest defect, px</source>
      <translation>最小欠陥長さ px</translation>
    </message>
    <message>
      <source>Size of pictures</source>
      <translation>画像の大きさ</translation>
    </message>
    <message>
      <source>Smallest defect, mm²</source>
      <translation>最小欠陥面積 mm²</translation>
    </message>
    <message>
      <source>Smallest defect, px</source>
      <translation>最小欠陥面積 px</translation>
    </message>
    <message>
      <source>Threshold of the score</source>
      <translation>スコアのしきい値</translation>
    </message>
    <message>
      <source>Width of the prepared picture, px</source>
      <translation>処理後の画像の幅 px</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>領域</translation>
    </message>
    <message>
      <source>scales</source>
      <translation>スケール数</translation>
    </message>
    <message>
      <source>statistic</source>
      <translation>統計量</translation>
    </message>
    <message>
      <source>weight</source>
      <translation>重み</translation>
    </message>
  </context>
  <context>
    <name>RecipeValue</name>
    <message>
      <source>all the same</source>
      <translation>すべて同じ</translation>
    </message>
    <message>
      <source>by its looks</source>
      <translation>外観で</translation>
    </message>
    <message>
      <source>by its outline</source>
      <translation>輪郭で</translation>
    </message>
    <message>
      <source>may differ</source>
      <translation>異なってもよい</translation>
    </message>
    <message>
      <source>no</source>
      <translation>いいえ</translation>
    </message>
    <message>
      <source>not at all</source>
      <translation>なし</translation>
    </message>
    <message>
      <source>yes</source>
      <translation>はい</translation>
    </message>
  </context>
  <context>
    <name>ReleasePane</name>
    <message>
      <source>, </source>
      <translation>、</translation>
    </message>
    <message>
      <source>Bundle {hash}</source>
      <translation>バンドル {hash}</translation>
    </message>
    <message>
      <source>Entry {number}, {name} ({role}), {when}: {reason}</source>
      <translation>第 {number} 号、{name}（{role}）、{when}：{reason}</translation>
    </message>
    <message>
      <source>For: {roles}</source>
      <translation>対象：{roles}</translation>
    </message>
    <message>
      <source>Limit samples must be shown before it can be released.</source>
      <translation>承認の前に限度見本の確認が必要です。</translation>
    </message>
    <message>
      <source>Not released: it does not run in production.</source>
      <translation>未承認：生産には使えません。</translation>
    </message>
    <message>
      <source>Release what is loaded …</source>
      <translation>現在の内容を承認…</translation>
    </message>
    <message>
      <source>Release {number}</source>
      <translation>承認 第 {number} 号</translation>
    </message>
    <message>
      <source>Released: it may run in production.</source>
      <translation>承認済み：生産に使えます。</translation>
    </message>
    <message>
      <source>Something else than what was released is loaded.</source>
      <translation>承認したものと違う内容が読み込まれています。</translation>
    </message>
    <message>
      <source>The line runs: stop it before a release.</source>
      <translation>ライン運転中です。停止してから承認してください。</translation>
    </message>
    <message>
      <source>Withdraw …</source>
      <translation>承認を取り消す…</translation>
    </message>
    <message>
      <source>Withdraws entry {number}</source>
      <translation>第 {number} 号の取り消し</translation>
    </message>
    <message>
      <source>in force</source>
      <translation>有効</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>of {parts} recorded parts {rejected} passes would be rejected, {passed} rejects would pass, {defects} of them called true defects</source>
      <translation>記録 {parts} 個のうち合格 {rejected} 個が不合格に、不合格 {passed} 個が合格に変わる（うち不合格と判定 {defects} 個）</translation>
    </message>
    <message>
      <source>the line runs. Stop it before a draft is taken up</source>
      <translation>運転中です。採用する前にラインを停止してください</translation>
    </message>
    <message>
      <source>{draft}: there is no such draft. Somebody decided on it</source>
      <translation>{draft}：この提案はありません。すでに処理されています</translation>
    </message>
    <message>
      <source>{product}: its recipe was changed since this was proposed. Discard the draft, and propose the rate again</source>
      <translation>{product}：提案の後でレシピが変更されました。破棄して、もう一度提案してください</translation>
    </message>
    <message>
      <source>a thread of the line is stuck. Restart the station</source>
      <translation>ラインの処理が止まりません。検査装置を再起動してください</translation>
    </message>
    <message>
      <source>changed since they were shown: {what}</source>
      <translation>確認の後に変わったもの：{what}</translation>
    </message>
    <message>
      <source>ledger.enabled: false: production must be recorded</source>
      <translation>ledger.enabled: false：生産には記録が必要です</translation>
    </message>
    <message>
      <source>no product is loaded</source>
      <translation>品種が読み込まれていません</translation>
    </message>
    <message>
      <source>none was judged</source>
      <translation>一つも判定していません</translation>
    </message>
    <message>
      <source>only their pictures were shown</source>
      <translation>画像だけで確認しました</translation>
    </message>
    <message>
      <source>reason: {reason} is no reason. Say why, in {count} letters or more</source>
      <translation>理由 {reason} では足りません。{count} 文字以上で書いてください</translation>
    </message>
    <message>
      <source>shown more than {hours} hours ago</source>
      <translation>確認から {hours} 時間を過ぎました</translation>
    </message>
    <message>
      <source>shown to other cameras: {cameras}</source>
      <translation>別のカメラで確認したものです：{cameras}</translation>
    </message>
    <message>
      <source>shown {count} parts ago or more</source>
      <translation>確認から {count} 個を過ぎました</translation>
    </message>
    <message>
      <source>the clock stands before the time at which they were shown</source>
      <translation>時計が確認の時刻より前です</translation>
    </message>
    <message>
      <source>the line runs. Stop it before the changeover</source>
      <translation>ライン運転中です。止めてから切り替えてください</translation>
    </message>
    <message>
      <source>their list was changed since they were shown</source>
      <translation>確認の後に見本の一覧が変わりました</translation>
    </message>
    <message>
      <source>they were never shown to this station</source>
      <translation>この検査装置でまだ確認していません</translation>
    </message>
    <message>
      <source>they were shown to station {station}</source>
      <translation>検査装置 {station} で確認したものです</translation>
    </message>
    <message>
      <source>{file}: deciding.{key}: {what} released {old}, loaded {new}</source>
      <translation>{what} が承認時と違います：承認 {old}、現在 {new}（{file}：{key}）</translation>
    </message>
    <message>
      <source>{file}: preparation_hash: was taught with another calibration of the camera than it has now. Teach again: the pictures are corrected otherwise</source>
      <translation>{file}：学習した時とカメラの校正が違います。もう一度学習してください</translation>
    </message>
    <message>
      <source>{file}: preparation_hash: was taught with another preparation than the recipe has now. Teach again, or undo the change of 'preparation' in the recipe</source>
      <translation>{file}：学習した時と画像の前処理が違います。もう一度学習するか、レシピの preparation を元に戻してください</translation>
    </message>
    <message>
      <source>{folder}: its last entry is not the ledger's</source>
      <translation>{folder}：最後の承認が台帳と一致しません</translation>
    </message>
    <message>
      <source>{name} is bad and was passed</source>
      <translation>{name} は不良品なのに合格と判定</translation>
    </message>
    <message>
      <source>{name} is good and was rejected</source>
      <translation>{name} は良品なのに不合格と判定</translation>
    </message>
    <message>
      <source>{name} was found at another place</source>
      <translation>{name} は別の場所で検出されました</translation>
    </message>
    <message>
      <source>{name} was not found by {check}</source>
      <translation>{name} は {check} で検出されませんでした</translation>
    </message>
    <message>
      <source>{name} was not judged ({cause})</source>
      <translation>{name} は判定されませんでした（{cause}）</translation>
    </message>
    <message>
      <source>{name}: no limit sample of {product}. Known: {names}</source>
      <translation>{name}：{product} の限度見本ではありません。登録済み：{names}</translation>
    </message>
    <message>
      <source>{name}: {product} has a limit sample of this name. Remove that one first, or choose another name</source>
      <translation>{name}：{product} に同じ名前の限度見本があります。先に削除するか、別の名前にしてください</translation>
    </message>
    <message>
      <source>{product} needs a good and a bad one (inspector limits)</source>
      <translation>{product} には良品と不良品の見本が必要です（inspector limits）</translation>
    </message>
    <message>
      <source>{product} runs without a check of limit samples, signed by {user}: {reason}</source>
      <translation>{product} は限度見本の確認なしで運転中。署名：{user}、理由：{reason}</translation>
    </message>
    <message>
      <source>{product} was never released</source>
      <translation>{product} は一度も承認されていません</translation>
    </message>
    <message>
      <source>{product}: a limit sample was judged wrongly. Find the cause, or take a worn master off the list</source>
      <translation>{product}：限度見本の判定が期待と違いました。原因を調べるか、傷んだ見本を一覧から外してください</translation>
    </message>
    <message>
      <source>{product}: calibration: none, its verdicts are provisional. Teach it, or calibrate it: inspector calibrate</source>
      <translation>{product}：しきい値校正がなく、判定は仮のものです。学習または校正してください</translation>
    </message>
    <message>
      <source>{product}: every release was withdrawn</source>
      <translation>{product}：承認はすべて取り消されました</translation>
    </message>
    <message>
      <source>{product}: has no limit samples. Add them: {command}</source>
      <translation>{product}：限度見本がありません。追加してください</translation>
    </message>
    <message>
      <source>{product}: is not loaded. Change over first</source>
      <translation>{product}：読み込まれていません。先に切り替えてください</translation>
    </message>
    <message>
      <source>{product}: limit samples: {why}. Show them: {command}</source>
      <translation>{product}：限度見本：{why}。確認してください</translation>
    </message>
    <message>
      <source>{product}: not calibrated for {rate}. Calibrate it first</source>
      <translation>{product}：許容率 {rate} でのしきい値校正がありません。先に校正してください</translation>
    </message>
    <message>
      <source>{product}: not taught yet on this station</source>
      <translation>{product}：この検査装置ではまだ学習していません</translation>
    </message>
    <message>
      <source>{product}: not taught yet on this station. Run: {command}</source>
      <translation>{product}：この検査装置ではまだ学習していません。「学習」で教えてください</translation>
    </message>
    <message>
      <source>{product}: there is no release to withdraw</source>
      <translation>{product}：取り消す承認がありません</translation>
    </message>
    <message>
      <source>{product}: this is release {number}: nothing was changed since</source>
      <translation>{product}：第 {number} 号の承認から何も変わっていません</translation>
    </message>
  </context>
  <context>
    <name>ZoneUse</name>
    <message>
      <source>inspected</source>
      <translation>検査する</translation>
    </message>
    <message>
      <source>not inspected</source>
      <translation>検査しない</translation>
    </message>
    <message>
      <source>sensitivity × {factor}</source>
      <translation>感度 × {factor}</translation>
    </message>
  </context>
  <context>
    <name>ZonesPane</name>
    <message>
      <source>No good image of it is kept on this PC.</source>
      <translation>この品種の良品画像はこの PC にありません。</translation>
    </message>
    <message>
      <source>The frame is inspected; what lies outside is cut off.</source>
      <translation>枠の中を検査します。枠の外は使いません。</translation>
    </message>
    <message>
      <source>The whole picture is inspected.</source>
      <translation>画像全体を検査します。</translation>
    </message>
    <message>
      <source>Draw others: teach it anew …</source>
      <translation>描き直す：もう一度学習…</translation>
    </message>
  </context>
  <context>
    <name>LockWords</name>
    <message>
      <source>Limit samples: {why}</source>
      <translation>限度見本：{why}</translation>
    </message>
    <message>
      <source>Not released: {why}</source>
      <translation>未承認：{why}</translation>
    </message>
  </context>
  <context>
    <name>DraftsPane</name>
    <message>
      <source>Calibrate</source>
      <translation>しきい値を算出</translation>
    </message>
    <message>
      <source>Discard …</source>
      <translation>破棄…</translation>
    </message>
    <message>
      <source>Drafts</source>
      <translation>提案</translation>
    </message>
    <message>
      <source>Good parts rejected: {old} % → {new} %</source>
      <translation>良品の不合格率：{old} % → {new} %</translation>
    </message>
    <message>
      <source>In force. Before it produces, it has to be released.</source>
      <translation>適用済み。生産の前に承認が必要です。</translation>
    </message>
    <message>
      <source>It is the recipe now. Its threshold is worked out.</source>
      <translation>レシピになりました。しきい値を算出します。</translation>
    </message>
    <message>
      <source>Load it</source>
      <translation>読み込む</translation>
    </message>
    <message>
      <source>More parts would pass: smaller defects as well.</source>
      <translation>合格が増えます。小さな欠陥も通ります。</translation>
    </message>
    <message>
      <source>No draft waits.</source>
      <translation>未処理の提案はありません。</translation>
    </message>
    <message>
      <source>Of those that would pass people called {bad} true defects, {good} false rejects.</source>
      <translation>合格に変わる部品のうち、人の判定は不良 {bad} 件、過検出 {good} 件です。</translation>
    </message>
    <message>
      <source>Of {parts} recorded parts {would} would be rejected, in place of {rejects}: {fewer} more would pass, {more} more be rejected.</source>
      <translation>記録 {parts} 個のうち不合格は {rejects} 個から {would} 個になります（合格へ {fewer} 個、不合格へ {more} 個）。</translation>
    </message>
    <message>
      <source>Proposed by {who}, {when}</source>
      <translation>提案：{who}、{when}</translation>
    </message>
    <message>
      <source>Put into force …</source>
      <translation>適用…</translation>
    </message>
    <message>
      <source>Take it up …</source>
      <translation>採用…</translation>
    </message>
    <message>
      <source>The line runs: stop it before a draft is taken up.</source>
      <translation>運転中です。採用する前にラインを停止してください。</translation>
    </message>
    <message>
      <source>Threshold {before} → {after}</source>
      <translation>しきい値 {before} → {after}</translation>
    </message>
    <message>
      <source>To release</source>
      <translation>承認へ</translation>
    </message>
    <message>
      <source>{n} good images are too few to prove this rate.</source>
      <translation>良品画像 {n} 枚ではこの率を証明できません。</translation>
    </message>
    <message>
      <source>{old} % → {new} %</source>
      <translation>{old} % → {new} %</translation>
    </message>
    <message>
      <source>‹  Drafts</source>
      <translation>‹  提案</translation>
    </message>
    <message>
      <source>‹  Products</source>
      <translation>‹  品種</translation>
    </message>
  </context>
</TS>
