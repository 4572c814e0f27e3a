// tributaryctl: the command line for people. Data on standard output, words on standard error. Exit codes: 0 done, 1
// refused or failed, 2 wrong usage, 3 done but for refused rows, 4 the suite cannot be reached.

#include <cstdlib>
#include <iostream>

#include "cli/commands/commands.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::cli {
namespace {

std::string FromEnvironment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  if (Std(status.message()).ends_with(kRowsRefused)) return 3;
  return status.code() == absl::StatusCode::kUnavailable ? 4 : 1;
}

int Main(int argc, char** argv) {
  spdlog::set_level(spdlog::level::warn);
  Context context;
  context.suite.var = FromEnvironment("TRIBUTARY_VAR", "var");
  context.mappings = FromEnvironment("TRIBUTARY_ROOT", ".") + "/cli/mappings";
  CLI::App app{"Tributary's command line"};
  app.require_subcommand(1);
  app.add_option("--var", context.suite.var, "The running suite's folder (TRIBUTARY_VAR)");
  app.add_option("--mappings", context.mappings, "Folder of the import mappings");
  app.add_option("-o,--output", context.format, "table, json or csv")->check(CLI::IsMember({"table", "json", "csv"}));
  app.add_option("--role", context.suite.role, "Role of the token made for the call");
  app.add_option("--partner", context.suite.partner, "Partner id of the token, with --role PARTNER_USER");
  app.add_option("--subject", context.suite.subject, "Principal of the token");
  app.add_option("--token", context.suite.token, "Use this token instead");
  app.fallthrough();
  AddKeys(app, context);
  AddResources(app, context);
  AddImport(app, context);
  AddReport(app, context);
  AddVerify(app, context);
  AddDemo(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? 0 : 2;
  }
  const absl::Status status = context.chosen();
  if (!status.ok()) {
    const Reason reason = ReasonOf(status);
    std::cerr << "tributaryctl: " << (reason == Reason::kUnspecified ? "" : StrCat(NameOf(reason), ": "))
              << Std(status.message()) << "\n";
  }
  return ExitCode(status);
}

}  // namespace

}  // namespace tributary::cli

int main(int argc, char** argv) { return tributary::cli::Main(argc, argv); }
