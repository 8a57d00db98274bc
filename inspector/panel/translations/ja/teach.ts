<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>DrawingPage</name>
    <message>
      <source>Close outline</source>
      <translation>輪郭を閉じる</translation>
    </message>
    <message>
      <source>Drag a rectangle around the part. Without one all is looked at.</source>
      <translation>部品を四角で囲んでください。囲まなければ全体を検査します。</translation>
    </message>
    <message>
      <source>Drag a rectangle, or tap corner after corner around the place.</source>
      <translation>四角で囲むか、角を順にタップしてください。</translation>
    </message>
    <message>
      <source>Drag over what may look different, or tap around it.</source>
      <translation>見た目が変わってよい所を、なぞるか角をタップして囲んでください。</translation>
    </message>
    <message>
      <source>Clear all</source>
      <translation>すべて消す</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>検査範囲</translation>
    </message>
    <message>
      <source>Leave out</source>
      <translation>検査しない所</translation>
    </message>
    <message>
      <source>Look here only</source>
      <translation>ここだけ検査</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>元に戻す</translation>
    </message>
  </context>
  <context>
    <name>Method</name>
    <message>
      <source>By looks</source>
      <translation>見た目で</translation>
    </message>
    <message>
      <source>By place</source>
      <translation>場所ごとに</translation>
    </message>
    <message>
      <source>By deviation</source>
      <translation>ずれで</translation>
    </message>
    <message>
      <source>By repainting</source>
      <translation>再構成で</translation>
    </message>
    <message>
      <source>By likely repainting</source>
      <translation>確率的な再構成で</translation>
    </message>
    <message>
      <source>By filling in</source>
      <translation>穴埋めで</translation>
    </message>
    <message>
      <source>By orientation</source>
      <translation>向きで</translation>
    </message>
    <message>
      <source>By pasted pieces</source>
      <translation>貼り付けとの違いで</translation>
    </message>
    <message>
      <source>By looks, quickly</source>
      <translation>見た目で、速く</translation>
    </message>
    <message>
      <source>By building blocks</source>
      <translation>部分の組み合わせで</translation>
    </message>
    <message>
      <source>By known patches</source>
      <translation>良品の小片で</translation>
    </message>
    <message>
      <source>By surroundings (LRB)</source>
      <translation>周囲との差で（LRB）</translation>
    </message>
    <message>
      <source>By surroundings (CRD)</source>
      <translation>周囲との差で（CRD）</translation>
    </message>
    <message>
      <source>By figures</source>
      <translation>特徴量で（MT法）</translation>
    </message>
    <message>
      <source>By deviation, without network</source>
      <translation>ずれで（ネットワークなし）</translation>
    </message>
    <message>
      <source>By common background</source>
      <translation>共通の背景との差で</translation>
    </message>
    <message>
      <source>Without learning</source>
      <translation>学習なし</translation>
    </message>
  </context>
  <context>
    <name>MethodPage</name>
    <message>
      <source>Compares each place with what is around it. For even surfaces.</source>
      <translation>各所を周囲と比べます。一様な面に向きます。</translation>
    </message>
    <message>
      <source>Good parts that may be rejected</source>
      <translation>誤って不合格としてよい良品の割合</translation>
    </message>
    <message>
      <source>Learns to paint good parts. They must lie alike. Slower to teach.</source>
      <translation>良品の描き方を学びます。同じ置き方が必要で、学習に時間がかかります。</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>方法</translation>
    </message>
    <message>
      <source>Learns how each place looks. Good parts must lie alike.</source>
      <translation>各場所の見え方を学びます。良品は同じ置き方が必要です。</translation>
    </message>
    <message>
      <source>Only an engineer or administrator teaches.</source>
      <translation>学習は技術者か管理者だけが行えます。</translation>
    </message>
    <message>
      <source>Usual: remembers good parts, looks for what none of them had.</source>
      <translation>標準：良品を覚え、どの良品にもなかったものを探します。</translation>
    </message>
    <message>
      <source>The line runs. Stop it before it is taught.</source>
      <translation>ライン稼働中です。学習の前に停止してください。</translation>
    </message>
    <message>
      <source>Try several</source>
      <translation>いくつか試す</translation>
    </message>
    <message>
      <source>Teaches three ways for some minutes and ranks them by painted defects.</source>
      <translation>3通りを数分ずつ学習し、描いた欠陥の見つけ方で順位を付けます。</translation>
    </message>
    <message>
      <source>{place}. {method}, {side} px: too slow, {ms} ms</source>
      <translation>{place}. {method}、{side} px：遅すぎます、{ms} ms</translation>
    </message>
    <message>
      <source>{place}. {method}, {side} px: {found} of {all} painted defects, {ms} ms</source>
      <translation>{place}. {method}、{side} px：描いた欠陥 {all} 個中 {found} 個、{ms} ms</translation>
    </message>
    <message>
      <source>{rate} %</source>
      <translation>{rate} %</translation>
    </message>
    <message>
      <source>{there} pictures: the threshold is estimated. From {wanted} on it is measured.</source>
      <translation>画像 {there} 枚：しきい値は推定です。{wanted} 枚から実測になります。</translation>
    </message>
    <message>
      <source>{there} pictures: the threshold is measured.</source>
      <translation>画像 {there} 枚：しきい値は実測です。</translation>
    </message>
  </context>
  <context>
    <name>PicturesPage</name>
    <message>
      <source>Parts judged in Review, taught more: {count}</source>
      <translation>判定済みの部品で追加学習：{count}</translation>
    </message>
    <message>
      <source>All of them are here already.</source>
      <translation>すべて取り込み済みです。</translation>
    </message>
    <message>
      <source>Enough for {rate}: the threshold is measured.</source>
      <translation>{rate} に十分です。しきい値は実測になります。</translation>
    </message>
    <message>
      <source>Enough to teach. With {more} more the threshold for {rate} is measured.</source>
      <translation>学習できます。あと {more} 枚で {rate} のしきい値が実測になります。</translation>
    </message>
    <message>
      <source>{more} more, and it can be taught.</source>
      <translation>あと {more} 枚で学習できます。</translation>
    </message>
    <message>
      <source>Folder {name}: {count}</source>
      <translation>フォルダ {name}：{count} 枚</translation>
    </message>
    <message>
      <source>From a stick …</source>
      <translation>USBから…</translation>
    </message>
    <message>
      <source>Hardly anything is seen in them: lens cap, part, focus?</source>
      <translation>ほとんど何も写っていません。レンズキャップ、部品、ピントを確認してください。</translation>
    </message>
    <message>
      <source>Lay a good part before the camera</source>
      <translation>良品をカメラの前に置いてください</translation>
    </message>
    <message>
      <source>Lay one good part after the other before the camera.</source>
      <translation>良品を1個ずつカメラの前に置いてください。</translation>
    </message>
    <message>
      <source>Many are alike: turn and move the part, take other parts.</source>
      <translation>似た画像が多すぎます。部品を回し、動かし、別の部品も使ってください。</translation>
    </message>
    <message>
      <source>Not a good part</source>
      <translation>良品ではない</translation>
    </message>
    <message>
      <source>Pictures of good parts</source>
      <translation>良品の画像</translation>
    </message>
    <message>
      <source>Some places are white through and through: less light.</source>
      <translation>白く飛んだ所があります。光を弱めてください。</translation>
    </message>
    <message>
      <source>Stick {name}: {count}</source>
      <translation>USB {name}：{count} 枚</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Take it back</source>
      <translation>元に戻す</translation>
    </message>
    <message>
      <source>Take one</source>
      <translation>1枚撮る</translation>
    </message>
    <message>
      <source>Take {count} pictures</source>
      <translation>{count} 枚撮る</translation>
    </message>
    <message>
      <source>The line lets go of {product} meanwhile.</source>
      <translation>その間、ラインは {product} を外します。</translation>
    </message>
    <message>
      <source>The line runs. Stop it before pictures are taken.</source>
      <translation>ライン稼働中です。撮影の前に停止してください。</translation>
    </message>
    <message>
      <source>The pictures are dark: more light or a longer exposure.</source>
      <translation>画像が暗すぎます。光を強めるか露光を長くしてください。</translation>
    </message>
    <message>
      <source>There is no stick with pictures on it.</source>
      <translation>画像の入ったUSBがありません。</translation>
    </message>
    <message>
      <source>They have several sizes: teaching needs one.</source>
      <translation>大きさが混ざっています。学習には1種類だけ使います。</translation>
    </message>
    <message>
      <source>Those it was taught from: {count}</source>
      <translation>前の学習の画像：{count} 枚</translation>
    </message>
    <message>
      <source>blurred?</source>
      <translation>ぼけ？</translation>
    </message>
    <message>
      <source>other light?</source>
      <translation>光の違い？</translation>
    </message>
    <message>
      <source>the same?</source>
      <translation>同じ？</translation>
    </message>
    <message>
      <source>{count} good pictures</source>
      <translation>良品の画像 {count} 枚</translation>
    </message>
  </context>
  <context>
    <name>ProductPage</name>
    <message>
      <source>Camera settings and scale are those of {product}.</source>
      <translation>カメラの設定と縮尺は {product} のものを使います。</translation>
    </message>
    <message>
      <source>Name of the new product</source>
      <translation>新しい品種の名前</translation>
    </message>
    <message>
      <source>Or teach one anew</source>
      <translation>または教え直す</translation>
    </message>
    <message>
      <source>Product {number}</source>
      <translation>品種 {number}</translation>
    </message>
    <message>
      <source>The line let go of it, for pictures to be taken.</source>
      <translation>撮影のため、ラインは品種を外しています。</translation>
    </message>
    <message>
      <source>Load {product} again</source>
      <translation>{product} を読み込み直す</translation>
    </message>
  </context>
  <context>
    <name>ResultPage</name>
    <message>
      <source>Good pictures by score; 1 = threshold</source>
      <translation>良品画像のスコア分布、1 = しきい値</translation>
    </message>
    <message>
      <source>Taught from {taught} pictures, tried on {tried} others. About {expected} of good parts will be rejected; these pictures prove at most {proved}.</source>
      <translation>{taught} 枚で学習し、別の {tried} 枚で確かめました。良品の約 {expected} が不良になります。この枚数で証明できるのは {proved} 以下です。</translation>
    </message>
    <message>
      <source>Strangest, in % of the threshold</source>
      <translation>最も変わった良品（しきい値比 %）</translation>
    </message>
    <message>
      <source>{more} more good pictures could prove {promised}.</source>
      <translation>あと {more} 枚の良品画像で {promised} を証明できます。</translation>
    </message>
    <message>
      <source>{share} %</source>
      <translation>{share} %</translation>
    </message>
  </context>
  <context>
    <name>TeachProgress</name>
    <message>
      <source>Judging with what it knows …</source>
      <translation>今の知識で判定しています…</translation>
    </message>
    <message>
      <source>Remembering what is new …</source>
      <translation>新しい特徴を覚えています…</translation>
    </message>
    <message>
      <source>Judging with what it learnt …</source>
      <translation>学んだ結果で判定しています…</translation>
    </message>
    <message>
      <source>Trying: {method}, {side} px</source>
      <translation>試しています：{method}、{side} px</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>中止</translation>
    </message>
    <message>
      <source>Learning good parts …</source>
      <translation>良品を学習しています…</translation>
    </message>
    <message>
      <source>Looking at good parts …</source>
      <translation>良品を見ています…</translation>
    </message>
    <message>
      <source>Looking at the rims …</source>
      <translation>縁を見ています…</translation>
    </message>
    <message>
      <source>Looking through the pictures …</source>
      <translation>画像を確認しています…</translation>
    </message>
    <message>
      <source>Making it fast on this PC …</source>
      <translation>このPC向けに高速化しています…</translation>
    </message>
    <message>
      <source>Measuring the threshold …</source>
      <translation>しきい値を測っています…</translation>
    </message>
    <message>
      <source>One moment …</source>
      <translation>お待ちください…</translation>
    </message>
    <message>
      <source>Packing …</source>
      <translation>まとめています…</translation>
    </message>
    <message>
      <source>Preparing the network …</source>
      <translation>ネットワークを準備しています…</translation>
    </message>
    <message>
      <source>Remembering what is typical …</source>
      <translation>代表的な特徴を覚えています…</translation>
    </message>
    <message>
      <source>Storing …</source>
      <translation>保存しています…</translation>
    </message>
    <message>
      <source>Testing it on this PC …</source>
      <translation>このPCで試験しています…</translation>
    </message>
    <message>
      <source>Trying it on painted defects …</source>
      <translation>描いた欠陥で試しています…</translation>
    </message>
    <message>
      <source>What was gathered stays, also when this is cancelled.</source>
      <translation>中止しても、集めた画像は残ります。</translation>
    </message>
  </context>
  <context>
    <name>TeachScreen</name>
    <message>
      <source>Back</source>
      <translation>戻る</translation>
    </message>
    <message>
      <source>Good parts</source>
      <translation>良品</translation>
    </message>
    <message>
      <source>How to look</source>
      <translation>検査の方法</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>次へ</translation>
    </message>
    <message>
      <source>Teach it</source>
      <translation>学習する</translation>
    </message>
    <message>
      <source>What came of it</source>
      <translation>結果</translation>
    </message>
    <message>
      <source>What is taught?</source>
      <translation>何を学習しますか？</translation>
    </message>
    <message>
      <source>Where to look</source>
      <translation>検査する所</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>the station holds the cameras. Halt it first</source>
      <translation>カメラはラインが使用中です。先にホールトしてください</translation>
    </message>
    <message>
      <source>{count} good pictures are too few. Take at least {least}</source>
      <translation>良品画像 {count} 枚では足りません。{least} 枚以上撮ってください</translation>
    </message>
    <message>
      <source>{count} good pictures are too few to try methods with. Take at least {least}</source>
      <translation>方法を試すには良品画像 {count} 枚では足りません。{least} 枚以上撮ってください</translation>
    </message>
    <message>
      <source>{source}: is gone. Plug the stick in again</source>
      <translation>{source} がありません。USBを挿し直してください</translation>
    </message>
  </context>
  <context>
    <name>Next</name>
    <message>
      <source>Before it produces, it has to be released and signed.</source>
      <translation>生産の前に、承認と署名が必要です。</translation>
    </message>
    <message>
      <source>Before it produces, limit samples have to be shown.</source>
      <translation>生産の前に、限度見本の確認が必要です。</translation>
    </message>
    <message>
      <source>Limit samples</source>
      <translation>限度見本</translation>
    </message>
    <message>
      <source>Release</source>
      <translation>承認</translation>
    </message>
    <message>
      <source>The line has it. It can be started.</source>
      <translation>ラインに読み込みました。開始できます。</translation>
    </message>
    <message>
      <source>The line takes it over …</source>
      <translation>ラインに読み込んでいます…</translation>
    </message>
    <message>
      <source>To the line</source>
      <translation>ラインへ</translation>
    </message>
    <message>
      <source>Watch it</source>
      <translation>検査画面へ</translation>
    </message>
  </context>
</TS>
