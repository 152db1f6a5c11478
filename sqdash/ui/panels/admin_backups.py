"""備份與還原: what there is, whether it restores, how much could be lost; making one, putting one back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from sqdash import periods
from sqdash.jobs import backup, backup_folder, backup_manifest, backup_state, restore_test, restoring
from sqdash.jobs.backup_folder import Backup, Places
from sqdash.people import Action
from sqdash.ui import blocks, choices, refusals, tables, who
from sqdash.ui.forms import done, round_
from sqdash.ui.frame import Screen

WORD = "還原"
"""What must be typed before a restore begins."""
_CHOSEN = "restore_looked_at"
_BEFORE = "現在的資料庫會先備份，需要時可以再還原回來"
_BEFORE_RESCUE = "損壞的檔案會移到旁邊，不會刪除"


def could_be_lost(screen: Screen) -> None:
    """One line: how much could be lost if the store broke now."""
    loss = backup_state.could_be_lost(screen.store)
    if not loss.good:
        st.warning(tables.plain(f"該備份了：{loss.sentence}"), icon=":material/warning:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if loss.newest or not loss.since or not loss.needed:
            word = "備份正常" if loss.newest or loss.needed else "不必備份"
            st.badge(f"✓ {word}", color="green")
        else:  # so new that the first one is not late yet
            st.badge("◔ 等候第一份備份", color="blue")
        st.caption(tables.plain(loss.sentence), width="stretch")


def show(screen: Screen) -> None:
    """The whole panel."""
    places = backup_folder.places(screen.store)
    found = backup_folder.listed(places.first)
    could_be_lost(screen)
    _state(screen.store, places)
    with st.container(horizontal=True):
        if st.button("立即備份", type="primary", icon=":material/save:", key=f"backup_now_{round_()}"):
            _attempt(lambda: _back_up(screen.store))
        if found and st.button("測試最新的備份", icon=":material/fact_check:", key=f"backup_test_{round_()}"):
            _attempt(lambda: _test(screen.store))
    blocks.section("現有的備份")
    _list(screen.store, found, places)
    if found:
        blocks.section("還原")
        _restore(screen.store, found, _BEFORE)


def rescue(store: Path) -> None:
    """What is left of the panel where the store is damaged: its backups, and putting one back."""
    places = backup_folder.places(store)
    found = backup_folder.listed(places.first)
    _state(store, places)
    blocks.section("現有的備份")
    _list(store, found, places)
    if found:
        blocks.section("還原")
        _restore(store, found, _BEFORE_RESCUE)


def _state(store: Path, places: Places) -> None:
    tested, second = backup_state.tested(places.first, store), backup_state.second(places.first, store)
    lines = [f"備份資料夾：{places.first}"]
    if tested is None:
        lines.append("還原測試：還沒有做過")
    else:
        mark = "✔ 通過" if tested.good else "✖ 未通過"
        lines.append(f"還原測試：{mark}（{periods.roc_moment(tested.at)}）{tested.found}")
    if places.second is None:
        lines.append("第二份：沒有設定（SQDASH_BACKUP_COPY 可指定另一個磁碟或網路資料夾）")
    elif second is None:
        lines.append(f"第二份：還沒有寫入「{places.second}」")
    else:
        mark = "✔ 完成" if second.good else "✖ 未完成"
        lines.append(f"第二份：{mark}（{periods.roc_moment(second.at)}）{second.found}")
        if second.good and backup_state.of_one_disk(store, places.second):
            lines.append("第二份和資料庫在同一個磁碟：請確認網路資料夾已經掛上，或改到另一個磁碟")
    for line in lines:
        st.markdown(f"- {tables.plain(line)}")


def _list(store: Path, found: Sequence[Backup], places: Places) -> None:
    copies = {one.name for one in backup_folder.listed(places.second)} if places.second and not places.one else set()
    tested = backup_state.tested(places.first, store)
    tables.show(
        [
            {
                "時間": periods.roc_moment(one.manifest.moment),
                "原因與經手": f"{backup_manifest.WHYS[one.manifest.why]}（{one.manifest.by}）",
                "修訂": f"{one.manifest.revision:,}",
                "大小": f"{one.manifest.size / 1e6:,.1f} MB",
                "檢查": f"{_checked(one, tested)}{'、有第二份' if one.name in copies else ''}",
            }
            for one in found
        ],
        right=("修訂", "大小"),
        whole=("時間", "大小"),
        alt="每個備份的時間、原因與經手、修訂、大小，檢查結果與有沒有第二份",
        empty="還沒有備份。",
    )
    for name in backup_folder.broken(places.first):
        st.warning(tables.plain(f"「{name}」不完整，不能還原，也不會自動刪除。"), icon=":material/warning:")
    st.caption(
        "每小時最新的一份留 24 小時，每日的留 30 天，每月的留 12 個月；手動的至少留 24 小時，升級與還原前的留 30 天。"
        "備份不含權杖、密碼與設定檔，請另外保管。"
    )


def _checked(one: Backup, tested: backup_state.Noted | None) -> str:
    """Every backup was proved as it was made; one was also restored as a test."""
    if tested and tested.backup == one.name:
        return "✔ 還原過" if tested.good else "✖ 還原不成"
    return "✔ 完好"


def _restore(store: Path, found: Sequence[Backup], before: str) -> None:
    """Two steps: the chosen backup is proved, then a word and a reason are typed. ``before`` says what becomes of what
    stands."""
    by_name = {one.name: one for one in found}
    name = choices.optional(
        "要還原哪一個備份",
        {one.name: _label(one) for one in found},
        placeholder="請選擇備份",
        key=f"restore_name_{round_()}",
    )
    if name is None:
        return
    if st.button("先檢查這個備份", key=f"restore_look_{round_()}"):
        st.session_state.pop(_CHOSEN, None)
        _attempt(lambda: _look(store, by_name[name]))
    if st.session_state.get(_CHOSEN) == name:
        _confirm(store, by_name[name], before)


def _label(one: Backup) -> str:
    m = one.manifest
    return f"{periods.roc_moment(m.moment)}　{backup_manifest.WHYS[m.why]}　修訂 {m.revision:,}"


def _look(store: Path, chosen: Backup) -> None:
    looked = restoring.restore(store, chosen.folder, by=who.acting(Action.BACKUPS), reason="檢查備份", dry_run=True)
    st.session_state[_CHOSEN] = chosen.name
    st.success(tables.plain(looked.sentence), icon=":material/check_circle:")


def _confirm(store: Path, chosen: Backup, before: str) -> None:
    at = periods.roc_moment(chosen.manifest.moment)
    st.warning(
        tables.plain(f"還原後，{at} 之後的變更都不在畫面上；{before}。所有人須重新登入。"),
        icon=":material/warning:",
    )
    with st.form(key=f"restore_{round_()}", border=False):
        typed = st.text_input(f"請輸入「{WORD}」兩字確認", key=f"restore_word_{round_()}")
        reason = st.text_input("原因（必填）", key=f"restore_reason_{round_()}", placeholder="例如：匯入錯誤的資料")
        if st.form_submit_button("還原這個備份"):
            if typed.strip() != WORD:
                st.error(f"請在確認欄輸入「{WORD}」兩字；資料庫沒有變更。")
                return
            _attempt(lambda: _put_back(store, chosen, reason))


def _put_back(store: Path, chosen: Backup, reason: str) -> None:
    restored = restoring.restore(store, chosen.folder, by=who.acting(Action.BACKUPS), reason=reason)
    st.session_state.pop(_CHOSEN, None)
    done(tables.plain(" ".join([restored.sentence, *restored.notes])))


def _back_up(store: Path) -> None:
    made = backup.make(store, why="hand", by=who.acting(Action.BACKUPS))
    second = f"第二份沒有完成：{made.second}" if made.second else ""
    done(tables.plain(f"已備份（修訂 {made.backup.manifest.revision:,}）。{second}"))


def _test(store: Path) -> None:
    who.acting(Action.BACKUPS)
    tested = restore_test.run(store)
    done(tables.plain(tested.found))


def _attempt(job: Callable[[], None]) -> None:
    with st.spinner("處理中…"), refusals.told():
        job()
