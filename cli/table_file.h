#pragma once

// A file of rows to be imported: CSV as it streams by, or whatever partners send (inventory-service/formats).

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/csv/csv_reader.h"

namespace tributary::cli {

struct TableOptions {
  std::string format;     // csv, xlsx, json, edi852, edi867; empty: by the end of the file's name, else csv
  std::string encoding;   // as the file is written, "auto" to find it out; empty: UTF-8
  std::string delimiter;  // of csv, one character; empty: a comma, with an encoding what the header has most of
  std::string sheet;      // of xlsx, its name or number; empty: the first one that is not hidden
};

class TableFile {
 public:
  virtual ~TableFile() = default;

  // NOT_FOUND where it cannot be read; INVALID_FIELD of what is wrong with it or with the options. UTF-8 CSV of any
  // size; of the others 64 MiB at most.
  static absl::StatusOr<std::unique_ptr<TableFile>> Open(const std::string& path, const TableOptions& options);

  // The header, then row by row, good or bad, in the file's order. False at the end, and where the file breaks off;
  // status() tells which.
  virtual bool Next(CsvRow* row) = 0;
  virtual const absl::Status& status() const = 0;
  // Of the file that was read.
  virtual int64_t percent() const = 0;
  const std::string& sha256() const { return sha256_; }  // of the file, hexadecimal

 private:
  std::string sha256_;
};

}  // namespace tributary::cli
