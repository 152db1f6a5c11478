"""The import log of an export is recognised and changes nothing."""

from __future__ import annotations

from tests.importers.reading import read_file

HEAD = "batch,kind,format,file_name,sha256,revision,undone_revision"


def test_log_is_recognised_and_gives_no_rows() -> None:
    found = read_file("imports.csv", f"{HEAD},added\n1,file,meta_posts,a.csv,00,1,,5\n")
    assert (found.format, found.rows, found.refused) == ("imports", {}, [])
    assert found.findings.notes == ["匯入紀錄由系統自己記，這個檔案不需匯入，沒有任何變更。"]
