<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>CalibrationScreen</name>
    <message>
      <source>Gauge study</source>
      <translation>繰り返し精度</translation>
    </message>
    <message>
      <source>Noise</source>
      <translation>ノイズ</translation>
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
    <message>
      <source>Optics</source>
      <translation>光学補正</translation>
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
      <translation>明るすぎます：白とび {white} %。絞りを閉じるか、露光時間を短くしてください</translation>
    </message>
    <message>
      <source>Too dark: bright places reach {level} %. Open the aperture, or add light</source>
      <translation>暗すぎます：明るい所で {level} %。絞りを開くか、照明を強くしてください</translation>
    </message>
    <message>
      <source>Light is right: bright places reach {level} %</source>
      <translation>明るさは適正です：明るい所で {level} %</translation>
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
      <translation>カメラの画像を見るには、検査装置がカメラを手放す必要があります。その間、品種は読み込まれておらず、部品は検査されません。</translation>
    </message>
    <message>
      <source>How bright the pixels are, % of white</source>
      <translation>画素の明るさ（白に対する %）</translation>
    </message>
    <message>
      <source>Halt the station</source>
      <translation>検査装置を休止する</translation>
    </message>
  </context>
  <context>
    <name>ThresholdPane</name>
    <message>
      <source>Images: {which}</source>
      <translation>画像：{which}</translation>
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
      <translation>適用されました。生産には承認が必要です。</translation>
    </message>
    <message>
      <source>There is none in force.</source>
      <translation>現在のしきい値はありません。</translation>
    </message>
    <message>
      <source>As good as now ({before}).</source>
      <translation>現在（{before}）とほぼ同じです。</translation>
    </message>
    <message>
      <source>Higher than now ({before}): more parts would pass.</source>
      <translation>現在（{before}）より高く、合格が増えます。</translation>
    </message>
    <message>
      <source>Lower than now ({before}): more parts would be rejected.</source>
      <translation>現在（{before}）より低く、不合格判定が増えます。</translation>
    </message>
    <message>
      <source>Scores mean something else than before ({before}).</source>
      <translation>スコアの意味が以前（{before}）とは異なります。</translation>
    </message>
    <message>
      <source>{images} good images prove that at most {proved} of good parts are rejected (95 % sure). The recipe promises {promised}.</source>
      <translation>良品画像 {images} 枚により、良品の不合格判定は最大 {proved} と証明されます（信頼度 95 %）。レシピの約束は {promised} です。</translation>
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
      <translation>除外：学習済み {taught} 枚、重複 {copies} 枚。</translation>
    </message>
    <message>
      <source>Scores of good images</source>
      <translation>良品画像のスコア</translation>
    </message>
    <message>
      <source>Line: threshold. Beyond it parts are rejected.</source>
      <translation>線：しきい値。これを超える部品は不合格です。</translation>
    </message>
    <message>
      <source>Line: threshold; dashed: the one in force. Beyond it parts are rejected.</source>
      <translation>実線：しきい値、破線：現在のしきい値。これを超える部品は不合格です。</translation>
    </message>
    <message>
      <source>held out at teaching ({count})</source>
      <translation>学習に使わず残した画像（{count} 枚）</translation>
    </message>
    <message>
      <source>taken at the panel</source>
      <translation>パネルで撮影</translation>
    </message>
    <message>
      <source>Good images that were not taught</source>
      <translation>学習に使っていない良品画像</translation>
    </message>
    <message>
      <source>There are none: plug a stick in, or take some.</source>
      <translation>画像がありません。USB メモリを差すか、撮影してください。</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>covered lens</source>
      <translation>レンズを覆った画像</translation>
    </message>
    <message>
      <source>exposures</source>
      <translation>露光の段階</translation>
    </message>
    <message>
      <source>shows scored</source>
      <translation>採点した画像</translation>
    </message>
    <message>
      <source>this is not dark. Cover the lens</source>
      <translation>暗くありません。レンズを覆ってください</translation>
    </message>
    <message>
      <source>there is no dark picture yet. Cover the lens first</source>
      <translation>暗い画像がまだありません。先にレンズを覆ってください</translation>
    </message>
    <message>
      <source>there is hardly any light. Uncover the lens</source>
      <translation>光がほとんどありません。レンズの覆いを外してください</translation>
    </message>
    <message>
      <source>the card stays white. Close the aperture, or take light away</source>
      <translation>板が白く飛んだままです。絞りを閉じるか、照明を弱くしてください</translation>
    </message>
    <message>
      <source>noise does not rise with the light. Switch off noise reduction and automatic gain; spread the exposures evenly</source>
      <translation>明るくしてもノイズが増えません。ノイズ除去と自動ゲインを切り、露光を均等に振ってください</translation>
    </message>
    <message>
      <source>the exposure of this camera cannot be turned from here. Photograph the steps, and use: inspector camera noise</source>
      <translation>このカメラの露光はここからは変えられません。各段階を撮影し、inspector camera noise を使ってください</translation>
    </message>
    <message>
      <source>{camera}: {setting} cannot be turned from here. Set it at the camera</source>
      <translation>{camera}：{setting} はここからは変えられません。カメラ側で設定してください</translation>
    </message>
    <message>
      <source>this picture was taken before. Take the part away, and show it again</source>
      <translation>この画像は撮影済みです。部品を一度取り除き、置き直してください</translation>
    </message>
    <message>
      <source>{folder}: one photograph is there twice. Take the part away, show it again and photograph it anew</source>
      <translation>{folder}：同じ写真が 2 枚あります。部品を一度取り除き、置き直して撮影してください</translation>
    </message>
    <message>
      <source>the line runs. Stop it before a camera is changed</source>
      <translation>ラインが動いています。カメラを変更する前に停止してください</translation>
    </message>
    <message>
      <source>{camera}: another correction was worked out since. Calculate again</source>
      <translation>{camera}：その後に別の補正が計算されました。もう一度計算してください</translation>
    </message>
    <message>
      <source>good images scored</source>
      <translation>良品画像の採点</translation>
    </message>
    <message>
      <source>{camera}: no picture comes</source>
      <translation>{camera}：画像が届きません</translation>
    </message>
    <message>
      <source>{camera}: no camera of this line. Choose another</source>
      <translation>{camera}：このラインのカメラではありません。別のカメラを選んでください</translation>
    </message>
    <message>
      <source>{product}: not taught yet on this station. Teach it first</source>
      <translation>{product}：この検査装置ではまだ学習されていません。先に学習してください</translation>
    </message>
    <message>
      <source>{where}: {count} different good images to calibrate with. Name a folder of at least {least} good images that were not taught</source>
      <translation>{where}：校正用の異なる良品画像が {count} 枚しかありません。学習に使っていない良品画像が {least} 枚以上あるフォルダを選んでください</translation>
    </message>
    <message>
      <source>{where}: {count} different good images to calibrate with beside {taught} that were taught. Name a folder of at least {least} good images that were not taught</source>
      <translation>{where}：学習済み {taught} 枚のほかに、校正用の異なる良品画像が {count} 枚しかありません。学習に使っていない良品画像が {least} 枚以上あるフォルダを選んでください</translation>
    </message>
    <message>
      <source>no picture comes from this camera. Wait for one</source>
      <translation>このカメラの画像がまだ届きません。お待ちください</translation>
    </message>
    <message>
      <source>{camera}: no charuco target of {size} found (edges are {px} px wide). Show more of it, sharp and evenly lit; check --columns and --rows</source>
      <translation>{camera}：{size} の ChArUco ターゲットが見つかりません（エッジ幅 {px} px）。もっと広く、鮮明に、均一な照明で写してください</translation>
    </message>
    <message>
      <source>{name}: too blurred (edges are {px} px wide, limit {limit}). Focus, close the aperture, keep the target still, or leave the picture out</source>
      <translation>{name}：ぼけています（エッジ幅 {px} px、上限 {limit}）。ピントを合わせ、絞りを閉じ、ターゲットを動かさないでください</translation>
    </message>
    <message>
      <source>{count} pictures of the target. Photograph it at least {least} times, tilted in several directions</source>
      <translation>ターゲットの画像が {count} 枚です。いろいろな向きに傾けて {least} 枚以上撮影してください</translation>
    </message>
    <message>
      <source>the target was seen in {share} of the field, {least} are needed. Photograph it in the corners and along the edges, too</source>
      <translation>ターゲットは画面の {share} にしか写っていません（{least} 必要）。隅と端でも撮影してください</translation>
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
      <translation>{product}：計算後に学習し直されました。もう一度校正してください</translation>
    </message>
  </context>
  <context>
    <name>OpticsPane</name>
    <message>
      <source>Opening the camera …</source>
      <translation>カメラを開いています…</translation>
    </message>
    <message>
      <source>No picture</source>
      <translation>画像がありません</translation>
    </message>
    <message>
      <source>Dots: where the target was seen. Reach corners and edges, too.</source>
      <translation>点：ターゲットが写った場所。隅と端も埋めてください。</translation>
    </message>
    <message>
      <source>The card fills the whole picture, without a shadow.</source>
      <translation>カードで画面全体を、影なしに満たしてください。</translation>
    </message>
    <message>
      <source>Print the target at 100 % and glue it to something flat, or have it made:
inspector camera target target.png --mm {mm}</source>
      <translation>ターゲットを 100 % で印刷し、平らな板に貼ってください：inspector camera target target.png --mm {mm}</translation>
    </message>
    <message>
      <source>Lens and scale</source>
      <translation>レンズと縮尺</translation>
    </message>
    <message>
      <source>Flat field</source>
      <translation>フラットフィールド</translation>
    </message>
    <message>
      <source>Begin anew</source>
      <translation>最初から</translation>
    </message>
    <message>
      <source>Calculate</source>
      <translation>計算する</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>保存する</translation>
    </message>
    <message>
      <source>1. Target tilted every way: {n} of {least}</source>
      <translation>1. ターゲットをいろいろな向きに傾ける：{n} / {least} 枚</translation>
    </message>
    <message>
      <source>2. Target where parts lie: {n}, for the scale</source>
      <translation>2. ターゲットを部品の面に置く：{n} 枚（縮尺用）</translation>
    </message>
    <message>
      <source>1. Even white card, moved a little each time: {n} of {least}</source>
      <translation>1. 均一な白いカードを毎回少し動かす：{n} / {least} 枚</translation>
    </message>
    <message>
      <source>2. Lens covered: {n}, may be left out</source>
      <translation>2. レンズを覆う：{n} 枚（省略可）</translation>
    </message>
    <message>
      <source>Take</source>
      <translation>撮影</translation>
    </message>
    <message>
      <source>Square: {mm} mm, measured</source>
      <translation>マス目の実測値：{mm} mm</translation>
    </message>
    <message>
      <source>Good: points lie {px} px off, {worst} px in the worst picture.</source>
      <translation>良好：点のずれは {px} px、最も悪い画像で {worst} px。</translation>
    </message>
    <message>
      <source>No scale: there is no picture of the target where parts lie.</source>
      <translation>縮尺なし：部品の面に置いたターゲットの画像がありません。</translation>
    </message>
    <message>
      <source>That is {off} mm. Scale {mm} mm/px ± {error} (95 %).</source>
      <translation>これは {off} mm に相当します。縮尺 {mm} mm/px ± {error}（95 %）。</translation>
    </message>
    <message>
      <source>The darkest place has {share} % of the brightest light. {faulty} pixels are faulty; the correction adds {noise} % noise.</source>
      <translation>最も暗い所の明るさは最も明るい所の {share} % です。不良画素は {faulty} 個、補正により雑音が {noise} % 加わります。</translation>
    </message>
    <message>
      <source>Kept for camera {camera}.</source>
      <translation>カメラ {camera} 用に保存しました。</translation>
    </message>
    <message>
      <source>No product uses it yet: preparation in its recipe says so.</source>
      <translation>まだこれを使う品種はありません。使うかどうかはレシピの preparation で決まります。</translation>
    </message>
    <message>
      <source>To be taught and released again: {products}.</source>
      <translation>学習と承認のやり直しが必要：{products}。</translation>
    </message>
    <message>
      <source>If it is kept, these are to be taught and released again: {products}.</source>
      <translation>保存すると、学習と承認のやり直しが必要：{products}。</translation>
    </message>
  </context>
  <context>
    <name>Command</name>
    <message>
      <source>Change exposure and gain</source>
      <translation>露光とゲインの変更</translation>
    </message>
    <message>
      <source>Keep a camera's correction</source>
      <translation>カメラ補正の採用</translation>
    </message>
  </context>
  <context>
    <name>Consequence</name>
    <message>
      <source>Pictures change: the threshold is to be calibrated anew. Production waits for a release.</source>
      <translation>画像が変わります。しきい値の校正をやり直してください。承認するまで生産はできません。</translation>
    </message>
  </context>
  <context>
    <name>DialRows</name>
    <message>
      <source>Exposure {time} µs</source>
      <translation>露光 {time} µs</translation>
    </message>
    <message>
      <source>Gain {gain} dB</source>
      <translation>ゲイン {gain} dB</translation>
    </message>
    <message>
      <source>Keep …</source>
      <translation>採用…</translation>
    </message>
    <message>
      <source>Suggest</source>
      <translation>自動で提案</translation>
    </message>
  </context>
  <context>
    <name>GaugePane</name>
    <message>
      <source>All were shown</source>
      <translation>すべて撮影しました</translation>
    </message>
    <message>
      <source>Begin anew</source>
      <translation>最初から</translation>
    </message>
    <message>
      <source>Calculate</source>
      <translation>計算</translation>
    </message>
    <message>
      <source>Does a part get the same score each time it is shown?</source>
      <translation>同じ部品は毎回同じスコアになりますか？</translation>
    </message>
    <message>
      <source>Earlier studies</source>
      <translation>これまでの調査</translation>
    </message>
    <message>
      <source>Earlier studies …</source>
      <translation>これまで…</translation>
    </message>
    <message>
      <source>From a folder …</source>
      <translation>フォルダから…</translation>
    </message>
    <message>
      <source>Halt the station</source>
      <translation>ステーションを停止</translation>
    </message>
    <message>
      <source>Last one again</source>
      <translation>撮り直す</translation>
    </message>
    <message>
      <source>Load the product</source>
      <translation>品種を読み込む</translation>
    </message>
    <message>
      <source>No picture</source>
      <translation>画像がありません</translation>
    </message>
    <message>
      <source>Opening the camera …</source>
      <translation>カメラを開いています…</translation>
    </message>
    <message>
      <source>Parts that were photographed several times</source>
      <translation>繰り返し撮影した部品</translation>
    </message>
    <message>
      <source>Place part {part}, time {show} of {shows}</source>
      <translation>部品 {part} を置く（{show} 回目 / {shows} 回）</translation>
    </message>
    <message>
      <source>Take</source>
      <translation>撮影</translation>
    </message>
    <message>
      <source>The station holds the camera</source>
      <translation>カメラはステーションが使用中です</translation>
    </message>
    <message>
      <source>{count} times</source>
      <translation>{count} 回</translation>
    </message>
    <message>
      <source>{count} parts</source>
      <translation>{count} 個</translation>
    </message>
    <message>
      <source>{done} of {total} shown</source>
      <translation>{done} / {total} 枚</translation>
    </message>
  </context>
  <context>
    <name>GaugeResult</name>
    <message>
      <source>Back</source>
      <translation>戻る</translation>
    </message>
    <message>
      <source>Dot: mean of a part; bar: where its scores lie (3 sigma). Dashed: threshold.</source>
      <translation>点：部品の平均、線：スコアの範囲（3σ）、破線：しきい値</translation>
    </message>
    <message>
      <source>Earlier studies …</source>
      <translation>これまで…</translation>
    </message>
    <message>
      <source>Good: measuring hardly counts</source>
      <translation>良好：測定のばらつきはわずかです</translation>
    </message>
    <message>
      <source>Judged differently: {names}.</source>
      <translation>判定が分かれた部品：{names}</translation>
    </message>
    <message>
      <source>Measuring takes {share} % of the room between good parts and the threshold.</source>
      <translation>測定のばらつきは、良品からしきい値までの余裕の {share} % です。</translation>
    </message>
    <message>
      <source>No part passes</source>
      <translation>合格する部品がありません</translation>
    </message>
    <message>
      <source>Poor: measuring alone can turn verdicts</source>
      <translation>不十分：測定だけで判定が変わります</translation>
    </message>
    <message>
      <source>Scores of each part</source>
      <translation>部品ごとのスコア</translation>
    </message>
    <message>
      <source>Show good parts: the room below the threshold is measured by them.</source>
      <translation>良品を使ってください。しきい値までの余裕は良品で測ります。</translation>
    </message>
    <message>
      <source>Sigma of repeating {sigma} ({low} to {high}, 95 %), threshold {threshold}; {grr} % of the whole spread. {shows} shows. Up to 10 % of the room is good, up to 30 % usable.</source>
      <translation>繰り返しのσ {sigma}（{low}～{high}、95 %）、しきい値 {threshold}、全ばらつきの {grr} %。撮影 {shows} 回。余裕の 10 % 以下なら良好、30 % 以下なら使用可。</translation>
    </message>
    <message>
      <source>Usable, with care</source>
      <translation>注意すれば使えます</translation>
    </message>
    <message>
      <source>{alike} of {count} parts got the same verdict each time. So near to the threshold that chance decides: {near}.</source>
      <translation>{count} 個中 {alike} 個は毎回同じ判定でした。しきい値に近く、偶然に左右される部品：{near} 個。</translation>
    </message>
  </context>
  <context>
    <name>NoisePane</name>
    <message>
      <source> (hidden by rounding: use more bits)</source>
      <translation>（丸めに隠れています。ビット数を増やしてください）</translation>
    </message>
    <message>
      <source>1. Cover the lens</source>
      <translation>1. レンズを覆う</translation>
    </message>
    <message>
      <source>2. Even white card in the whole picture, lens open</source>
      <translation>2. レンズを開け、均一な白い板を画面いっぱいに</translation>
    </message>
    <message>
      <source>Differences below {step} % of white drown in noise</source>
      <translation>白の {step} % より小さい差はノイズに埋もれます</translation>
    </message>
    <message>
      <source>Measure</source>
      <translation>測定</translation>
    </message>
    <message>
      <source>No picture</source>
      <translation>画像がありません</translation>
    </message>
    <message>
      <source>Noise (variance, levels²) over light, % of white</source>
      <translation>ノイズ（分散、階調²）と明るさ（白に対する %）</translation>
    </message>
    <message>
      <source>Not measured yet</source>
      <translation>まだ測定していません</translation>
    </message>
    <message>
      <source>Opening the camera …</source>
      <translation>カメラを開いています…</translation>
    </message>
    <message>
      <source>Take</source>
      <translation>撮影</translation>
    </message>
    <message>
      <source>That is 3 sigma of one pixel at half of white.
White: {full} electrons, signal to noise {snr} ({db} dB)
Dark: {dark} levels, {electrons} electrons{hidden}
Gain: {gain} levels per electron (± {error})
Range {range} dB, {linear} % off a straight line</source>
      <translation>白の半分での 1 画素の 3σ です。
白：{full} 電子、SN 比 {snr}（{db} dB）
暗：{dark} 階調、{electrons} 電子{hidden}
1 電子あたり {gain} 階調（± {error}）
範囲 {range} dB、直線からのずれ {linear} %</translation>
    </message>
    <message>
      <source>The exposure of this camera cannot be turned from here. Photograph the steps, and use inspector camera noise.</source>
      <translation>このカメラの露光はここからは変えられません。各段階を撮影し、inspector camera noise を使ってください。</translation>
    </message>
    <message>
      <source>Touch neither camera nor light while it measures.</source>
      <translation>測定中はカメラにも照明にも触れないでください。</translation>
    </message>
    <message>
      <source>gain {gain} dB · </source>
      <translation>ゲイン {gain} dB · </translation>
    </message>
  </context>
  <context>
    <name>ActionKey</name>
    <message>
      <source>camera</source>
      <translation>カメラ</translation>
    </message>
    <message>
      <source>correction</source>
      <translation>補正</translation>
    </message>
    <message>
      <source>product recipe</source>
      <translation>レシピ</translation>
    </message>
  </context>
</TS>
