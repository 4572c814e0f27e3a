#pragma once

// For tests: a sheet as lines of text.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/sheet.h"

namespace tributary::inventory {

// "a|b" for the header, "2: x|#1.5" for a row (# before cells that are typed), "3 [b] got y, want z" for a problem; or
// the message of the error.
inline std::vector<std::string> Lines(const absl::StatusOr<Sheet>& sheet) {
  if (!sheet.ok()) return {std::string(sheet.status().message())};
  std::vector<std::string> lines = {StrJoin(sheet->columns, "|")};
  for (const SheetRow& row : sheet->rows) {
    std::string line = StrCat(row.number, ": ");
    for (size_t i = 0; i < row.cells.size(); ++i) {
      StrAppend(&line, i == 0 ? "" : "|", row.IsTyped(i) ? "#" : "", row.cells[i]);
    }
    lines.push_back(line);
  }
  for (const RowProblem& problem : sheet->problems) {
    lines.push_back(StrCat(problem.row, " [", problem.column, "] got ", problem.got, ", want ", problem.want));
  }
  return lines;
}

inline std::vector<std::string> Read(ReportFormat format, std::string_view bytes, const SheetOptions& options = {}) {
  return Lines(ReadSheet(format, bytes, options));
}

}  // namespace tributary::inventory
