<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>AlarmBar</name>
    <message>
      <source>Acknowledged</source>
      <translation>確認済み</translation>
    </message>
    <message>
      <source>Acknowledge</source>
      <translation>確認する</translation>
    </message>
    <message>
      <source>Alarms unknown</source>
      <translation>警報の状態は不明です</translation>
    </message>
    <message>
      <source>No alarms</source>
      <translation>警報はありません</translation>
    </message>
  </context>
  <context>
    <name>Cause</name>
    <message>
      <source>Good</source>
      <translation>良品</translation>
    </message>
    <message>
      <source>Defect</source>
      <translation>欠陥</translation>
    </message>
    <message>
      <source>Verdict too late</source>
      <translation>判定遅れ</translation>
    </message>
    <message>
      <source>Not inspected: no time left</source>
      <translation>未検査：時間切れ</translation>
    </message>
    <message>
      <source>Not inspected: parts too fast</source>
      <translation>未検査：処理能力超過</translation>
    </message>
    <message>
      <source>Not inspected: no picture</source>
      <translation>未検査：画像なし</translation>
    </message>
    <message>
      <source>Station fault</source>
      <translation>装置異常</translation>
    </message>
    <message>
      <source>Not announced as a limit sample</source>
      <translation>限度見本として予告されていません</translation>
    </message>
  </context>
  <context>
    <name>Controls</name>
    <message>
      <source>Start</source>
      <translation>運転開始</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>リセット</translation>
    </message>
  </context>
  <context>
    <name>Figure</name>
    <message>
      <source>Parts</source>
      <translation>検査数</translation>
    </message>
    <message>
      <source>Rejected</source>
      <translation>不合格</translation>
    </message>
    <message>
      <source>Late</source>
      <translation>判定遅れ</translation>
    </message>
    <message>
      <source>Yield</source>
      <translation>歩留まり</translation>
    </message>
    <message>
      <source>Parts/min</source>
      <translation>個/分</translation>
    </message>
    <message>
      <source>Time to spare</source>
      <translation>締切余裕</translation>
    </message>
  </context>
  <context>
    <name>Header</name>
    <message>
      <source>Control: PLC</source>
      <translation>操作権：PLC</translation>
    </message>
    <message>
      <source>Control: operator</source>
      <translation>操作権：作業者</translation>
    </message>
    <message>
      <source>Lot {name}</source>
      <translation>ロット {name}</translation>
    </message>
    <message>
      <source>Unknown</source>
      <translation>状態不明</translation>
    </message>
    <message>
      <source>Production</source>
      <translation>生産</translation>
    </message>
    <message>
      <source>DEMO</source>
      <translation>デモ</translation>
    </message>
    <message>
      <source>DEMO – not production</source>
      <translation>デモ（生産外）</translation>
    </message>
    <message>
      <source>Log out</source>
      <translation>ログアウト</translation>
    </message>
    <message>
      <source>Log in</source>
      <translation>ログイン</translation>
    </message>
  </context>
  <context>
    <name>Health</name>
    <message>
      <source>Failure</source>
      <translation>故障</translation>
    </message>
    <message>
      <source>Check function</source>
      <translation>機能点検</translation>
    </message>
    <message>
      <source>Out of specification</source>
      <translation>仕様外</translation>
    </message>
    <message>
      <source>Maintenance required</source>
      <translation>要保守</translation>
    </message>
    <message>
      <source>Good</source>
      <translation>正常</translation>
    </message>
  </context>
  <context>
    <name>Keyboard</name>
    <message>
      <source>Shift</source>
      <translation>シフト</translation>
    </message>
    <message>
      <source>Space</source>
      <translation>空白</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>一字削除</translation>
    </message>
  </context>
  <context>
    <name>LoginPane</name>
    <message>
      <source>User</source>
      <translation>利用者名</translation>
    </message>
    <message>
      <source>Password</source>
      <translation>パスワード</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>キャンセル</translation>
    </message>
    <message>
      <source>Log in</source>
      <translation>ログイン</translation>
    </message>
  </context>
  <context>
    <name>PanelWindow</name>
    <message>
      <source>Not done: the station cannot be reached.</source>
      <translation>実行できませんでした。検査装置と通信できません。</translation>
    </message>
  </context>
  <context>
    <name>PicturePane</name>
    <message>
      <source>Part {number}</source>
      <translation>部品 {number}</translation>
    </message>
    <message>
      <source>Not inspected</source>
      <translation>未検査</translation>
    </message>
    <message>
      <source>Score {score}, limit {limit}</source>
      <translation>異常度 {score}（しきい値 {limit}）</translation>
    </message>
    <message>
      <source>Score {score}, limit {limit}, judged as a whole</source>
      <translation>異常度 {score}（しきい値 {limit}）、全体で判定</translation>
    </message>
  </context>
  <context>
    <name>PictureView</name>
    <message>
      <source>There is no picture of this part</source>
      <translation>この部品の画像はありません</translation>
    </message>
    <message>
      <source>No picture yet</source>
      <translation>画像はまだありません</translation>
    </message>
    <message>
      <source>Last picture – not live</source>
      <translation>最後の画像（現在のものではありません）</translation>
    </message>
  </context>
  <context>
    <name>RejectDetail</name>
    <message>
      <source>Judged as a whole: no place is marked</source>
      <translation>全体で判定（位置は示されません）</translation>
    </message>
    <message>
      <source>Part {number}</source>
      <translation>部品 {number}</translation>
    </message>
    <message>
      <source>There is no picture of this part</source>
      <translation>この部品の画像はありません</translation>
    </message>
  </context>
  <context>
    <name>Role</name>
    <message>
      <source>operator</source>
      <translation>作業者</translation>
    </message>
    <message>
      <source>engineer</source>
      <translation>技術者</translation>
    </message>
    <message>
      <source>administrator</source>
      <translation>管理者</translation>
    </message>
    <message>
      <source>auditor</source>
      <translation>監査者</translation>
    </message>
  </context>
  <context>
    <name>ShortCause</name>
    <message>
      <source>Defect</source>
      <translation>欠陥</translation>
    </message>
    <message>
      <source>Late</source>
      <translation>判定遅れ</translation>
    </message>
    <message>
      <source>No time</source>
      <translation>時間切れ</translation>
    </message>
    <message>
      <source>Too fast</source>
      <translation>能力超過</translation>
    </message>
    <message>
      <source>No picture</source>
      <translation>画像なし</translation>
    </message>
    <message>
      <source>Fault</source>
      <translation>装置異常</translation>
    </message>
    <message>
      <source>Not announced</source>
      <translation>予告なし</translation>
    </message>
  </context>
  <context>
    <name>State</name>
    <message>
      <source>Preoperational</source>
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
      <source>Initialized</source>
      <translation>初期化完了</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>運転準備完了</translation>
    </message>
    <message>
      <source>Single execution</source>
      <translation>単発運転中</translation>
    </message>
    <message>
      <source>Continuous execution</source>
      <translation>連続運転中</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>the station is silent</source>
      <translation>検査装置からの応答がありません</translation>
    </message>
    <message>
      <source>internal fault</source>
      <translation>検査検査装置内部の異常</translation>
    </message>
    <message>
      <source>{command}: nobody is logged in. Log in first</source>
      <translation>ログインしていません。先にログインしてください。</translation>
    </message>
    <message>
      <source>{command}: not allowed to the role {role}. Ask: {able}</source>
      <translation>{role}にはこの操作の権限がありません。</translation>
    </message>
    <message>
      <source>user name or password is wrong. Try again</source>
      <translation>利用者名またはパスワードが違います。</translation>
    </message>
    <message>
      <source>too many failed attempts. Try again in {seconds} s</source>
      <translation>失敗が続きました。{seconds} 秒後に入力してください。</translation>
    </message>
    <message>
      <source>the line does not run</source>
      <translation>運転していません。</translation>
    </message>
    <message>
      <source>Not released: {why}. Release it: inspector release {product}</source>
      <translation>未承認：{why}。承認してください：inspector release {product}</translation>
    </message>
    <message>
      <source>Limit samples: {why}. Show all of them</source>
      <translation>限度見本：{why}。すべての限度見本を流してください</translation>
    </message>
    <message>
      <source>the line runs. Stop it before limit samples are shown</source>
      <translation>運転中です。停止してから限度見本を流してください</translation>
    </message>
    <message>
      <source>cannot {what} while the station is {state}</source>
      <translation>状態が「{state}」のため、この操作はできません。</translation>
    </message>
    <message>
      <source>{alarm}: there is no such alarm any more</source>
      <translation>この警報はすでに解除されています。</translation>
    </message>
    <message>
      <source>{path}: no station has run here. Start the station</source>
      <translation>検査装置が起動していません。検査装置を起動してください。（{path}）</translation>
    </message>
    <message>
      <source>the station gave no answer within {time} s. {rest}</source>
      <translation>検査装置から {time} 秒以内に応答がありません。操作は実行された可能性があります。</translation>
    </message>
    <message>
      <source>Pictures of rejects come faster than the disk takes them; some are not kept</source>
      <translation>不合格画像の保存が追いつかず、一部の画像が残りません。</translation>
    </message>
    <message>
      <source>{channel}: scores rise against calibration. Check light, lens, position and parts</source>
      <translation>{channel}：異常度が校正時より上昇しています。照明・レンズ・位置・部品を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: scores fall against calibration. Check light, lens, position and parts</source>
      <translation>{channel}：異常度が校正時より低下しています。照明・レンズ・位置・部品を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: scores scatter more than at calibration. Check light, lens, position and parts</source>
      <translation>{channel}：異常度のばらつきが校正時より大きくなっています。照明・レンズ・位置・部品を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: scores are spread otherwise than at calibration. Check light, lens, position and parts</source>
      <translation>{channel}：異常度の分布が校正時と異なります。照明・レンズ・位置・部品を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: higher than forecast from the parts before. See what has changed on the line</source>
      <translation>{channel}：直前までの部品からの予測より高くなっています。ラインの変化を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: lower than forecast from the parts before. See what has changed on the line</source>
      <translation>{channel}：直前までの部品からの予測より低くなっています。ラインの変化を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: scatters more about its forecast than when that was taught. See what has changed on the line</source>
      <translation>{channel}：予測に対するばらつきが学習時より大きくなっています。ラインの変化を確認してください。</translation>
    </message>
    <message>
      <source>{channel}: differs from its forecast otherwise than when that was taught. See what has changed on the line</source>
      <translation>{channel}：予測との差の分布が学習時と異なります。ラインの変化を確認してください。</translation>
    </message>
    <message>
      <source>{camera}: pictures are brighter. Check light and exposure</source>
      <translation>{camera}：画像が明るくなっています。照明と露光を確認してください。</translation>
    </message>
    <message>
      <source>{camera}: pictures are darker. Check light and exposure</source>
      <translation>{camera}：画像が暗くなっています。照明と露光を確認してください。</translation>
    </message>
    <message>
      <source>{camera}: pictures are sharper or noisier. Check the lens</source>
      <translation>{camera}：画像の鮮鋭度またはノイズが増えています。レンズを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: pictures are blurred. Check the lens</source>
      <translation>{camera}：画像がぼけています。レンズを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: someone changed {changes}, or it was without power. Put back</source>
      <translation>{camera}：設定が変更されたか、電源が切れました（{changes}）。元に戻しました。</translation>
    </message>
    <message>
      <source>{camera}: the camera is warmer. Check its cooling</source>
      <translation>{camera}：カメラの温度が上がっています。冷却を確認してください。</translation>
    </message>
    <message>
      <source>{camera}: the camera is colder. Check its surroundings</source>
      <translation>{camera}：カメラの温度が下がっています。周囲を確認してください。</translation>
    </message>
    <message>
      <source>{camera}: parts lie {moved} px to the right of where they lay at calibration. Check camera mount and guide rails</source>
      <translation>{camera}：部品が校正時より {moved} px 右にあります。カメラの取り付けとガイドレールを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: parts lie {moved} px to the left of where they lay at calibration. Check camera mount and guide rails</source>
      <translation>{camera}：部品が校正時より {moved} px 左にあります。カメラの取り付けとガイドレールを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: parts lie {moved} px below where they lay at calibration. Check camera mount and guide rails</source>
      <translation>{camera}：部品が校正時より {moved} px 下にあります。カメラの取り付けとガイドレールを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: parts lie {moved} px above where they lay at calibration. Check camera mount and guide rails</source>
      <translation>{camera}：部品が校正時より {moved} px 上にあります。カメラの取り付けとガイドレールを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: parts lie turned by {moved}° clockwise against calibration. Check camera mount and guide rails</source>
      <translation>{camera}：部品が校正時より時計回りに {moved}° 回転しています。カメラの取り付けとガイドレールを確認してください。</translation>
    </message>
    <message>
      <source>{camera}: parts lie turned by {moved}° counter-clockwise against calibration. Check camera mount and guide rails</source>
      <translation>{camera}：部品が校正時より反時計回りに {moved}° 回転しています。カメラの取り付けとガイドレールを確認してください。</translation>
    </message>
    <message>
      <source>{check}: score {score} against {limit}, judged as a whole, {chance}</source>
      <translation>{check}：異常度 {score}（しきい値 {limit}）、全体で判定、{chance}</translation>
    </message>
    <message>
      <source>{check}: score {score} against {limit}, {place}</source>
      <translation>{check}：異常度 {score}（しきい値 {limit}）、{place}</translation>
    </message>
    <message>
      <source>{check}: score {score} against {limit}</source>
      <translation>{check}：異常度 {score}（しきい値 {limit}）</translation>
    </message>
  </context>
  <context>
    <name>VerdictView</name>
    <message>
      <source>PASS</source>
      <translation>合格</translation>
    </message>
    <message>
      <source>REJECT</source>
      <translation>不合格</translation>
    </message>
    <message>
      <source>WAITING</source>
      <translation>待機中</translation>
    </message>
    <message>
      <source>STOPPED</source>
      <translation>停止中</translation>
    </message>
    <message>
      <source>ERROR</source>
      <translation>異常</translation>
    </message>
    <message>
      <source>NO CONNECTION</source>
      <translation>通信断</translation>
    </message>
    <message>
      <source>No part has come yet</source>
      <translation>部品待ち</translation>
    </message>
    <message>
      <source>Parts are not inspected</source>
      <translation>検査していません</translation>
    </message>
    <message>
      <source>Every part is rejected</source>
      <translation>全数を不合格にします</translation>
    </message>
    <message>
      <source>The panel does not hear the station</source>
      <translation>検査装置からの応答がありません</translation>
    </message>
    <message>
      <source>Part {number}</source>
      <translation>部品 {number}</translation>
    </message>
  </context>
</TS>
