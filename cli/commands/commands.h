#pragma once

// The commands of tributaryctl: each adds itself to the command line and, when chosen, says what to do.

#include <functional>
#include <string>
#include <string_view>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/output.h"
#include "cli/suite.h"

namespace tributary::cli {

// What commands share: where the suite is, who asks, how answers look.
struct Context {
  SuiteOptions suite;
  std::string format = "table";
  std::string mappings;
  std::function<absl::Status()> chosen;  // set by the command that was named

  Format output() const { return format == "json" ? Format::kJson : format == "csv" ? Format::kCsv : Format::kTable; }
};

// Some rows of the input were refused; the rest was done. Exit code 3.
inline constexpr std::string_view kRowsRefused = "rows were refused";  // how its message ends
absl::Status RowsRefused(int64_t rows);

void AddKeys(CLI::App& app, Context& context);       // keys, token
void AddResources(CLI::App& app, Context& context);  // get, list, call
void AddImport(CLI::App& app, Context& context);     // import, undo-import
void AddReport(CLI::App& app, Context& context);     // report
void AddVerify(CLI::App& app, Context& context);     // verify, export
void AddDemo(CLI::App& app, Context& context);       // demo, sample

}  // namespace tributary::cli
