<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>CalibrationScreen</name>
    <message>
      <source>Calibration</source>
      <translation>校正</translation>
    </message>
    <message>
      <source>Focus and light</source>
      <translation>ピントと明るさ</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>しきい値</translation>
    </message>
    <message>
      <source>This line has no camera.</source>
      <translation>このラインにはカメラがありません。</translation>
    </message>
    <message>
      <source>No product is loaded.</source>
      <translation>品種が読み込まれていません。</translation>
    </message>
  </context>
  <context>
    <name>FocusPane</name>
    <message>
      <source>Begin anew</source>
      <translation>最初から</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>もう一度見る</translation>
    </message>
    <message>
      <source>Load the product</source>
      <translation>品種を読み込む</translation>
    </message>
    <message>
      <source>Opening the camera …</source>
      <translation>カメラを開いています…</translation>
    </message>
    <message>
      <source>No picture</source>
      <translation>画像がありません</translation>
    </message>
    <message>
      <source>Nothing to focus on</source>
      <translation>ピントを合わせる物がありません</translation>
    </message>
    <message>
      <source>Turn on</source>
      <translation>回し続ける</translation>
    </message>
    <message>
      <source>Turn back</source>
      <translation>回し戻す</translation>
    </message>
    <message>
      <source>Sharp</source>
      <translation>ピントが合いました</translation>
    </message>
    <message>
      <source>Too bright: {white} % white. Close the aperture, or expose for less time</source>
      <translation>明るすぎます:白とび {white} %。絞りを閉じるか、露光時間を短くしてください</translation>
    </message>
    <message>
      <source>Too dark: bright places reach {level} %. Open the aperture, or add light</source>
      <translation>暗すぎます:明るい所で {level} %。絞りを開くか、照明を強くしてください</translation>
    </message>
    <message>
      <source>Light is right: bright places reach {level} %</source>
      <translation>明るさは適正です:明るい所で {level} %</translation>
    </message>
    <message>
      <source>exposure {time} µs</source>
      <translation>露光 {time} µs</translation>
    </message>
    <message>
      <source>gain {gain} dB</source>
      <translation>ゲイン {gain} dB</translation>
    </message>
    <message>
      <source>The line runs: lens and light are set while it stands still.</source>
      <translation>ラインが運転中です。レンズと照明は、停止中に調整します。</translation>
    </message>
    <message>
      <source>To look through its cameras the station has to let go of them. Its product is unloaded meanwhile, and no part is inspected.</source>
      <translation>カメラの画像を見るには、ステーションがカメラを手放す必要があります。その間、品種は読み込まれておらず、部品は検査されません。</translation>
    </message>
    <message>
      <source>How bright the pixels are, % of white</source>
      <translation>画素の明るさ(白に対する %)</translation>
    </message>
    <message>
      <source>Halt the station</source>
      <translation>ステーションを休止する</translation>
    </message>
  </context>
  <context>
    <name>ThresholdPane</name>
    <message>
      <source>Images: {which}</source>
      <translation>画像:{which}</translation>
    </message>
    <message>
      <source>Calibrate</source>
      <translation>校正する</translation>
    </message>
    <message>
      <source>Put into force …</source>
      <translation>適用する…</translation>
    </message>
    <message>
      <source>Not calibrated yet on this PC</source>
      <translation>この PC ではまだ校正されていません</translation>
    </message>
    <message>
      <source>New threshold</source>
      <translation>新しいしきい値</translation>
    </message>
    <message>
      <source>Threshold in force</source>
      <translation>現在のしきい値</translation>
    </message>
    <message>
      <source>It holds now. Production waits for a release.</source>
      <translation>適用されました。生産にはリリースが必要です。</translation>
    </message>
    <message>
      <source>There is none in force.</source>
      <translation>現在のしきい値はありません。</translation>
    </message>
    <message>
      <source>As good as now ({before}).</source>
      <translation>現在({before})とほぼ同じです。</translation>
    </message>
    <message>
      <source>Higher than now ({before}): more parts would pass.</source>
      <translation>現在({before})より高く、合格が増えます。</translation>
    </message>
    <message>
      <source>Lower than now ({before}): more parts would be rejected.</source>
      <translation>現在({before})より低く、不良判定が増えます。</translation>
    </message>
    <message>
      <source>Scores mean something else than before ({before}).</source>
      <translation>スコアの意味が以前({before})とは異なります。</translation>
    </message>
    <message>
      <source>{images} good images prove that at most {proved} of good parts are rejected (95 % sure). The recipe promises {promised}.</source>
      <translation>良品画像 {images} 枚により、良品の不良判定は最大 {proved} と証明されます(信頼度 95 %)。レシピの約束は {promised} です。</translation>
    </message>
    <message>
      <source>The threshold is an estimate, beyond all that was seen.</source>
      <translation>しきい値は、見た範囲を超えた推定値です。</translation>
    </message>
    <message>
      <source>{wants} more good images could prove the promise.</source>
      <translation>あと {wants} 枚の良品画像で約束を証明できる可能性があります。</translation>
    </message>
    <message>
      <source>Left out: {taught} taught before, {copies} twice there.</source>
      <translation>除外:教示済み {taught} 枚、重複 {copies} 枚。</translation>
    </message>
    <message>
      <source>Scores of good images</source>
      <translation>良品画像のスコア</translation>
    </message>
    <message>
      <source>Line: threshold. Beyond it parts are rejected.</source>
      <translation>線:しきい値。これを超える部品は不良です。</translation>
    </message>
    <message>
      <source>Line: threshold; dashed: the one in force. Beyond it parts are rejected.</source>
      <translation>実線:しきい値、破線:現在のしきい値。これを超える部品は不良です。</translation>
    </message>
    <message>
      <source>held out at teaching ({count})</source>
      <translation>教示時に残した画像({count} 枚)</translation>
    </message>
    <message>
      <source>taken at the panel</source>
      <translation>パネルで撮影</translation>
    </message>
    <message>
      <source>Good images that were not taught</source>
      <translation>教示に使っていない良品画像</translation>
    </message>
    <message>
      <source>There are none: plug a stick in, or take some.</source>
      <translation>画像がありません。USB メモリを差すか、撮影してください。</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>good images scored</source>
      <translation>良品画像の採点</translation>
    </message>
    <message>
      <source>{camera}: no picture comes</source>
      <translation>{camera}:画像が届きません</translation>
    </message>
    <message>
      <source>{camera}: no camera of this line. Choose another</source>
      <translation>{camera}:このラインのカメラではありません。別のカメラを選んでください</translation>
    </message>
    <message>
      <source>{product}: not taught yet on this station. Teach it first</source>
      <translation>{product}:このステーションではまだ教示されていません。先に教示してください</translation>
    </message>
    <message>
      <source>{where}: {count} different good images to calibrate with. Name a folder of at least {least} good images that were not taught</source>
      <translation>{where}:校正用の異なる良品画像が {count} 枚しかありません。教示に使っていない良品画像が {least} 枚以上あるフォルダーを選んでください</translation>
    </message>
    <message>
      <source>{where}: {count} different good images to calibrate with beside {taught} that were taught. Name a folder of at least {least} good images that were not taught</source>
      <translation>{where}:教示済み {taught} 枚のほかに、校正用の異なる良品画像が {count} 枚しかありません。教示に使っていない良品画像が {least} 枚以上あるフォルダーを選んでください</translation>
    </message>
    <message>
      <source>another threshold was worked out than is signed</source>
      <translation>計算されたしきい値が、署名されたものと異なります</translation>
    </message>
    <message>
      <source>the line runs. Stop it before the threshold is changed</source>
      <translation>ラインが運転中です。しきい値を変更する前に停止してください</translation>
    </message>
    <message>
      <source>{product}: was taught anew since this was worked out. Calibrate it again</source>
      <translation>{product}:計算後に教示し直されました。もう一度校正してください</translation>
    </message>
  </context>
</TS>
