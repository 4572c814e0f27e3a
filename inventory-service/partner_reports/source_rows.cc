#include "inventory-service/partner_reports/source_rows.h"

#include <algorithm>
#include <string_view>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/cells.h"
#include "inventory-service/partner_reports/packed_texts.h"

namespace tributary::inventory {
namespace {

StreamedRows::Cells ByColumn(StreamedRows::Cells cells) {
  std::sort(cells.begin(), cells.end());
  return cells;
}

std::vector<imports::RowError> ProblemsOf(int64_t number, const StreamedRows::Cells& stated) {
  const StreamedRows::Cells cells = ByColumn(stated);
  std::vector<imports::RowError> errors;
  const auto refuse = [&](std::string_view column, std::string got, std::string want) {
    errors.push_back({.row = number, .column = std::string(column), .got = std::move(got), .want = std::move(want)});
  };
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto& [column, value] = cells[i];
    if (column.empty()) refuse("", StrCat(Printable(value, 60), " in a column without a name"), "a column's name");
    if (column.size() > kMostCellBytes || value.size() > kMostCellBytes) {
      refuse(Printable(column, 60), StrCat(column.size() + value.size(), " bytes"), StrCat("at most ", kMostCellBytes));
    }
    if (i > 0 && !column.empty() && column == cells[i - 1].first) {
      refuse(Printable(column, 60), StrCat(Printable(cells[i - 1].second, 60), " and ", Printable(value, 60)),
             "one value");
    }
  }
  return errors;
}

}  // namespace

std::vector<ReportRow> RowsByNumber(std::map<int64_t, ReportRow> rows) {
  std::vector<ReportRow> out;
  out.reserve(rows.size());
  for (auto& [number, row] : rows) {
    row.number = number;
    row.state = row.errors.empty() ? RowState::kAccepted : RowState::kRejected;
    out.push_back(std::move(row));
  }
  return out;
}

absl::Status StreamedRows::Add(int64_t number, Cells cells) {
  if (number < 1) return InvalidField("row", StrCat(number), "the row's number in its source, from 1");
  for (auto& [column, value] : cells) column = std::string(TrimCell(column));
  std::erase_if(cells, [](const auto& cell) { return cell.second.empty(); });
  const bool blank =
      std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return TrimCell(cell.second).empty(); });
  if (blank) return absl::OkStatus();
  if (rows_.size() >= static_cast<size_t>(kMostRows)) {
    return Error(Reason::kPayloadTooLarge, StrCat("rows: got more than ", kMostRows, ", want them in several reports"));
  }
  size_t bytes = 0;
  for (const auto& [column, value] : cells) bytes += column.size() + value.size();
  if (bytes_ + bytes > kMostStreamBytes) {
    return InvalidField("cells", StrCat("more than ", kMostStreamBytes, " bytes in all rows"), "less");
  }
  if (!rows_.emplace(number, std::move(cells)).second) {
    return InvalidField("row", StrCat(number), "a number that no other row of the stream has");
  }
  bytes_ += bytes;
  return absl::OkStatus();
}

std::string StreamedRows::Sha256() const {
  std::string packed;
  for (const auto& [number, cells] : rows_) {
    const std::string name = StrCat(number);
    const Cells sorted = ByColumn(cells);
    std::vector<std::string_view> texts = {name};
    for (const auto& [column, value] : sorted) {
      texts.push_back(column);
      texts.push_back(value);
    }
    // Each row as one text, so that its cells are not taken for the next one's number.
    packed += PackTexts({PackTexts(texts)});
  }
  return tributary::Sha256(packed);
}

SourceRows StreamedRows::Rows() const {
  std::map<int64_t, ReportRow> rows;
  for (const auto& [number, cells] : rows_) {
    ReportRow& row = rows[number];
    row.errors = ProblemsOf(number, cells);
    // As of a file: what does not tell its cells apart is written by hand.
    if (row.errors.empty()) row.cells = cells;
  }
  return {.rows = RowsByNumber(std::move(rows)), .encoding = "UTF-8"};
}

}  // namespace tributary::inventory
