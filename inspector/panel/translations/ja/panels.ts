<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja_JP">
  <context>
    <name>ActionKey</name>
    <message>
      <source>from panel</source>
      <translation>元のパネル</translation>
    </message>
    <message>
      <source>panel</source>
      <translation>パネル</translation>
    </message>
  </context>
  <context>
    <name>Bands</name>
    <message>
      <source>Give it</source>
      <translation>渡す</translation>
    </message>
    <message>
      <source>Keep it</source>
      <translation>渡さない</translation>
    </message>
    <message>
      <source>{name} asks for control: it passes in {seconds} s</source>
      <translation>{name} が操作権を求めています。あと {seconds} 秒で移ります</translation>
    </message>
    <message>
      <source>{name} was asked for control: {seconds} s</source>
      <translation>{name} に操作権を求めています：{seconds} 秒</translation>
    </message>
  </context>
  <context>
    <name>Command</name>
    <message>
      <source>Ask for control</source>
      <translation>操作権の要求</translation>
    </message>
    <message>
      <source>Control passed on</source>
      <translation>操作権の移動</translation>
    </message>
    <message>
      <source>Give control</source>
      <translation>操作権を渡す</translation>
    </message>
    <message>
      <source>Keep control</source>
      <translation>操作権を渡さない</translation>
    </message>
    <message>
      <source>Let a panel in no more</source>
      <translation>別のPCのパネルの登録取り消し</translation>
    </message>
    <message>
      <source>Let a panel on another PC in</source>
      <translation>別のPCのパネルの登録</translation>
    </message>
    <message>
      <source>Take control</source>
      <translation>操作権の取得</translation>
    </message>
  </context>
  <context>
    <name>ControlPane</name>
    <message>
      <source>Ask for it</source>
      <translation>操作権を求める</translation>
    </message>
    <message>
      <source>Let go</source>
      <translation>手放す</translation>
    </message>
    <message>
      <source>No panel is in control: the first to act has it.</source>
      <translation>操作権のあるパネルはありません。最初に操作したパネルに移ります。</translation>
    </message>
    <message>
      <source>Stop, calling and judging work at every panel.</source>
      <translation>停止・呼び出し・判定はどのパネルでもできます。</translation>
    </message>
    <message>
      <source>Take it</source>
      <translation>強制取得</translation>
    </message>
    <message>
      <source>This panel is in control.</source>
      <translation>操作権はこのパネルにあります。</translation>
    </message>
    <message>
      <source>{name} is in control.</source>
      <translation>操作権は {name} にあります。</translation>
    </message>
  </context>
  <context>
    <name>Controls</name>
    <message>
      <source>Ask for
control</source>
      <translation>操作権を
求める</translation>
    </message>
    <message>
      <source>Asked:
{seconds} s</source>
      <translation>要求中
{seconds} 秒</translation>
    </message>
  </context>
  <context>
    <name>Header</name>
    <message>
      <source>Control: {name}</source>
      <translation>操作権：{name}</translation>
    </message>
  </context>
  <context>
    <name>Station</name>
    <message>
      <source>control is for panels</source>
      <translation>操作権はパネルのためのものです</translation>
    </message>
    <message>
      <source>this panel is not in control</source>
      <translation>このパネルに操作権はありません</translation>
    </message>
    <message>
      <source>{command}: not from another PC</source>
      <translation>「{command}」は別のPCからはできません</translation>
    </message>
    <message>
      <source>{name} asks for control already</source>
      <translation>{name} がすでに操作権を求めています</translation>
    </message>
    <message>
      <source>{name} is in control. Ask for it, or go there</source>
      <translation>操作権は {name} にあります。操作権を求めるか、そのパネルで操作してください</translation>
    </message>
  </context>
</TS>
