#include "inventory-service/partner_reports/report_row.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

// Keys of rows without a document of their own begin so; no encoded document does.
constexpr std::string_view kContentPrefix = "row~";

std::string ShortHash(std::string_view bytes) { return Hex(bytes.substr(0, 16)); }

// The document of a key by content: all that the content says, so that rows with one are equal.
std::string ContentDocument(std::string_view digest) { return StrCat(kContentPrefix, Hex(digest)); }

void Conflict(ReportRow& row, const ReportRow& other) {
  row.state = RowState::kRejected;
  const bool already = std::any_of(row.errors.begin(), row.errors.end(),
                                   [](const imports::RowError& e) { return e.reason == Reason::kRowConflict; });
  if (already) return;
  row.errors.push_back({.row = row.number,
                        .column = "document",
                        .got = StrCat(row.content->document, " line ", row.content->line),
                        .want = StrCat("a document and line that row ", other.number, " does not state otherwise"),
                        .reason = Reason::kRowConflict});
}

}  // namespace

std::string_view NameOf(RowState state) {
  switch (state) {
    case RowState::kAccepted:
      return "ACCEPTED";
    case RowState::kRepaired:
      return "REPAIRED";
    case RowState::kDuplicate:
      return "DUPLICATE";
    case RowState::kSuperseded:
      return "SUPERSEDED";
    case RowState::kRejected:
      return "REJECTED";
    case RowState::kDiscarded:
      return "DISCARDED";
  }
  return "STATE_UNSPECIFIED";
}

bool IsDocumentKey(const RowKey& key) { return !key.document.starts_with(kContentPrefix); }

std::string DigestOf(const RowContent& c) {
  return Sha256Of({NameOf(c.cell.activity), c.cell.site, c.cell.date.ToString(), NameOf(c.boundary), c.document,
                   StrCat(c.line), c.product, c.lot,
                   c.unit.empty() ? c.quantity.ToString() : StrCat(c.unit_quantity.ToString(), " ", c.unit),
                   c.unit_price.has_value() ? c.unit_price->ToString() : "", c.currency, c.region, c.end_customer,
                   StrCat(c.sale_type), c.original_sale})
      .substr(0, 16);
}

std::string DocumentSegment(std::string_view document) {
  if (IsDocumentSegment(document, kLongestSaleDocument) && !document.starts_with(kContentPrefix)) {
    return std::string(document);
  }
  std::string out;
  for (const char c : document) {
    if (absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-') {
      out += c;
    } else {
      StrAppend(&out, "~", absl::AsciiStrToUpper(absl::BytesToHexString(absl::string_view(&c, 1))));
    }
  }
  // "." and ".." cannot stand in a name.
  if (IsDocumentSegment(out, kLongestSaleDocument)) return out;
  return StrCat("doc~", ShortHash(Sha256(document)));
}

void AssignKeys(std::vector<ReportRow*> rows, const std::vector<const ReportRow*>& taken) {
  std::sort(rows.begin(), rows.end(), [](const ReportRow* a, const ReportRow* b) { return a->number < b->number; });
  std::map<std::string, int> ordinals;  // by digest: the last one given
  for (const ReportRow* row : taken) {
    if (IsDocumentKey(row->key)) continue;
    int& last = ordinals[row->digest];
    last = std::max(last, row->key.line);
  }
  for (ReportRow* row : rows) {
    const RowContent& content = *row->content;
    row->digest = DigestOf(content);
    row->key.activity = KeyActivityOf(content.cell.activity);
    if (!content.document.empty() && content.line > 0) {
      row->key.document = DocumentSegment(content.document);
      row->key.line = content.line;
    } else {
      row->key.document = ContentDocument(row->digest);
      row->key.line = ++ordinals[row->digest];
    }
  }
  std::map<RowKey, std::vector<const ReportRow*>> by_key;
  for (const ReportRow* row : taken) by_key[row->key].push_back(row);
  for (ReportRow* row : rows) by_key[row->key].push_back(row);
  for (ReportRow* row : rows) {
    for (const ReportRow* other : by_key[row->key]) {
      if (other->digest == row->digest) continue;
      Conflict(*row, *other);
      break;
    }
  }
}

absl::Status CheckRepairable(const ReportRow& row, std::string_view name, std::string_view verb) {
  if (row.state == RowState::kRejected) return absl::OkStatus();
  return WrongState(name, verb, NameOf(row.state), NameOf(RowState::kRejected));
}

absl::Status CheckRepairs(const std::vector<std::pair<std::string, std::string>>& repairs,
                          const std::set<std::string>& columns) {
  if (repairs.empty()) return InvalidField("cells", "nothing", "the cells to write over");
  std::set<std::string_view> repaired;
  for (size_t i = 0; i < repairs.size(); ++i) {
    const std::string& column = repairs[i].first;
    const std::string field = StrCat("cells[", i, "].column");
    if (!columns.contains(column))
      return InvalidField(field, column, StrCat("one of ", Printable(StrJoin(columns, ", "), 1000)));
    if (!repaired.insert(column).second) return InvalidField(field, column, "each column once");
  }
  return absl::OkStatus();
}

std::vector<std::pair<std::string, std::string>> Overwritten(
    std::vector<std::pair<std::string, std::string>> cells,
    const std::vector<std::pair<std::string, std::string>>& written) {
  for (const auto& [column, value] : written) {
    const auto at =
        std::find_if(cells.begin(), cells.end(), [&name = column](const auto& cell) { return cell.first == name; });
    if (at == cells.end()) {
      cells.emplace_back(column, value);
    } else {
      at->second = value;
    }
  }
  return cells;
}

std::vector<std::pair<std::string, std::string>> EffectiveCells(const ReportRow& row) {
  return Overwritten(row.cells, row.repairs);
}

}  // namespace tributary::inventory
