#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite.h"
#include "cli/table_file.h"
#include "tributary/api/v1/import.pb.h"

namespace tributary::cli {

struct ImportOptions {
  std::string mappings = "cli/mappings";  // the folder of mappings
  std::string mapping;                    // "adventureworks_dw/shipments"
  std::string file;                       // its folder holds the look-up files
  TableOptions table;                     // how it is read
  std::string lookup_folder;              // instead of the file's own folder
  bool dry_run = false;
  int batch_rows = 1000;
  int callers = 4;
  std::function<void(int64_t rows, int64_t of_bytes_percent)> progress;  // called about every second; may be unset
};

struct ImportReport {
  std::string import_name;  // "imports/..."; empty for a dry run
  int64_t received = 0, accepted = 0, duplicate = 0, rejected = 0, skipped = 0;
  std::vector<api::v1::RowError> errors;  // by row; all of them
  double seconds = 0;
};

// Loads a file through a mapping: good rows are stored, bad ones reported. The same rows again change nothing.
absl::StatusOr<ImportReport> RunImport(Suite& suite, const ImportOptions& options);
// Takes an import back; the resource as it is then.
absl::StatusOr<api::v1::Import> UndoImport(Suite& suite, const std::string& service, const std::string& name);

}  // namespace tributary::cli
