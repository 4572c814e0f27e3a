#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

#include "cli/commands/commands.h"
#include "common/process/config.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/date.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/report_row.pb.h"

namespace tributary::cli {
namespace {

namespace v1 = inventory::v1;

struct ReportOptions {
  std::string partner, file, from, to, profile;
  std::vector<std::string> sites;
  int64_t revision = 0;
  bool append = false;
  bool dry_run = false;
};

absl::StatusOr<v1::CreatePartnerReportRequest> RequestOf(const ReportOptions& options) {
  v1::CreatePartnerReportRequest request;
  request.set_parent(StrCat("partners/", options.partner));
  request.set_request_id(NewRequestId());
  v1::PartnerReport& report = *request.mutable_partner_report();
  const auto from = Date::Parse(options.from);
  if (!from.ok()) return AtField(from.status(), "--from");
  const auto to = Date::Parse(options.to);
  if (!to.ok()) return AtField(to.status(), "--to");
  *report.mutable_coverage()->mutable_from_date() = wire::ToProto(*from);
  *report.mutable_coverage()->mutable_to_date() = wire::ToProto(*to);
  for (const std::string& site : options.sites) {
    report.mutable_coverage()->add_sites(StrCat("partners/", options.partner, "/sites/", site));
  }
  if (!options.profile.empty()) {
    report.set_profile(StrCat("partners/", options.partner, "/reportProfiles/", options.profile));
  }
  report.set_mode(options.append ? v1::PartnerReport::APPEND : v1::PartnerReport::SNAPSHOT);
  report.set_revision(options.revision);
  return request;
}

void PrintCounts(const v1::PartnerReport& report) {
  const auto& counts = report.counts();
  std::cerr << counts.received() << " rows: " << counts.accepted() << " accepted, " << counts.repaired()
            << " repaired, " << counts.rejected() << " rejected, " << counts.duplicate() << " there already, "
            << counts.superseded() << " superseded\n";
  if (report.disagreements() > 0) {
    std::cerr << report.disagreements() << " cells in which another report of the same revision tells otherwise\n";
  }
}

void AddError(const api::v1::RowError& error, Table* table) {
  table->Add({StrCat(error.row()), error.column(), error.got(), error.want(), error.reason()});
}

absl::Status DryRun(Suite& suite, const v1::CreatePartnerReportRequest& request, const Context& context) {
  v1::DryRunPartnerReportRequest dry;
  dry.set_parent(request.parent());
  *dry.mutable_partner_report() = request.partner_report();
  dry.set_content(request.content());
  dry.set_request_id(request.request_id());
  ASSIGN_OR_RETURN(const auto answer, suite.inventory().Call<v1::DryRunPartnerReportResponse>(
                                          "tributary.inventory.v1.PartnerReportService/DryRunPartnerReport", dry,
                                          {.timeout = absl::Minutes(2)}));
  std::cerr << "dry run: nothing was stored\n";
  PrintCounts(answer.partner_report());
  Table table({"row", "column", "got", "want", "reason"});
  for (const auto& error : answer.errors()) AddError(error, &table);
  table.Print(std::cout, context.output());
  return answer.partner_report().counts().rejected() == 0 ? absl::OkStatus()
                                                          : RowsRefused(answer.partner_report().counts().rejected());
}

absl::Status Upload(const Context& context, const ReportOptions& options, bool zero) {
  ASSIGN_OR_RETURN(auto request, RequestOf(options));
  request.mutable_partner_report()->set_zero_report(zero);
  if (!zero) {
    ASSIGN_OR_RETURN(*request.mutable_content(), process::ReadFile(options.file));
    request.mutable_partner_report()->set_file(std::filesystem::path(options.file).filename());
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
  if (options.dry_run) return DryRun(*suite, request, context);
  ASSIGN_OR_RETURN(const auto report, suite->inventory().Call<v1::PartnerReport>(
                                          "tributary.inventory.v1.PartnerReportService/CreatePartnerReport", request,
                                          {.timeout = absl::Minutes(2)}));
  std::cerr << report.name() << "\n";
  PrintCounts(report);
  if (report.counts().rejected() == 0) return absl::OkStatus();
  v1::ListReportRowsRequest list;
  list.set_parent(report.name());
  list.set_filter("state = REJECTED");
  list.set_page_size(100);
  ASSIGN_OR_RETURN(const auto rows,
                   suite->inventory().Call<v1::ListReportRowsResponse>(
                       "tributary.inventory.v1.ReportRowService/ListReportRows", list, {.timeout = absl::Seconds(30)}));
  Table table({"row", "column", "got", "want", "reason"});
  for (const auto& row : rows.report_rows()) {
    for (const auto& error : row.errors()) AddError(error, &table);
  }
  table.Print(std::cout, context.output());
  return RowsRefused(report.counts().rejected());
}

// What both commands ask for.
void AddCoverage(CLI::App* command, const std::shared_ptr<ReportOptions>& options) {
  command->add_option("--partner-id", options->partner, "Whose report it is")->required();
  command->add_option("--from", options->from, "The first day that it covers, YYYY-MM-DD")->required();
  command->add_option("--to", options->to, "The last day that it covers")->required();
  command->add_option("--site", options->sites, "A site that it covers; all where none is named");
  command->add_option("--profile", options->profile, "How it is read; the partner's default where not named");
  command->add_option("--revision", options->revision, "The partner's number of this state of the file");
  command->add_flag("--dry-run", options->dry_run, "Say what would become of it, store nothing");
}

// "quantity=3" -> the cell.
absl::Status Repair(const Context& context, const std::string& row, const std::vector<std::string>& cells) {
  v1::RepairReportRowRequest request;
  request.set_name(row);
  request.set_request_id(NewRequestId());
  for (const std::string& cell : cells) {
    const size_t equals = cell.find('=');
    if (equals == std::string::npos) return InvalidField("cell", cell, "column=value");
    request.add_cells()->set_column(cell.substr(0, equals));
    request.mutable_cells(request.cells_size() - 1)->set_value(cell.substr(equals + 1));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
  ASSIGN_OR_RETURN(const auto repaired,
                   suite->inventory().Call<v1::ReportRow>("tributary.inventory.v1.ReportRowService/RepairReportRow",
                                                          request, {.timeout = absl::Seconds(30)}));
  std::cout << ToJson(repaired);
  return repaired.state() == v1::ReportRow::REJECTED ? RowsRefused(1) : absl::OkStatus();
}

absl::Status Retry(const Context& context, const std::string& report) {
  v1::RetryReportRowsRequest request;
  request.set_parent(report);
  request.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
  ASSIGN_OR_RETURN(const auto retried, suite->inventory().Call<v1::RetryReportRowsResponse>(
                                           "tributary.inventory.v1.ReportRowService/RetryReportRows", request,
                                           {.timeout = absl::Minutes(2)}));
  std::cerr << retried.retried() << " rows read again, " << retried.rejected() << " still rejected\n";
  return retried.rejected() == 0 ? absl::OkStatus() : RowsRefused(retried.rejected());
}

}  // namespace

void AddReport(CLI::App& app, Context& context) {
  CLI::App* report = app.add_subcommand("report", "Partners' files of sales and stock");
  report->require_subcommand(1);
  CLI::App* upload =
      report->add_subcommand("upload", "Take a file in; good rows go in, bad ones are printed and wait to be repaired");
  auto options = std::make_shared<ReportOptions>();
  AddCoverage(upload, options);
  upload->add_option("file", options->file, "CSV, XLSX, JSON or EDI, as the profile says")->required();
  upload->add_flag("--append", options->append,
                   "Add to what was reported; without it the file replaces what it covers");
  upload->callback(
      [&context, options] { context.chosen = [&context, options] { return Upload(context, *options, false); }; });

  CLI::App* zero = report->add_subcommand("zero", "Say that there is nothing to tell of these days");
  auto nothing = std::make_shared<ReportOptions>();
  AddCoverage(zero, nothing);
  zero->callback(
      [&context, nothing] { context.chosen = [&context, nothing] { return Upload(context, *nothing, true); }; });

  CLI::App* repair = report->add_subcommand("repair", "Write over cells of a rejected row and read it again");
  auto row = std::make_shared<std::string>();
  auto cells = std::make_shared<std::vector<std::string>>();
  repair->add_option("row", *row, "partners/.../reports/.../rows/...")->required();
  repair->add_option("cells", *cells, "column=value, as in the file")->required();
  repair->callback(
      [&context, row, cells] { context.chosen = [&context, row, cells] { return Repair(context, *row, *cells); }; });

  CLI::App* retry = report->add_subcommand("retry", "Read all rejected rows of a report again");
  auto name = std::make_shared<std::string>();
  retry->add_option("report", *name, "partners/.../reports/...")->required();
  retry->callback([&context, name] { context.chosen = [&context, name] { return Retry(context, *name); }; });
}

}  // namespace tributary::cli
