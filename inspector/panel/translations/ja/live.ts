<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>Check</name>
    <message>
      <source>All findings (MT)</source>
      <translation>総合判定（MT）</translation>
    </message>
    <message>
      <source>Learned background (RX)</source>
      <translation>学習した背景（RX）</translation>
    </message>
    <message>
      <source>Learned looks</source>
      <translation>学習した外観</translation>
    </message>
    <message>
      <source>Presence and place</source>
      <translation>有無と位置</translation>
    </message>
    <message>
      <source>Surroundings (CRD)</source>
      <translation>周囲との差（CRD）</translation>
    </message>
    <message>
      <source>Surroundings (LRB)</source>
      <translation>周囲との差（LRB）</translation>
    </message>
    <message>
      <source>Surroundings (RX)</source>
      <translation>周囲との差（RX）</translation>
    </message>
    <message>
      <source>Surroundings (contrast)</source>
      <translation>周囲との濃淡差</translation>
    </message>
  </context>
  <context>
    <name>CompareView</name>
    <message>
      <source>Nearest good</source>
      <translation>最も近い良品</translation>
    </message>
    <message>
      <source>As the engine sees it</source>
      <translation>エンジンの見方</translation>
    </message>
    <message>
      <source>Asking the engine …</source>
      <translation>エンジンに問い合わせ中…</translation>
    </message>
    <message>
      <source>Red: where this is strongest</source>
      <translation>赤：この値が最大の箇所</translation>
    </message>
    <message>
      <source>As it would be if good</source>
      <translation>良品であればこう見える</translation>
    </message>
    <message>
      <source>Expected</source>
      <translation>期待される姿</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>戻る</translation>
    </message>
    <message>
      <source>Looking through the good images…</source>
      <translation>良品画像を探しています…</translation>
    </message>
    <message>
      <source>Nearest normal</source>
      <translation>最も近い正常品</translation>
    </message>
    <message>
      <source>Nearest of {count} good images</source>
      <translation>良品画像 {count} 枚のうち最も近いもの</translation>
    </message>
    <message>
      <source>Part {number}</source>
      <translation>部品 {number}</translation>
    </message>
    <message>
      <source>This part</source>
      <translation>この部品</translation>
    </message>
  </context>
  <context>
    <name>Controls</name>
    <message>
      <source>Call
engineer</source>
      <translation>技術者を
呼ぶ</translation>
    </message>
    <message>
      <source>Called:
cancel</source>
      <translation>呼出中
取り消す</translation>
    </message>
    <message>
      <source>Mute</source>
      <translation>消音</translation>
    </message>
    <message>
      <source>Next
product</source>
      <translation>次の
品種</translation>
    </message>
    <message>
      <source>Sound
off</source>
      <translation>警報音
切</translation>
    </message>
    <message>
      <source>Sound
on</source>
      <translation>警報音
入</translation>
    </message>
  </context>
  <context>
    <name>PicturePane</name>
    <message>
      <source>Freeze
rejects</source>
      <translation>不合格で
静止</translation>
    </message>
    <message>
      <source>Heat map
off</source>
      <translation>ヒートマップ
なし</translation>
    </message>
    <message>
      <source>Heat map
on</source>
      <translation>ヒートマップ
標準</translation>
    </message>
    <message>
      <source>Heat map
strong</source>
      <translation>ヒートマップ
強</translation>
    </message>
    <message>
      <source>Release
picture</source>
      <translation>静止を
解除</translation>
    </message>
    <message>
      <source>Should
look like</source>
      <translation>正常品と
比べる</translation>
    </message>
  </context>
  <context>
    <name>PictureView</name>
    <message>
      <source>Frozen – the line goes on</source>
      <translation>静止画：検査は続いています</translation>
    </message>
  </context>
  <context>
    <name>RejectDetail</name>
    <message>
      <source>1 in {number}</source>
      <translation>{number} 個に 1 個</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>戻る</translation>
    </message>
    <message>
      <source>Newer</source>
      <translation>新しい</translation>
    </message>
    <message>
      <source>Older</source>
      <translation>古い</translation>
    </message>
    <message>
      <source>Should
look like</source>
      <translation>正常品と
比べる</translation>
    </message>
    <message>
      <source>not calibrated</source>
      <translation>未校正</translation>
    </message>
    <message>
      <source>{check}: {score}, limit {limit}</source>
      <translation>{check}：{score}（しきい値 {limit}）</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>{product}: its engine cannot tell what it expected</source>
      <translation>{product}: このエンジンは期待した姿を示せません</translation>
    </message>
    <message>
      <source>Bypass: all parts pass unsorted, signed by {user}: {reason}</source>
      <translation>バイパス中：全数を選別せずに流しています。署名 {user}：{reason}</translation>
    </message>
    <message>
      <source>Cameras were triggered {times} times without a part at the PLC's sensor. Check the trigger cable for noise, and the sensor for bouncing</source>
      <translation>PLC のセンサーに部品がないのにカメラのトリガーが {times} 回入りました。トリガーケーブルのノイズとセンサーのチャタリングを点検してください</translation>
    </message>
    <message>
      <source>Ledger: {fault}</source>
      <translation>検査台帳：{fault}</translation>
    </message>
    <message>
      <source>Records wait on this PC for the plant's database: {fault}</source>
      <translation>工場データベースに送れず、記録をこの PC にためています：{fault}</translation>
    </message>
    <message>
      <source>The PLC did not take every result in time; those parts were ejected</source>
      <translation>PLC が結果を時間内に受け取りませんでした。該当の部品は排出しました</translation>
    </message>
    <message>
      <source>The PLC's sensor counted {parts} parts for which no camera was triggered; the gate ejected them. Check the cameras' trigger cable</source>
      <translation>PLC のセンサーは数えたがカメラにトリガーが来なかった部品が {parts} 個あり、排出しました。カメラのトリガーケーブルを点検してください</translation>
    </message>
    <message>
      <source>The administrator {user} was recovered on the station's console. An administrator has to take note</source>
      <translation>管理者 {user} が検査装置のコンソールで復旧されました。管理者が確認してください</translation>
    </message>
    <message>
      <source>The disk of the evidence is {full} full</source>
      <translation>画像保存ディスクの使用率が {full} です</translation>
    </message>
    <message>
      <source>The disk of the evidence is {full} full: pictures of passes are not kept any more</source>
      <translation>画像保存ディスクの使用率が {full} です。合格品の画像は保存しません</translation>
    </message>
    <message>
      <source>The next reject's pictures could not be kept, and the recipe requires them: {why}</source>
      <translation>次の不合格品の画像を保存できません（レシピで必須です）：{why}</translation>
    </message>
    <message>
      <source>no room is left for records: {fault}</source>
      <translation>記録の空きがありません：{fault}</translation>
    </message>
    <message>
      <source>part {part}: no picture of it was kept</source>
      <translation>部品 {part} の画像は保存されていません</translation>
    </message>
    <message>
      <source>part {part}: there is no record of it</source>
      <translation>部品 {part} の記録がありません</translation>
    </message>
    <message>
      <source>records could not be kept: free the disk</source>
      <translation>記録を保存できません。ディスクの空きを増やしてください</translation>
    </message>
    <message>
      <source>the PLC's heartbeat stands still</source>
      <translation>PLC のハートビートが止まっています</translation>
    </message>
    <message>
      <source>the counts do not add up: {what}</source>
      <translation>計数が合いません：{what}</translation>
    </message>
    <message>
      <source>the inspection thread does not move</source>
      <translation>検査処理が止まっています</translation>
    </message>
    <message>
      <source>the line did not come to rest in time</source>
      <translation>ラインが時間内に止まりませんでした</translation>
    </message>
    <message>
      <source>{camera}: frames are lost on the way ({failed} incomplete, {underrun} for want of a buffer). Check cable, switch, packet size and the load of this PC</source>
      <translation>{camera}：画像が途中で失われています（不完全 {failed}、バッファ不足 {underrun}）。ケーブル、スイッチ、パケットサイズ、PC の負荷を点検してください</translation>
    </message>
    <message>
      <source>{camera}: packets have to be sent twice. Check cable, plugs and switch</source>
      <translation>{camera}：通信パケットの再送が出ています。ケーブル、コネクタ、スイッチを点検してください</translation>
    </message>
    <message>
      <source>{count} verdicts in a row came late: stop the line</source>
      <translation>判定遅れが {count} 回続きました。ラインを止めてください</translation>
    </message>
    <message>
      <source>{name} is not told of results: {why}</source>
      <translation>{name} に結果を通知できません：{why}</translation>
    </message>
    <message>
      <source>{product}: no good images of it are kept on this PC</source>
      <translation>{product} の良品画像がこの PC にありません</translation>
    </message>
    <message>
      <source>{user} calls an engineer to the line</source>
      <translation>{user} が技術者を呼んでいます</translation>
    </message>
  </context>
  <context>
    <name>VerdictView</name>
    <message>
      <source>Limit sample – not ejected</source>
      <translation>限度見本（排出しない）</translation>
    </message>
    <message>
      <source>Production is locked: see the alarms</source>
      <translation>生産できません：警報を見てください</translation>
    </message>
    <message>
      <source>{cause} – bypass, not ejected</source>
      <translation>{cause}（バイパス中、排出しない）</translation>
    </message>
  </context>
  <context>
    <name>EnginePart</name>
    <message>
      <source>Brightness</source>
      <translation>明るさ</translation>
    </message>
    <message>
      <source>Structure</source>
      <translation>構造</translation>
    </message>
    <message>
      <source>Sparse</source>
      <translation>疎な成分</translation>
    </message>
    <message>
      <source>By cell</source>
      <translation>区画ごと</translation>
    </message>
    <message>
      <source>Details of {size} px</source>
      <translation>細かさ {size} px</translation>
    </message>
  </context>
</TS>
