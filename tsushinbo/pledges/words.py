"""When a pledge has which status, in the words that editors choose by and everybody reads (product rules, section 2)."""

from tsushinbo.pledges.models import Pledge

Status = Pledge.Status

WHEN = {
    Status.UNRATED: "根拠がまだありません。前の判定の根拠が成り立たなくなったときも、ここに戻します。",
    Status.PROPOSED: "公の場で提案したか、検討しています。",
    Status.STARTED: "正式な手続きが始まりました。法案や条例案の提出、予算の計上、会議の設置などです。",
    Status.STALLED: "1年間動きがないか、先送りが公表されました。",
    Status.PARTLY: "約束より明らかに少ないか遅いものの、約束した方向の成果が実際にあります。",
    Status.KEPT: "公約に合う正式な決定か成果があります。",
    Status.BROKEN: "成果のないまま期限か任期が終わったか、取りやめになりました。",
    Status.UNTESTABLE: "公約の文章からは判定できません。足りない項目を添えます。",
}
FLAGS_WHEN = {
    "overdue": ("期限超過", "公約に書かれた期限を過ぎています。"),
    "withdrawn": ("撤回を表明", "公約を掲げた人か党が、取り下げると公表しました。"),
}
