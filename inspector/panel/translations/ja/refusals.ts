<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>Station</name>
    <message>
      <source>{command}: no role may give this command</source>
      <translation>「{command}」はパネルからは実行できません</translation>
    </message>
    <message>
      <source>nobody is logged in. Log in first</source>
      <translation>ログインしていません。先にログインしてください</translation>
    </message>
    <message>
      <source>the password is too long. Use at most {count} characters</source>
      <translation>パスワードが長すぎます。{count} 文字までにしてください</translation>
    </message>
    <message>
      <source>user {name}: unknown. Check the name</source>
      <translation>利用者 {name}：登録されていません。名前を確認してください</translation>
    </message>
    <message>
      <source>{path}: there are users already. Log in as one</source>
      <translation>利用者がすでに登録されています。ログインしてください（{path}）</translation>
    </message>
    <message>
      <source>{name}: no role. Give one of: {roles}</source>
      <translation>{name}：この役割はありません。次から選んでください：{roles}</translation>
    </message>
    <message>
      <source>{path}: damaged. Delete it: everybody's failed log-ins count from 0 again</source>
      <translation>ファイルが壊れています：{path}。削除すると、ログイン失敗の回数は 0 から数え直します</translation>
    </message>
    <message>
      <source>{path}: damaged. Restore it from a backup</source>
      <translation>ファイルが壊れています：{path}。バックアップから復元してください</translation>
    </message>
    <message>
      <source>{path}: cannot be read ({why})</source>
      <translation>読み取れません：{path}（{why}）</translation>
    </message>
    <message>
      <source>{path}: cannot be read ({why}). {remedy}</source>
      <translation>読み取れません：{path}（{why}）</translation>
    </message>
    <message>
      <source>{path}: cannot be written ({why}). Check the owner and rights of the folder</source>
      <translation>書き込めません：{path}（{why}）。フォルダの所有者と権限を確認してください</translation>
    </message>
    <message>
      <source>{path}: the disk is full. Free space and try again</source>
      <translation>ディスクがいっぱいです（{path}）。空きを作って、もう一度お試しください</translation>
    </message>
    <message>
      <source>{path}: {why}. Check the disk</source>
      <translation>ディスクを確認してください：{path}（{why}）</translation>
    </message>
    <message>
      <source>recovery is for who can write the data folder as the station's user. Run inspector users recover on the station's console</source>
      <translation>復旧は検査装置のコンソールで行ってください：inspector users recover</translation>
    </message>
    <message>
      <source>no station runs here. Start it: inspector run</source>
      <translation>検査装置が動いていません。起動してください：inspector run</translation>
    </message>
    <message>
      <source>{command}: the first signature is not {user}'s. Log in</source>
      <translation>「{command}」：最初の署名は {user} さん本人のものではありません。ログインし直してください</translation>
    </message>
    <message>
      <source>a hold of everything. Name a part, a lot, or a time from or until which</source>
      <translation>保存の対象が広すぎます。部品、ロット、または期間を指定してください</translation>
    </message>
    <message>
      <source>{product}: unknown product (no {file} in {folders}). {remedy}</source>
      <translation>{product}：この品種のレシピがありません</translation>
    </message>
    <message>
      <source>{file}: product: is {product}. {remedy}</source>
      <translation>レシピの品種名がファイル名と違います：{file}（{product}）</translation>
    </message>
    <message>
      <source>the same limit sample is announced twice</source>
      <translation>同じ限度見本が 2 回指定されています</translation>
    </message>
    <message>
      <source>{product}: {loaded} is loaded. Change over to the product first, or stop the station</source>
      <translation>{product}：現在は {loaded} が読み込まれています。先に品種を切り替えてください</translation>
    </message>
    <message>
      <source>{file}: promised: made for a false-reject rate of {made}, the recipe asks for {asked}. {remedy}</source>
      <translation>しきい値は過検出率 {made} 用ですが、レシピは {asked} です。校正し直してください（{file}）</translation>
    </message>
    <message>
      <source>{output}: no output bit. See docs/plc.md</source>
      <translation>{output}：この名前の出力はありません</translation>
    </message>
    <message>
      <source>an output is forced for {count} s at most</source>
      <translation>出力を強制できるのは {count} 秒までです</translation>
    </message>
    <message>
      <source>{check}: no check of {product}. Its recipe has: {checks}</source>
      <translation>{check}：{product} にこの検査はありません。ある検査：{checks}</translation>
    </message>
    <message>
      <source>another rate is in this draft than is signed</source>
      <translation>署名した過検出率が、この提案のものと違います</translation>
    </message>
    <message>
      <source>this draft is of another product</source>
      <translation>この提案は別の品種のものです</translation>
    </message>
    <message>
      <source>{rate}: no false-reject rate. Give a share from {least} to {most}</source>
      <translation>{rate}：過検出率ではありません。{least} から {most} の割合にしてください</translation>
    </message>
    <message>
      <source>part {number}: there is none. Part numbers begin at 1</source>
      <translation>部品 {number}：ありません。部品番号は 1 から始まります</translation>
    </message>
    <message>
      <source>a good part has no defect to mark. Leave marks and class out</source>
      <translation>良品に欠陥の印は付けられません。印と種類を外してください</translation>
    </message>
    <message>
      <source>who withdraws a word says nothing else. Leave the rest out</source>
      <translation>判定を元に戻すときは、ほかの入力はできません</translation>
    </message>
    <message>
      <source>longer than a record may be. Use {count} letters at most</source>
      <translation>長すぎて記録できません。{count} 文字までにしてください</translation>
    </message>
    <message>
      <source>a mark is a box of two corners, or a polygon of three or more</source>
      <translation>印は 2 点の四角か、3 点以上の多角形にしてください</translation>
    </message>
    <message>
      <source>a mark lies outside of the inspected field. Use fractions 0..1</source>
      <translation>印が検査範囲の外にあります</translation>
    </message>
    <message>
      <source>a mark has no area. Draw a box</source>
      <translation>印に面積がありません。四角で囲んでください</translation>
    </message>
    <message>
      <source>not while the station runs. Stop it, and try again</source>
      <translation>運転中はできません。停止してから、もう一度お試しください</translation>
    </message>
    <message>
      <source>the station is halted already</source>
      <translation>すでに休止中です</translation>
    </message>
    <message>
      <source>only limit samples may be shown now</source>
      <translation>今は限度見本だけを流せます</translation>
    </message>
    <message>
      <source>{state} as production needs: {lacking}</source>
      <translation>生産に必要な条件がそろっていません（{state}）</translation>
    </message>
    <message>
      <source>the station cannot go from {old} to {new}. {remedy}</source>
      <translation>「{old}」から「{new}」には移れません</translation>
    </message>
    <message>
      <source>{values}: no exposure or gain. Give one of: {names}</source>
      <translation>{values}：露光またはゲインの値ではありません</translation>
    </message>
    <message>
      <source>camera {name} is not open</source>
      <translation>カメラ {name} は接続されていません</translation>
    </message>
    <message>
      <source>part {number}: has no view {view}</source>
      <translation>部品 {number}：この画像はありません</translation>
    </message>
    <message>
      <source>the report has {size} MiB. Make it with inspector report</source>
      <translation>報告書が大きすぎます（{size} MiB）。inspector report で作成してください</translation>
    </message>
    <message>
      <source>{product}: no part was judged with its calibration. Choose a longer time</source>
      <translation>{product}：この期間に、今の校正で判定された部品がありません。期間を延ばしてください</translation>
    </message>
    <message>
      <source>job {number}: there is none. Start it again</source>
      <translation>処理 {number}：見つかりません。もう一度始めてください</translation>
    </message>
    <message>
      <source>{product}: {place}: {why}. Draw it again</source>
      <translation>{product}：領域を描き直してください（{place}：{why}）</translation>
    </message>
    <message>
      <source>the station does not say who asks</source>
      <translation>検査装置が利用者を確認できません</translation>
    </message>
    <message>
      <source>{command}: longer than {count} bytes</source>
      <translation>「{command}」：内容が長すぎます</translation>
    </message>
    <message>
      <source>the station's {what} cannot be read ({why}). Install the same Inspector on both sides</source>
      <translation>検査装置の応答を読み取れません。パネルと検査装置の Inspector の版を同じにしてください（{why}）</translation>
    </message>
    <message>
      <source>the office's words cannot be read ({why}). Install the same Inspector on both sides</source>
      <translation>データサービスの応答を読み取れません。パネルと検査装置の Inspector の版を同じにしてください（{why}）</translation>
    </message>
    <message>
      <source>the office gave no answer within {time} s</source>
      <translation>データサービスから {time} 秒以内に応答がありません</translation>
    </message>
    <message>
      <source>the office cannot be reached</source>
      <translation>データサービスに接続できません</translation>
    </message>
    <message>
      <source>{path}: hash: the file was changed. {remedy}</source>
      <translation>ファイルが書き換えられています：{path}</translation>
    </message>
    <message>
      <source>backtest: was made with another {what} than is loaded. {remedy}</source>
      <translation>バックテストの {what} が、読み込み中のものと違います。作り直してください</translation>
    </message>
    <message>
      <source>{path}: does not follow the last entry. Try again</source>
      <translation>ほかの人が先に登録しました。もう一度お試しください（{path}）</translation>
    </message>
    <message>
      <source>{path}: {key}: the releases were changed, or one is missing. Restore the folder from a backup, and compare with the ledger</source>
      <translation>承認の記録が書き換えられたか、欠けています：{path}。バックアップから復元し、台帳と照合してください</translation>
    </message>
    <message>
      <source>{path}: belongs to something else. Show the masters again</source>
      <translation>限度見本の記録が別のものです。もう一度限度見本を確認してください（{path}）</translation>
    </message>
    <message>
      <source>{picture}: not a picture. Give a PNG, JPEG, BMP or TIFF file</source>
      <translation>{picture}：画像ではありません</translation>
    </message>
    <message>
      <source>{name}: has no picture. Remove it, and add it with one</source>
      <translation>{name}：画像がありません。外してから、画像付きで追加してください</translation>
    </message>
    <message>
      <source>{path}: missing or changed. Remove the master and add it again</source>
      <translation>{path}：ないか、書き換えられています。限度見本を外して、追加し直してください</translation>
    </message>
    <message>
      <source>the camera is gone</source>
      <translation>カメラとの接続が切れました</translation>
    </message>
    <message>
      <source>the device is gone: unplugged, without power, or its network is cut</source>
      <translation>カメラとの接続が切れました。ケーブル、電源、ネットワークを確認してください</translation>
    </message>
    <message>
      <source>{camera}: the camera does not answer any more</source>
      <translation>{camera}：カメラが応答しません。ケーブルと電源を確認してください</translation>
    </message>
    <message>
      <source>{camera}: the camera is gone</source>
      <translation>{camera}：カメラとの接続が切れました。ケーブルと電源を確認してください</translation>
    </message>
    <message>
      <source>{camera}: another camera is in its place, serial number {serial}. {remedy}</source>
      <translation>{camera}：別のカメラ（製造番号 {serial}）がつながっています</translation>
    </message>
    <message>
      <source>{camera}: another program controls the camera. Close it; after a crash the camera frees itself within seconds</source>
      <translation>{camera}：別のプログラムがカメラを使っています。終了してください</translation>
    </message>
    <message>
      <source>{camera}: no camera with this serial number; found: {found}. {remedy}</source>
      <translation>{camera}：この製造番号のカメラが見つかりません（見つかったもの：{found}）。電源とケーブルを確認してください</translation>
    </message>
    <message>
      <source>{camera}: no frame of a part</source>
      <translation>{camera}：部品の画像が届きません</translation>
    </message>
    <message>
      <source>{camera}: no frame</source>
      <translation>{camera}：画像が届きません</translation>
    </message>
    <message>
      <source>no PLC has connected and written yet. {remedy}</source>
      <translation>PLC がまだ接続していません</translation>
    </message>
    <message>
      <source>{peer} did not answer within {time} ms ({what}). Check the cable, the PLC and timeout_ms</source>
      <translation>{peer} が {time} ms 以内に応答しません。ケーブルと PLC を確認してください</translation>
    </message>
    <message>
      <source>{peer} is not connected</source>
      <translation>{peer} に接続していません</translation>
    </message>
    <message>
      <source>{peer} closed the connection at once</source>
      <translation>{peer} が接続をすぐに切りました</translation>
    </message>
    <message>
      <source>{host}:{port} refuses the connection. Is its server switched on, and is this PC on its list?</source>
      <translation>{host}:{port} が接続を拒否しました。PLC 側の設定を確認してください</translation>
    </message>
    <message>
      <source>{host}:{port} does not answer ({why}). Check host, port and cable</source>
      <translation>{host}:{port} が応答しません。アドレスとケーブルを確認してください</translation>
    </message>
    <message>
      <source>plc {name}: no client is logged in</source>
      <translation>PLC がまだログインしていません（{name}）</translation>
    </message>
    <message>
      <source>plc {name}: its client has written nothing yet</source>
      <translation>PLC からまだ何も書き込まれていません（{name}）</translation>
    </message>
    <message>
      <source>plc {name}: no answer within {time} s</source>
      <translation>PLC が {time} 秒以内に応答しません（{name}）</translation>
    </message>
    <message>
      <source>plc {name}: not open</source>
      <translation>PLC に接続していません（{name}）</translation>
    </message>
    <message>
      <source>plc {name}: the gateway process has ended</source>
      <translation>PLC との通信処理が終了しました（{name}）</translation>
    </message>
    <message>
      <source>plc {name}: its certificate is not trusted. {remedy}</source>
      <translation>PLC の証明書が信頼されていません（{name}）</translation>
    </message>
    <message>
      <source>The cameras report a fault</source>
      <translation>カメラで問題が起きました</translation>
    </message>
    <message>
      <source>The connection to the PLC reports a fault</source>
      <translation>PLC との通信で問題が起きました</translation>
    </message>
    <message>
      <source>The records report a fault</source>
      <translation>記録で問題が起きました</translation>
    </message>
    <message>
      <source>A setting is wrong</source>
      <translation>設定に誤りがあります</translation>
    </message>
    <message>
      <source>The station reports</source>
      <translation>検査装置からの報告</translation>
    </message>
    <message>
      <source>camera {name}: output {output}: {why}</source>
      <translation>カメラ {name}：出力 {output} で問題が起きました（{why}）</translation>
    </message>
    <message>
      <source>{file}: was taught with scores of another bundle. {remedy}</source>
      <translation>{file}：別のバンドルのスコアで学習されています。学習し直してください</translation>
    </message>
    <message>
      <source>{file}: names no forecast. Teach the forecast again</source>
      <translation>{file}：予測の学習結果ではありません。学習し直してください</translation>
    </message>
    <message>
      <source>{file}: the station has kept no parts. {remedy}</source>
      <translation>{file}：部品の記録がありません</translation>
    </message>
    <message>
      <source>{file}: is damaged. Delete it</source>
      <translation>{file}：壊れています。削除してください</translation>
    </message>
    <message>
      <source>{command}: needs {what}. Sign with user name and password</source>
      <translation>「{command}」：署名が必要です。利用者名とパスワードで署名してください</translation>
    </message>
    <message>
      <source>no such show. Begin anew</source>
      <translation>この計測はもうありません。最初から始めてください</translation>
    </message>
  </context>
  <context>
    <name>Command</name>
    <message>
      <source>This</source>
      <translation>この操作</translation>
    </message>
  </context>
</TS>
