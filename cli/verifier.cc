#include "cli/verifier.h"

#include <map>
#include <mutex>
#include <unordered_map>

#include "cli/parallel.h"
#include "cli/resources.h"
#include "cli/verify/verify.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::cli {
namespace {

using FactsByName = std::unordered_map<std::string, inventory::v1::ShipmentLine>;

absl::StatusOr<FactsByName> FactsOf(Suite& suite, const std::string& partner) {
  FactsByName facts;
  inventory::v1::ListShipmentsRequest request;
  request.set_parent(StrCat("partners/", partner));
  RETURN_IF_ERROR(ListAll<inventory::v1::ListShipmentsResponse>(
      suite.inventory(), "tributary.inventory.v1.ShipmentService/ListShipments", request,
      [&](const inventory::v1::ListShipmentsResponse& page) {
        for (const auto& shipment : page.shipments()) {
          for (const auto& line : shipment.lines()) facts.emplace(line.name(), line);
        }
      }));
  return facts;
}

absl::StatusOr<std::vector<incentive::v1::StatementLine>> LinesOf(Suite& suite, const std::string& statement) {
  std::vector<incentive::v1::StatementLine> lines;
  incentive::v1::ListStatementLinesRequest request;
  request.set_parent(statement);
  RETURN_IF_ERROR(ListAll<incentive::v1::ListStatementLinesResponse>(
      suite.incentive(), "tributary.incentive.v1.StatementService/ListStatementLines", request,
      [&](const incentive::v1::ListStatementLinesResponse& page) {
        lines.insert(lines.end(), page.statement_lines().begin(), page.statement_lines().end());
      }));
  return lines;
}

}  // namespace

absl::StatusOr<VerifyReport> VerifyAll(Suite& suite, const std::string& filter,
                                       const std::function<void(int64_t done)>& progress) {
  std::map<std::string, std::vector<incentive::v1::Statement>> by_partner;
  incentive::v1::ListStatementsRequest request;
  request.set_parent("partners/-");
  request.set_filter(filter);
  VerifyReport report;
  RETURN_IF_ERROR(ListAll<incentive::v1::ListStatementsResponse>(
      suite.incentive(), "tributary.incentive.v1.StatementService/ListStatements", request,
      [&](const incentive::v1::ListStatementsResponse& page) {
        for (const auto& statement : page.statements()) {
          by_partner[std::string(PartnerOf(statement.name()))].push_back(statement);
          ++report.statements;
        }
      }));

  std::vector<const std::pair<const std::string, std::vector<incentive::v1::Statement>>*> partners;
  for (const auto& entry : by_partner) partners.push_back(&entry);
  std::mutex mutex;
  int64_t done = 0;
  RETURN_IF_ERROR(ParallelFor(partners.size(), 8, [&](size_t i) -> absl::Status {
    ASSIGN_OR_RETURN(const FactsByName facts, FactsOf(suite, partners[i]->first));
    const FactLookup lookup = [&facts](const std::string& name) -> std::optional<inventory::v1::ShipmentLine> {
      const auto found = facts.find(name);
      if (found == facts.end()) return std::nullopt;
      return found->second;
    };
    for (const incentive::v1::Statement& statement : partners[i]->second) {
      ASSIGN_OR_RETURN(const std::vector<incentive::v1::StatementLine> lines, LinesOf(suite, statement.name()));
      const std::vector<std::string> differences = VerifyStatement(statement, lines, lookup);
      std::lock_guard lock(mutex);
      if (differences.empty()) ++report.verified;
      for (const std::string& difference : differences) {
        report.differences.push_back(StrCat(statement.name(), ": ", difference));
      }
      progress(++done);
    }
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace tributary::cli
