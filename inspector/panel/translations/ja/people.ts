<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>ActionDetail</name>
    <message>
      <source>Only {name}</source>
      <translation>{name}さんだけ</translation>
    </message>
    <message>
      <source>Only: {action}</source>
      <translation>「{action}」だけ</translation>
    </message>
    <message>
      <source>record</source>
      <translation>記録番号</translation>
    </message>
    <message>
      <source>refused</source>
      <translation>拒否の理由</translation>
    </message>
    <message>
      <source>signed</source>
      <translation>署名</translation>
    </message>
    <message>
      <source>when</source>
      <translation>日時</translation>
    </message>
    <message>
      <source>who</source>
      <translation>操作者</translation>
    </message>
  </context>
  <context>
    <name>ActionKey</name>
    <message>
      <source>alarm</source>
      <translation>警報</translation>
    </message>
    <message>
      <source>before</source>
      <translation>変更前</translation>
    </message>
    <message>
      <source>calibration</source>
      <translation>校正</translation>
    </message>
    <message>
      <source>false-reject rate</source>
      <translation>過検出率</translation>
    </message>
    <message>
      <source>finding</source>
      <translation>所見</translation>
    </message>
    <message>
      <source>from</source>
      <translation>開始</translation>
    </message>
    <message>
      <source>full name</source>
      <translation>氏名</translation>
    </message>
    <message>
      <source>has a badge</source>
      <translation>社員証あり</translation>
    </message>
    <message>
      <source>hold</source>
      <translation>保全番号</translation>
    </message>
    <message>
      <source>lot</source>
      <translation>ロット</translation>
    </message>
    <message>
      <source>name</source>
      <translation>名前</translation>
    </message>
    <message>
      <source>names</source>
      <translation>名前</translation>
    </message>
    <message>
      <source>new</source>
      <translation>変更後</translation>
    </message>
    <message>
      <source>note</source>
      <translation>備考</translation>
    </message>
    <message>
      <source>old</source>
      <translation>変更前</translation>
    </message>
    <message>
      <source>on</source>
      <translation>有効</translation>
    </message>
    <message>
      <source>part</source>
      <translation>部品番号</translation>
    </message>
    <message>
      <source>product</source>
      <translation>品種</translation>
    </message>
    <message>
      <source>reason</source>
      <translation>理由</translation>
    </message>
    <message>
      <source>threshold</source>
      <translation>しきい値</translation>
    </message>
    <message>
      <source>to</source>
      <translation>相手</translation>
    </message>
    <message>
      <source>until</source>
      <translation>終了</translation>
    </message>
  </context>
  <context>
    <name>AuditScreen</name>
    <message>
      <source>! refused</source>
      <translation>! 拒否</translation>
    </message>
    <message>
      <source>24 hours</source>
      <translation>24時間</translation>
    </message>
    <message>
      <source>30 days</source>
      <translation>30日</translation>
    </message>
    <message>
      <source>7 days</source>
      <translation>7日</translation>
    </message>
    <message>
      <source>All</source>
      <translation>すべて</translation>
    </message>
    <message>
      <source>Nobody did anything like this in this time.</source>
      <translation>この期間に該当する操作はありません。</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>報告書</translation>
    </message>
    <message>
      <source>Report …</source>
      <translation>報告書…</translation>
    </message>
    <message>
      <source>Signed head</source>
      <translation>署名済みの先頭</translation>
    </message>
    <message>
      <source>The newest signed head</source>
      <translation>最新の署名済みの先頭</translation>
    </message>
    <message>
      <source>Verify all records</source>
      <translation>全記録を検証</translation>
    </message>
    <message>
      <source>✓ {records} records and {pictures} pictures are as they were written.</source>
      <translation>✓ 記録{records}件と画像{pictures}枚は、書かれたときのままです。</translation>
    </message>
    <message>
      <source>✕ {count} faults. The first: record {record}, {what}</source>
      <translation>✕ 異常{count}件。最初：記録{record}、{what}</translation>
    </message>
  </context>
  <context>
    <name>Bands</name>
    <message>
      <source>ALL PARTS PASS, bad ones as well. Signed by {name}</source>
      <translation>全数通過中：不良品も流れます。署名 {name}</translation>
    </message>
    <message>
      <source>Hand over</source>
      <translation>渡す</translation>
    </message>
    <message>
      <source>Sort again</source>
      <translation>選別に戻す</translation>
    </message>
    <message>
      <source>Stay</source>
      <translation>続ける</translation>
    </message>
    <message>
      <source>The PLC asks for control</source>
      <translation>PLCが操作権を求めています</translation>
    </message>
    <message>
      <source>{name}: the panel is locked in {seconds} s</source>
      <translation>{name}：あと{seconds}秒で画面をロックします</translation>
    </message>
  </context>
  <context>
    <name>Command</name>
    <message>
      <source>Discard a draft</source>
      <translation>提案の破棄</translation>
    </message>
    <message>
      <source>Take up a draft</source>
      <translation>提案の採用</translation>
    </message>
    <message>
      <source>Abort</source>
      <translation>即時停止</translation>
    </message>
    <message>
      <source>Acknowledge an alarm</source>
      <translation>警報の確認</translation>
    </message>
    <message>
      <source>Add a limit sample</source>
      <translation>限度見本の追加</translation>
    </message>
    <message>
      <source>Add a user</source>
      <translation>利用者の追加</translation>
    </message>
    <message>
      <source>Call an engineer</source>
      <translation>技術者の呼び出し</translation>
    </message>
    <message>
      <source>Change a role</source>
      <translation>役割の変更</translation>
    </message>
    <message>
      <source>Change one's PIN</source>
      <translation>自分の暗証番号の変更</translation>
    </message>
    <message>
      <source>Change one's password</source>
      <translation>自分のパスワードの変更</translation>
    </message>
    <message>
      <source>Change over</source>
      <translation>品種切替</translation>
    </message>
    <message>
      <source>Change the key that signs the ledger</source>
      <translation>台帳の署名鍵の変更</translation>
    </message>
    <message>
      <source>Change the threshold</source>
      <translation>しきい値の変更</translation>
    </message>
    <message>
      <source>Go on by PIN</source>
      <translation>暗証番号で再開</translation>
    </message>
    <message>
      <source>Halt</source>
      <translation>休止</translation>
    </message>
    <message>
      <source>Hand over write access</source>
      <translation>操作権の引き渡し</translation>
    </message>
    <message>
      <source>Inspect one part</source>
      <translation>1個だけ検査</translation>
    </message>
    <message>
      <source>Judge a part</source>
      <translation>部品の判定</translation>
    </message>
    <message>
      <source>Keep evidence</source>
      <translation>証拠の保全</translation>
    </message>
    <message>
      <source>Leave the panel</source>
      <translation>画面のロック</translation>
    </message>
    <message>
      <source>Let all parts pass</source>
      <translation>全数通過（検査バイパス）</translation>
    </message>
    <message>
      <source>Let kept evidence be deleted</source>
      <translation>証拠の保全の解除</translation>
    </message>
    <message>
      <source>Load again</source>
      <translation>再読み込み</translation>
    </message>
    <message>
      <source>Log in</source>
      <translation>ログイン</translation>
    </message>
    <message>
      <source>Log out</source>
      <translation>ログアウト</translation>
    </message>
    <message>
      <source>Recover an administrator</source>
      <translation>管理者の復旧</translation>
    </message>
    <message>
      <source>Release for production</source>
      <translation>生産への承認</translation>
    </message>
    <message>
      <source>Remove a limit sample</source>
      <translation>限度見本の削除</translation>
    </message>
    <message>
      <source>Remove a user</source>
      <translation>利用者の削除</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>リセット</translation>
    </message>
    <message>
      <source>Reset a password</source>
      <translation>パスワードの再発行</translation>
    </message>
    <message>
      <source>Run without a check of limit samples</source>
      <translation>限度見本の確認なしで運転</translation>
    </message>
    <message>
      <source>Set a badge</source>
      <translation>社員証の登録</translation>
    </message>
    <message>
      <source>Show limit samples</source>
      <translation>限度見本の確認</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>開始</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Withdraw a release</source>
      <translation>承認の取り消し</translation>
    </message>
  </context>
  <context>
    <name>Consequence</name>
    <message>
      <source>Nobody can take this draft up any more.</source>
      <translation>この提案は採用できなくなります。</translation>
    </message>
    <message>
      <source>The check is then to be made anew.</source>
      <translation>限度見本の確認をやり直すことになります。</translation>
    </message>
    <message>
      <source>The recipe changes. What runs now goes on; then it has to be calibrated.</source>
      <translation>レシピが変わります。運転中の内容はそのままで、その後しきい値の算出が必要です。</translation>
    </message>
    <message>
      <source>Bad parts will pass as well. None of them counts as good.</source>
      <translation>不良品も流れます。どの部品も良品には数えません。</translation>
    </message>
    <message>
      <source>Nobody has seen that known bad parts are found. This holds for a shift at most.</source>
      <translation>既知の不良品を見つけることは確認されていません。有効なのは長くても1直の間です。</translation>
    </message>
    <message>
      <source>Parts will be judged differently.</source>
      <translation>部品の判定が変わります。</translation>
    </message>
    <message>
      <source>Production is locked until another release.</source>
      <translation>次の承認まで生産できません。</translation>
    </message>
    <message>
      <source>These pictures may be deleted from now on, and cannot be brought back.</source>
      <translation>今後これらの画像は削除されることがあり、元には戻せません。</translation>
    </message>
    <message>
      <source>What is loaded now may run in production.</source>
      <translation>いま読み込まれている設定で生産できるようになります。</translation>
    </message>
  </context>
  <context>
    <name>ControlPane</name>
    <message>
      <source>ALL PARTS PASS, bad ones as well.</source>
      <translation>全数通過中：不良品も流れます。</translation>
    </message>
    <message>
      <source>For: {roles}</source>
      <translation>操作できる人：{roles}</translation>
    </message>
    <message>
      <source>Hand over to the PLC</source>
      <translation>PLCに渡す</translation>
    </message>
    <message>
      <source>Let all parts pass …</source>
      <translation>全数通過にする…</translation>
    </message>
    <message>
      <source>Nobody knows who commands the line now.</source>
      <translation>操作権の状態は不明です。</translation>
    </message>
    <message>
      <source>PIN</source>
      <translation>暗証番号</translation>
    </message>
    <message>
      <source>Parts are sorted.</source>
      <translation>部品は選別されています。</translation>
    </message>
    <message>
      <source>Password</source>
      <translation>パスワード</translation>
    </message>
    <message>
      <source>People at the panel command the line.</source>
      <translation>操作権は画面の前の作業者にあります。</translation>
    </message>
    <message>
      <source>Signed by {name}</source>
      <translation>署名 {name}</translation>
    </message>
    <message>
      <source>Sort again</source>
      <translation>選別に戻す</translation>
    </message>
    <message>
      <source>Stop works for everybody all the same.</source>
      <translation>停止は誰でもいつでもできます。</translation>
    </message>
    <message>
      <source>Take it back</source>
      <translation>取り戻す</translation>
    </message>
    <message>
      <source>The PLC asks for it and waits.</source>
      <translation>PLCが操作権を求めて待っています。</translation>
    </message>
    <message>
      <source>The PLC commands the line.</source>
      <translation>操作権はPLCにあります。</translation>
    </message>
    <message>
      <source>The PLC does not ask for it.</source>
      <translation>PLCは操作権を求めていません。</translation>
    </message>
    <message>
      <source>You have no PIN to go on with.</source>
      <translation>暗証番号はまだありません。</translation>
    </message>
    <message>
      <source>Your PIN is set.</source>
      <translation>暗証番号は登録済みです。</translation>
    </message>
  </context>
  <context>
    <name>Field</name>
    <message>
      <source>Show</source>
      <translation>表示</translation>
    </message>
  </context>
  <context>
    <name>HeadCard</name>
    <message>
      <source>Head {number} of {station}: all records up to {last}, {time}</source>
      <translation>{station}の先頭 第{number}号：記録{last}まで、{time}</translation>
    </message>
    <message>
      <source>Nothing was signed yet.</source>
      <translation>署名はまだありません。</translation>
    </message>
    <message>
      <source>Write it on paper and keep it away from this PC. Whoever alters a record of these later cannot have the same head.</source>
      <translation>紙に書き写し、このPCから離れた所に保管してください。後でこれらの記録を書き換えると、同じ値にはなりません。</translation>
    </message>
    <message>
      <source>{count} newer records are signed with the next head.</source>
      <translation>それより新しい記録{count}件は、次の先頭で署名されます。</translation>
    </message>
  </context>
  <context>
    <name>Keyboard</name>
    <message>
      <source>Convert</source>
      <translation>変換</translation>
    </message>
    <message>
      <source>Enter</source>
      <translation>次へ</translation>
    </message>
    <message>
      <source>LOCK</source>
      <translation>固定</translation>
    </message>
    <message>
      <source>Put the keyboard away</source>
      <translation>キーボードを閉じる</translation>
    </message>
    <message>
      <source>Take</source>
      <translation>確定</translation>
    </message>
  </context>
  <context>
    <name>LoginPane</name>
    <message>
      <source>At least {count} characters, any of them.</source>
      <translation>{count}文字以上、文字の種類は自由です。</translation>
    </message>
    <message>
      <source>Log in: {name}</source>
      <translation>ログイン：{name}</translation>
    </message>
    <message>
      <source>New password</source>
      <translation>新しいパスワード</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>次へ</translation>
    </message>
    <message>
      <source>Or hold your badge to the reader.</source>
      <translation>または社員証を読み取り機にかざしてください。</translation>
    </message>
    <message>
      <source>PIN, 4 to 12 digits</source>
      <translation>暗証番号（4〜12桁）</translation>
    </message>
    <message>
      <source>Password now</source>
      <translation>いまのパスワード</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <source>Somebody else</source>
      <translation>別の人</translation>
    </message>
    <message>
      <source>Somebody else has seen the old one.</source>
      <translation>前のパスワードは他の人も知っています。</translation>
    </message>
    <message>
      <source>The same again</source>
      <translation>もう一度入力</translation>
    </message>
    <message>
      <source>The two are not the same yet.</source>
      <translation>2つがまだ一致していません。</translation>
    </message>
    <message>
      <source>Who is there?</source>
      <translation>どなたですか</translation>
    </message>
    <message>
      <source>With the password</source>
      <translation>パスワードで</translation>
    </message>
    <message>
      <source>the badge that was read</source>
      <translation>読み取った社員証</translation>
    </message>
    <message>
      <source>{name}: a PIN to go on with</source>
      <translation>{name}：再開用の暗証番号</translation>
    </message>
    <message>
      <source>{name}: another password</source>
      <translation>{name}：パスワードの変更</translation>
    </message>
    <message>
      <source>{name}: choose your own password</source>
      <translation>{name}：自分のパスワードを決めてください</translation>
    </message>
    <message>
      <source>{name}: go on with your PIN</source>
      <translation>{name}：暗証番号で再開</translation>
    </message>
  </context>
  <context>
    <name>Meaning</name>
    <message>
      <source>Approval</source>
      <translation>承認</translation>
    </message>
    <message>
      <source>Authorship</source>
      <translation>作成</translation>
    </message>
    <message>
      <source>Responsibility</source>
      <translation>責任</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>確認</translation>
    </message>
  </context>
  <context>
    <name>PinPad</name>
    <message>
      <source>Delete</source>
      <translation>削除</translation>
    </message>
    <message>
      <source>OK</source>
      <translation>決定</translation>
    </message>
  </context>
  <context>
    <name>ReportPane</name>
    <message>
      <source>24 hours</source>
      <translation>24時間</translation>
    </message>
    <message>
      <source>30 days</source>
      <translation>30日</translation>
    </message>
    <message>
      <source>7 days</source>
      <translation>7日</translation>
    </message>
    <message>
      <source>8 hours</source>
      <translation>8時間</translation>
    </message>
    <message>
      <source>Audit trail</source>
      <translation>監査証跡</translation>
    </message>
    <message>
      <source>Look for memory sticks again</source>
      <translation>USBメモリを再検索</translation>
    </message>
    <message>
      <source>Lot</source>
      <translation>ロット</translation>
    </message>
    <message>
      <source>Lot {name}</source>
      <translation>ロット {name}</translation>
    </message>
    <message>
      <source>Make the report</source>
      <translation>報告書を作成</translation>
    </message>
    <message>
      <source>One moment …</source>
      <translation>お待ちください…</translation>
    </message>
    <message>
      <source>Plug in a memory stick.</source>
      <translation>USBメモリを差し込んでください。</translation>
    </message>
    <message>
      <source>Save to {folder}</source>
      <translation>{folder} に保存</translation>
    </message>
    <message>
      <source>Saved: {path}</source>
      <translation>保存しました：{path}</translation>
    </message>
    <message>
      <source>Shift</source>
      <translation>直</translation>
    </message>
    <message>
      <source>The report is made: {name}, {size} kB.</source>
      <translation>報告書ができました：{name}、{size} kB。</translation>
    </message>
  </context>
  <context>
    <name>Role</name>
    <message>
      <source>quality</source>
      <translation>品質保証</translation>
    </message>
    <message>
      <source>technician</source>
      <translation>保全員</translation>
    </message>
  </context>
  <context>
    <name>Shell</name>
    <message>
      <source>Who is in control</source>
      <translation>操作権</translation>
    </message>
  </context>
  <context>
    <name>SignerForm</name>
    <message>
      <source>Password</source>
      <translation>パスワード</translation>
    </message>
    <message>
      <source>User</source>
      <translation>利用者名</translation>
    </message>
  </context>
  <context>
    <name>SigningPane</name>
    <message>
      <source>A second person's signature</source>
      <translation>2人目の署名</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>キャンセル</translation>
    </message>
    <message>
      <source>Do it</source>
      <translation>実行</translation>
    </message>
    <message>
      <source>Hold number {number}</source>
      <translation>保全番号 {number}</translation>
    </message>
    <message>
      <source>Reason</source>
      <translation>理由</translation>
    </message>
    <message>
      <source>Sign</source>
      <translation>署名する</translation>
    </message>
    <message>
      <source>Sign together</source>
      <translation>2人で署名する</translation>
    </message>
    <message>
      <source>Sort parts again</source>
      <translation>選別に戻す</translation>
    </message>
    <message>
      <source>The second signature is another person's.</source>
      <translation>2人目の署名は別の人が行います。</translation>
    </message>
    <message>
      <source>Your signature</source>
      <translation>あなたの署名</translation>
    </message>
    <message>
      <source>{product}: threshold {before} → {after}, false rejects {rate} %</source>
      <translation>{product}：しきい値 {before} → {after}、過検出 {rate} %</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>everybody would guess this PIN. {remedy}</source>
      <translation>推測されやすい暗証番号です</translation>
    </message>
    <message>
      <source>no session here goes on with this PIN. Log in with the password</source>
      <translation>この暗証番号では再開できません。パスワードでログインしてください</translation>
    </message>
    <message>
      <source>not a PIN. Use 4 to 12 digits</source>
      <translation>暗証番号は4〜12桁の数字です</translation>
    </message>
    <message>
      <source>records</source>
      <translation>記録</translation>
    </message>
    <message>
      <source>report</source>
      <translation>報告書を作成中</translation>
    </message>
    <message>
      <source>somebody else has seen your password. {remedy}</source>
      <translation>パスワードは他の人も知っています。自分のパスワードを決めてください</translation>
    </message>
    <message>
      <source>the PLC does not ask for write access. {remedy}</source>
      <translation>PLCは操作権を求めていません</translation>
    </message>
    <message>
      <source>the new password is the old one. Choose another</source>
      <translation>前と同じパスワードです。別のものにしてください</translation>
    </message>
    <message>
      <source>the password has {count} characters. {remedy}</source>
      <translation>パスワードは{count}文字です。8文字以上にしてください</translation>
    </message>
    <message>
      <source>the station was too busy to check this. Try again</source>
      <translation>検査装置が混み合っていて確認できませんでした。もう一度お試しください</translation>
    </message>
    <message>
      <source>this alarm is for an administrator. Log in as one</source>
      <translation>この警報は管理者が確認します</translation>
    </message>
    <message>
      <source>this badge is another user's. Take it from them first</source>
      <translation>この社員証は別の利用者のものです</translation>
    </message>
    <message>
      <source>user {name}: exists already. Choose another name</source>
      <translation>{name}：すでに登録されています。別の名前にしてください</translation>
    </message>
    <message>
      <source>user {name}: is the only administrator. Add another one first</source>
      <translation>{name}：ただ一人の管理者です。先に別の管理者を追加してください</translation>
    </message>
    <message>
      <source>user {name}: this name cannot be used. {remedy}</source>
      <translation>{name}：この名前は使えません。文字、数字、. _ @ - を64文字まで使えます</translation>
    </message>
    <message>
      <source>user {name}: this name stands for somebody else in the records. Choose another name</source>
      <translation>{name}：この名前は記録の中で別の人を指します。別の名前にしてください</translation>
    </message>
    <message>
      <source>{command}: needs your signature and a second person's. Sign with user name and password</source>
      <translation>あなたと2人目の署名が必要です</translation>
    </message>
    <message>
      <source>{command}: needs your signature. Sign with user name and password</source>
      <translation>あなたの署名が必要です</translation>
    </message>
    <message>
      <source>{command}: two different people sign, or one</source>
      <translation>2人の別の人が署名してください</translation>
    </message>
    <message>
      <source>{folder}: cannot be written ({why}). Try another stick</source>
      <translation>{folder}：書き込めません（{why}）。別のUSBメモリをお試しください</translation>
    </message>
    <message>
      <source>{user}: nobody signs with a password that others have seen</source>
      <translation>{user}：他の人も知っているパスワードでは署名できません</translation>
    </message>
    <message>
      <source>{what} needs a reason. Say why in a few words</source>
      <translation>理由を入力してください</translation>
    </message>
    <message>
      <source>{who} has write access. {remedy}</source>
      <translation>操作権がありません。画面上で取り戻してください</translation>
    </message>
  </context>
  <context>
    <name>UsersScreen</name>
    <message>
      <source>! locked for {seconds} s</source>
      <translation>! あと{seconds}秒ロック中</translation>
    </message>
    <message>
      <source>! one-time password</source>
      <translation>! 仮パスワード</translation>
    </message>
    <message>
      <source>Acknowledge</source>
      <translation>確認する</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>追加</translation>
    </message>
    <message>
      <source>Add somebody</source>
      <translation>追加する</translation>
    </message>
    <message>
      <source>Another badge</source>
      <translation>別の社員証にする</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>キャンセル</translation>
    </message>
    <message>
      <source>Change the role</source>
      <translation>役割を変更</translation>
    </message>
    <message>
      <source>Full name, as it stands beside signatures</source>
      <translation>氏名（署名の横に表示）</translation>
    </message>
    <message>
      <source>Give a badge</source>
      <translation>社員証を登録</translation>
    </message>
    <message>
      <source>Hold the badge to the reader …</source>
      <translation>社員証をかざしてください…</translation>
    </message>
    <message>
      <source>I have handed it on</source>
      <translation>本人に伝えました</translation>
    </message>
    <message>
      <source>PIN</source>
      <translation>暗証番号</translation>
    </message>
    <message>
      <source>Password for one log-in of {name}</source>
      <translation>{name}さんの仮パスワード（1回限り）</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>削除</translation>
    </message>
    <message>
      <source>Reset password</source>
      <translation>パスワード再発行</translation>
    </message>
    <message>
      <source>Role</source>
      <translation>役割</translation>
    </message>
    <message>
      <source>Somebody new</source>
      <translation>新しい利用者</translation>
    </message>
    <message>
      <source>Take the badge away</source>
      <translation>社員証を外す</translation>
    </message>
    <message>
      <source>Tell it to this person alone. It is not shown again.</source>
      <translation>本人だけに伝えてください。再び表示することはできません。</translation>
    </message>
    <message>
      <source>There is nobody to show.</source>
      <translation>表示する利用者がいません。</translation>
    </message>
    <message>
      <source>User name</source>
      <translation>利用者名</translation>
    </message>
    <message>
      <source>active</source>
      <translation>有効</translation>
    </message>
    <message>
      <source>badge</source>
      <translation>社員証</translation>
    </message>
    <message>
      <source>last log-in</source>
      <translation>最終ログイン</translation>
    </message>
    <message>
      <source>never</source>
      <translation>なし</translation>
    </message>
    <message>
      <source>{count} users</source>
      <translation>利用者 {count}名</translation>
    </message>
    <message>
      <source>{name} gets a password for one log-in. The PIN goes, a lock-out ends.</source>
      <translation>{name}さんに1回限りの仮パスワードを発行します。暗証番号は消え、ロックは解けます。</translation>
    </message>
    <message>
      <source>{name} is removed. Nobody will ever get this name again.</source>
      <translation>{name}さんを削除します。この名前は二度と使えません。</translation>
    </message>
    <message>
      <source>{name}: from {old} to {new}? Their sessions end now.</source>
      <translation>{name}さんを{old}から{new}に変えますか。ログインは終わります。</translation>
    </message>
    <message>
      <source>‹  All users</source>
      <translation>‹  利用者一覧</translation>
    </message>
  </context>
  <context>
    <name>QuestionSheet</name>
    <message>
      <source>Too many failed attempts. The next one is possible in {seconds} s.</source>
      <translation>失敗が続きました。あと{seconds}秒お待ちください。</translation>
    </message>
    <message>
      <source>One moment …</source>
      <translation>お待ちください…</translation>
    </message>
  </context>
</TS>
