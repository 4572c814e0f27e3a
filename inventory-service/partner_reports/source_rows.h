#pragma once

// The rows of a report as its source has them: a file, or a stream. Not read yet; values and decisions.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "inventory-service/partner_reports/report_row.h"

namespace tributary::inventory {

// Bytes of the cells of a stream and of their columns' names; a file has less (kMostBytes), for it comes in one
// message.
inline constexpr size_t kMostStreamBytes = 16 * 1024 * 1024;
// Bytes of one cell, as of a file's.
inline constexpr size_t kMostCellBytes = 32 * 1024;

struct SourceRows {
  std::vector<ReportRow>
      rows;  // REJECTED where they could not be taken from the source, else yet to be read; by number
  std::string encoding;
};

// With their numbers and states: REJECTED where they have errors.
std::vector<ReportRow> RowsByNumber(std::map<int64_t, ReportRow> rows);

// Gathers the rows of a stream, whatever order they come in.
class StreamedRows {
 public:
  using Cells = std::vector<std::pair<std::string, std::string>>;  // column, value

  // INVALID_FIELD at "row": no number, or that of another row; at "cells": more than a stream may have in all.
  // PAYLOAD_TOO_LARGE where it has too many rows. Cells without a value are none, and a row without any is no row. What
  // else is wrong with a row is its error, and it waits in the workbench: a column that is named twice or has no name,
  // a cell that is too large.
  absl::Status Add(int64_t number, Cells cells);
  bool empty() const { return rows_.empty(); }
  size_t count() const { return rows_.size(); }
  int64_t bytes() const { return static_cast<int64_t>(bytes_); }
  // 32 bytes: equal for equal rows, whatever the order of their cells.
  std::string Sha256() const;
  SourceRows Rows() const;

 private:
  std::map<int64_t, Cells> rows_;
  size_t bytes_ = 0;
};

}  // namespace tributary::inventory
