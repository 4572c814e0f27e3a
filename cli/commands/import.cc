#include <unistd.h>

#include <iostream>

#include "cli/commands/commands.h"
#include "cli/importer.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::cli {
namespace {

absl::Status Import(const Context& context, ImportOptions options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
  options.mappings = context.mappings;
  options.progress = [](int64_t rows, int64_t percent) {
    std::cerr << "  " << rows << " rows, " << percent << " % of the file\n";
  };
  ASSIGN_OR_RETURN(ImportReport report, RunImport(*suite, options));
  std::cerr << (options.dry_run ? "dry run: nothing was stored\n" : StrCat(report.import_name, "\n")) << report.received
            << " rows: " << report.accepted << " new, " << report.duplicate << " there already, " << report.rejected
            << " refused";
  if (report.skipped > 0) std::cerr << "; " << report.skipped << " left out by the mapping";
  std::cerr << "; " << static_cast<int64_t>(static_cast<double>(report.received) / std::max(report.seconds, 0.001))
            << " rows/s\n";
  if (!report.errors.empty()) {
    Table table({"row", "column", "got", "want", "reason"});
    for (const auto& error : report.errors) {
      table.Add({StrCat(error.row()), error.column(), error.got(), error.want(), error.reason()});
    }
    table.Print(std::cout, context.output());
  }
  return report.rejected == 0 ? absl::OkStatus() : RowsRefused(report.rejected);
}

}  // namespace

absl::Status RowsRefused(int64_t rows) { return absl::InvalidArgumentError(StrCat(rows, " ", kRowsRefused)); }

void AddImport(CLI::App& app, Context& context) {
  CLI::App* import =
      app.add_subcommand("import", "Load a file through a mapping; bad rows are printed, good ones loaded");
  auto options = std::make_shared<ImportOptions>();
  import->add_option("--mapping", options->mapping, "Such as adventureworks_dw/reseller_order_lines")->required();
  import->add_option("file", options->file, "The file; look-up files lie beside it")->required();
  import->add_option("--format", options->table.format, "How it is written; by the end of its name where not said")
      ->check(CLI::IsMember({"csv", "xlsx", "json", "edi852", "edi867"}));
  import->add_option("--encoding", options->table.encoding, "Such as GB18030, or auto to find it out; else UTF-8");
  import->add_option("--delimiter", options->table.delimiter, "Between cells of a CSV file");
  import->add_option("--sheet", options->table.sheet, "Of a workbook: its name or number");
  import->add_option("--lookups", options->lookup_folder, "Folder of the look-up files, where they lie elsewhere");
  import->add_flag("--dry-run", options->dry_run, "Check every row through the service, store nothing");
  import->add_option("--batch", options->batch_rows, "Rows a call")->check(CLI::Range(1, 1000));
  import->add_option("--callers", options->callers, "Calls at once")->check(CLI::Range(1, 64));
  import->callback([&context, options] { context.chosen = [&context, options] { return Import(context, *options);
};
}  // namespace tributary::cli
);

CLI::App* undo = app.add_subcommand("undo-import", "Take an import back: facts are reversed, resources deactivated");
auto service = std::make_shared<std::string>();
auto name = std::make_shared<std::string>();
undo->add_option("service", *service, "partner or inventory")
    ->required()
    ->check(CLI::IsMember({"partner", "inventory"}));
undo->add_option("name", *name, "imports/...")->required();
undo->callback([&context, service, name] {
  context.chosen = [&context, service, name]() -> absl::Status {
    ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
    ASSIGN_OR_RETURN(api::v1::Import import, UndoImport(*suite, *service, *name));
    std::cout << ToJson(import);
    return absl::OkStatus();
  };
});
}

}  // namespace tributary::cli
