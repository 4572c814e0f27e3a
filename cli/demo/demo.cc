#include "cli/demo/demo.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <thread>
#include <vector>

#include "cli/importer.h"
#include "cli/mapping/mapping.h"
#include "cli/resources.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/direct_sale.pb.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::cli {
namespace {

// The job's steps in their order.
struct Step {
  std::string key;
  std::string words;
  std::function<absl::Status()> body;
};

// Runs one step, tells what it is and how long it took.
absl::Status RunStep(DemoRun& run, const Step& step, double* total) {
  std::fprintf(stderr, "%s\n", step.words.c_str());
  const absl::Time start = absl::Now();
  absl::Status status = step.body();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  *total += seconds;
  run.summary["seconds"][step.key] = std::round(seconds * 1000) / 1000;
  return status.ok() ? status : Annotate(status, step.words);
}

absl::Status Import(DemoRun& run, const std::string& mapping) {
  ImportOptions options;
  options.mappings = run.options.mappings;
  options.mapping = StrCat(run.manifest.dataset, "/", mapping);
  ASSIGN_OR_RETURN(Mapping read, ReadMapping(StrCat(options.mappings, "/", options.mapping, ".yaml"), options.mapping));
  options.file = StrCat(run.options.data, "/", read.file);
  Progress progress(mapping);
  options.progress = [&](int64_t rows, int64_t percent) { progress.Tell(StrCat(rows, " rows, ", percent, " %")); };
  ASSIGN_OR_RETURN(ImportReport report, RunImport(run.suite, options));
  std::fprintf(stderr, "  %s: %lld rows, %lld new, %lld there already, %lld refused, %.0f rows/s\n", mapping.c_str(),
               static_cast<long long>(report.received), static_cast<long long>(report.accepted),
               static_cast<long long>(report.duplicate), static_cast<long long>(report.rejected),
               static_cast<double>(report.received) / std::max(report.seconds, 0.001));
  if (report.errors.empty()) return absl::OkStatus();
  const api::v1::RowError& error = report.errors.front();
  return absl::InvalidArgumentError(
      StrCat(mapping, ", row ", error.row(), ", ", error.column(), ": got '", error.got(), "', want ", error.want()));
}

std::vector<Step> StepsOf(DemoRun& run) {
  std::vector<Step> steps;
  const auto import = [&](const std::string& mapping) {
    steps.push_back(
        {StrCat("import_", mapping), StrCat("Import ", mapping), [&run, mapping] { return Import(run, mapping); }});
  };
  for (const std::string& mapping : run.manifest.reference_imports) import(mapping);
  steps.push_back({"onboard", "Screen, approve, sign, grant, activate", [&run] { return OnboardPartners(run); }});
  steps.push_back({"program", "Activate the rebate program", [&run] { return CreateProgram(run); }});
  for (const std::string& mapping : run.manifest.fact_imports) import(mapping);
  steps.push_back(
      {"accrue", "Wait until every line has accrued", [&run] { return WaitForFeed(run, "incentive", "inventory"); }});
  steps.push_back({"close", "Close every quarter that has ended", [&run] { return ClosePeriods(run); }});
  steps.push_back({"simulate", "Simulate the same program as retroactive", [&run] { return Simulate(run); }});
  steps.push_back({"verify", "Verify every statement from its explanation", [&run] { return VerifyStatements(run); }});
  steps.push_back({"totals", "Read the totals, check the ledger", [&run] { return ReadTotals(run); }});
  steps.push_back({"conflicts", "Inject three conflicts and find them", [&run]() -> absl::Status {
                     RETURN_IF_ERROR(CountFindings(run, "conflicts_found_before"));
                     RETURN_IF_ERROR(InjectConflicts(run));
                     return CountFindings(run, "conflicts_found");
                   }});
  return steps;
}

void PrintReport(const nlohmann::ordered_json& s) {
  const auto text = [&s](const char* key) { return s[key].is_string() ? s[key].get<std::string>() : s[key].dump(); };
  std::cout << "\n"
            << "Partners active      " << text("partners_active") << "\n"
            << "Sell-in              " << text("sell_in_lines") << " lines, " << text("sell_in_units") << " units, net "
            << text("sell_in_net_amount") << "\n"
            << "Direct sales         " << text("direct_lines") << " lines, outside every sell-in figure\n"
            << "Ledger               " << (s["ledger_balanced"].get<bool>() ? "balanced" : "NOT BALANCED") << "\n"
            << "Statements           " << text("statements") << ", of them verified " << text("verified_statements")
            << "\n"
            << "Rebate, marginal     " << text("rebate_total_marginal") << "\n"
            << "Rebate, retroactive  " << text("rebate_total_retroactive") << " (simulated, not stated)\n"
            << "Conflicts            before the injection " << s["conflicts_found_before"].dump() << "\n"
            << "                     after it " << s["conflicts_found"].dump() << "\n";
}

}  // namespace

absl::Status WaitForFeed(DemoRun& run, const std::string& consumer, const std::string& feed) {
  const auto client = [&](const std::string& name) -> rpc::Client& {
    return name == "partner"     ? run.suite.partner()
           : name == "inventory" ? run.suite.inventory()
           : name == "incentive" ? run.suite.incentive()
                                 : run.suite.conflict();
  };
  ASSIGN_OR_RETURN(events::v1::FeedHead head,
                   client(feed).Call<events::v1::FeedHead>("tributary.events.v1.FeedService/GetFeedHead",
                                                           events::v1::GetFeedHeadRequest()));
  Progress progress(StrCat(consumer, " follows ", feed));
  const absl::Time deadline = absl::Now() + absl::Minutes(5);
  while (absl::Now() < deadline) {
    ASSIGN_OR_RETURN(
        events::v1::ListConsumerPositionsResponse positions,
        client(consumer).Call<events::v1::ListConsumerPositionsResponse>(
            "tributary.events.v1.FeedService/ListConsumerPositions", events::v1::ListConsumerPositionsRequest()));
    int64_t behind = 0;
    bool known = false;
    for (const auto& position : positions.positions()) {
      if (position.feed() != feed) continue;
      known = true;
      if (position.parked() > 0) {
        return absl::InternalError(StrCat(consumer, " has parked ", position.parked(), " events of ", feed));
      }
      std::map<int, int64_t> applied;
      for (const auto& cursor : position.cursors()) applied[cursor.shard()] = cursor.seq();
      for (const auto& cursor : head.cursors()) behind += std::max<int64_t>(0, cursor.seq() - applied[cursor.shard()]);
    }
    if (known && behind == 0) return absl::OkStatus();
    progress.Tell(StrCat(behind, " events behind"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return absl::DeadlineExceededError(StrCat(consumer, " has not consumed ", feed, " within 5 minutes"));
}

absl::Status ReadTotals(DemoRun& run) {
  partner::v1::ListPartnersRequest partners;
  partners.set_filter("state = ACTIVE");
  int64_t active = 0;
  RETURN_IF_ERROR(ListAll<partner::v1::ListPartnersResponse>(
      run.suite.partner(), "tributary.partner.v1.PartnerService/ListPartners", partners,
      [&](const partner::v1::ListPartnersResponse& page) { active += page.partners_size(); }));
  inventory::v1::GetSellInTotalsRequest request;
  request.set_parent("partners/-");
  ASSIGN_OR_RETURN(inventory::v1::SellInTotals sell_in, run.suite.inventory().Call<inventory::v1::SellInTotals>(
                                                            "tributary.inventory.v1.ShipmentService/GetSellInTotals",
                                                            request, {.timeout = absl::Minutes(1)}));
  ASSIGN_OR_RETURN(inventory::v1::DirectSaleTotals direct,
                   run.suite.inventory().Call<inventory::v1::DirectSaleTotals>(
                       "tributary.inventory.v1.DirectSaleService/GetDirectSaleTotals",
                       inventory::v1::GetDirectSaleTotalsRequest(), {.timeout = absl::Minutes(1)}));
  ASSIGN_OR_RETURN(inventory::v1::LedgerBalance balance,
                   run.suite.inventory().Call<inventory::v1::LedgerBalance>(
                       "tributary.inventory.v1.LedgerService/CheckLedger", inventory::v1::CheckLedgerRequest(),
                       {.timeout = absl::Minutes(1)}));
  if (sell_in.net_amounts_size() != 1) return absl::InternalError("want sell-in in one currency");
  ASSIGN_OR_RETURN(Money net, wire::FromProto(sell_in.net_amounts(0)));
  ASSIGN_OR_RETURN(Decimal units, wire::FromProto(sell_in.units()));
  run.summary["partners_active"] = active;
  run.summary["sell_in_lines"] = sell_in.lines();
  run.summary["sell_in_units"] = static_cast<int64_t>(units.micros() / Decimal::kUnit);
  if (units.scale() > 0) run.summary["sell_in_units"] = units.ToString();
  run.summary["sell_in_net_amount"] = net.amount.ToString();
  run.summary["direct_lines"] = direct.lines();
  run.summary["ledger_balanced"] = balance.balanced();
  return absl::OkStatus();
}

absl::Status RunDemo(Suite& suite, const DemoOptions& options) {
  ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(options.mappings, options.dataset));
  DemoRun run{.suite = suite, .options = options, .manifest = manifest};
  run.summary = {{"dataset", manifest.dataset},
                 {"partners_active", 0},
                 {"sell_in_lines", 0},
                 {"sell_in_units", 0},
                 {"sell_in_net_amount", ""},
                 {"direct_lines", 0},
                 {"statements", 0},
                 {"rebate_total_marginal", ""},
                 {"rebate_total_retroactive", ""},
                 {"verified_statements", 0},
                 {"conflicts_found", nullptr},
                 {"conflicts_found_before", nullptr},
                 {"ledger_balanced", false}};
  run.summary["seconds"] = nlohmann::ordered_json::object();
  const std::vector<Step> steps = StepsOf(run);
  if (!options.stop_after.empty() &&
      std::none_of(steps.begin(), steps.end(), [&](const Step& step) { return step.key == options.stop_after; })) {
    std::vector<std::string> known;
    for (const Step& step : steps) known.push_back(step.key);
    return absl::InvalidArgumentError(
        StrCat("--stop-after: got '", options.stop_after, "', want one of ", StrJoin(known, " ")));
  }
  double total = 0;
  for (const Step& step : steps) {
    RETURN_IF_ERROR(RunStep(run, step, &total));
    if (step.key == options.stop_after) return absl::OkStatus();
  }
  run.summary["seconds"]["total"] = std::round(total * 1000) / 1000;

  PrintReport(run.summary);
  if (!options.summary.empty()) {
    std::ofstream file(options.summary);
    file << run.summary.dump(2) << "\n";
    file.close();
    if (!file) return absl::UnavailableError(StrCat("cannot write ", options.summary));
    std::cout << "Summary              " << options.summary << "\n";
  }
  return absl::OkStatus();
}

}  // namespace tributary::cli
