#include "cli/verifier.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cli/parallel.h"
#include "cli/resources.h"
#include "cli/verify/arithmetic.h"
#include "cli/verify/clawed.h"
#include "cli/verify/given_budgets.h"
#include "cli/verify/grown.h"
#include "cli/verify/guarantee.h"
#include "cli/verify/opened.h"
#include "cli/verify/verify.h"
#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/incentive/v1/program_service.pb.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using FactsByName = std::unordered_map<std::string, Fact>;

// Every page of a partner's facts of one kind.
template <typename Response, typename Request>
absl::Status ReadFacts(Suite& suite, const std::string& partner, const std::string& method,
                       const std::function<void(const Response&)>& take) {
  Request request;
  request.set_parent(StrCat("partners/", partner));
  return ListAll<Response>(suite.inventory(), "tributary.inventory.v1." + method, request, take);
}

absl::Status ReadShipments(Suite& suite, const std::string& partner, FactsByName* facts) {
  return ReadFacts<inventory::v1::ListShipmentsResponse, inventory::v1::ListShipmentsRequest>(
      suite, partner, "ShipmentService/ListShipments", [&](const inventory::v1::ListShipmentsResponse& page) {
        for (const auto& shipment : page.shipments()) {
          for (const auto& line : shipment.lines()) facts->emplace(line.name(), line);
        }
      });
}

// And credit notes.
absl::Status ReadInvoices(Suite& suite, const std::string& partner, FactsByName* facts) {
  RETURN_IF_ERROR((ReadFacts<inventory::v1::ListInvoicesResponse, inventory::v1::ListInvoicesRequest>(
      suite, partner, "InvoiceService/ListInvoices", [&](const inventory::v1::ListInvoicesResponse& page) {
        for (const auto& invoice : page.invoices()) {
          facts->emplace(invoice.name(), invoice);
          for (const auto& line : invoice.lines()) facts->emplace(line.name(), line);
        }
      })));
  return ReadFacts<inventory::v1::ListCreditNotesResponse, inventory::v1::ListCreditNotesRequest>(
      suite, partner, "CreditNoteService/ListCreditNotes", [&](const inventory::v1::ListCreditNotesResponse& page) {
        for (const auto& credit_note : page.credit_notes()) {
          for (const auto& line : credit_note.lines()) facts->emplace(line.name(), line);
        }
      });
}

absl::Status ReadSales(Suite& suite, const std::string& partner, FactsByName* facts) {
  return ReadFacts<inventory::v1::ListSellThroughSalesResponse, inventory::v1::ListSellThroughSalesRequest>(
      suite, partner, "SellThroughSaleService/ListSellThroughSales",
      [&](const inventory::v1::ListSellThroughSalesResponse& page) {
        for (const auto& sale : page.sell_through_sales()) facts->emplace(sale.name(), sale);
      });
}

absl::Status ReadWonDeals(Suite& suite, const std::string& partner, FactsByName* facts) {
  conflict::v1::ListDealRegistrationsRequest request;
  request.set_parent(StrCat("partners/", partner));
  request.set_filter("state = WON");
  return ListAll<conflict::v1::ListDealRegistrationsResponse>(
      suite.conflict(), "tributary.conflict.v1.DealRegistrationService/ListDealRegistrations", request,
      [&](const conflict::v1::ListDealRegistrationsResponse& page) {
        for (const auto& deal : page.deal_registrations()) facts->emplace(deal.name(), deal);
      });
}

// The facts of a partner's that statements of programs of these bases may rest on.
absl::StatusOr<FactsByName> FactsOf(Suite& suite, const std::string& partner, const std::set<Program::Basis>& bases) {
  FactsByName facts;
  if (bases.contains(Program::ORDER) || bases.contains(Program::SELL_IN)) {
    RETURN_IF_ERROR(ReadShipments(suite, partner, &facts));
  }
  if (bases.contains(Program::INVOICED)) RETURN_IF_ERROR(ReadInvoices(suite, partner, &facts));
  if (bases.contains(Program::SELL_THROUGH)) RETURN_IF_ERROR(ReadSales(suite, partner, &facts));
  if (bases.contains(Program::WON_DEAL)) RETURN_IF_ERROR(ReadWonDeals(suite, partner, &facts));
  return facts;
}

std::set<Program::Basis> BasesOf(const std::vector<incentive::v1::Statement>& statements) {
  std::set<Program::Basis> bases;
  for (const incentive::v1::Statement& statement : statements) {
    for (const incentive::v1::StatementEntry& entry : statement.entries()) bases.insert(entry.terms().basis());
  }
  return bases;
}

// The facts that a partner's statements may rest on: its own, those of whom it took over, and of members of its group.
absl::StatusOr<FactsByName> FactsBehind(Suite& suite, const std::string& partner,
                                        const std::vector<incentive::v1::Statement>& statements) {
  std::set<std::string> partners = {partner};
  for (const incentive::v1::Statement& statement : statements) {
    for (const incentive::v1::StatementEntry& entry : statement.entries()) {
      for (const std::string& name : entry.evaluation().growth().predecessors()) {
        partners.insert(std::string(PartnerOf(name)));
      }
      for (const auto& member : entry.evaluation().group().members()) {
        partners.insert(std::string(PartnerOf(member.partner())));
      }
    }
  }
  FactsByName facts;
  for (const std::string& one : partners) {
    ASSIGN_OR_RETURN(FactsByName own, FactsOf(suite, one, BasesOf(statements)));
    facts.merge(own);
  }
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

// What an entry says of its period, in billionths.
verify::ClawedEntry ClawedOf(const incentive::v1::StatementEntry& entry) {
  const auto in = [](const google::type::Money& money) { return verify::Billionths(money).value_or(0); };
  verify::ClawedEntry said{.program = entry.program(),
                           .period = entry.period(),
                           .earned = entry.kind() == incentive::v1::StatementEntry::EARNED,
                           .value = in(entry.stated_before()) + in(entry.amount())};
  if (entry.has_clawback()) {
    said.most = in(entry.clawback().most_stated());
    said.waived = in(entry.clawback().waived());
    said.waived_before = in(entry.clawback().waived_before());
  }
  return said;
}

// What a partner's statements say of one another, by number: each names the hash of the one before, and takes off what
// those before said of a period; and what those of all partners say of what growth is measured against.
class Chain {
 public:
  Chain(std::string partner, const GrowthReferences& growth) : partner_(std::move(partner)), growth_(growth) {}

  // `whole`: none is left out. The document is fetched, and its bytes are what the hash must be of.
  absl::Status Verify(Suite& suite, const incentive::v1::Statement& statement, bool whole,
                      std::vector<std::string>* differences) {
    incentive::v1::ExportStatementRequest request;
    request.set_name(statement.name());
    ASSIGN_OR_RETURN(const auto exported, suite.incentive().Call<incentive::v1::ExportStatementResponse>(
                                              "tributary.incentive.v1.StatementService/ExportStatement", request));
    const auto want = [&](bool holds, std::string_view what) {
      if (!holds) differences->push_back(std::string(what));
    };
    want(Sha256Hex(exported.csv()) == statement.hash(), "hash: not that of the exported document");
    if (!whole) return absl::OkStatus();
    want(statement.previous_hash() == hash_, "previous_hash: not the hash of the statement before");
    hash_ = statement.hash();
    for (const incentive::v1::StatementEntry& entry : statement.entries()) {
      const bool guaranteed = entry.kind() == incentive::v1::StatementEntry::GUARANTEE;
      Decimal& said = said_[{entry.program(), entry.period(), guaranteed}];
      if (entry.evaluation().has_opening()) {
        const incentive::v1::OpeningSteps& opening = entry.evaluation().opening();
        const absl::StatusOr<Money> paid = wire::FromProto(opening.paid());
        if (paid.ok() && opened_.emplace(entry.program(), entry.period()).second) said += paid->amount;
        incentive::v1::GetOpeningBalanceRequest get;
        get.set_name(opening.opening_balance());
        ASSIGN_OR_RETURN(const auto balance,
                         suite.incentive().Call<incentive::v1::OpeningBalance>(
                             "tributary.incentive.v1.OpeningBalanceService/GetOpeningBalance", get));
        for (const std::string& what : CompareOpening(entry, balance)) {
          want(false, StrCat("entry ", entry.ordinal(), ": ", what));
        }
      }
      const absl::StatusOr<Money> before = wire::FromProto(entry.stated_before());
      const absl::StatusOr<Money> amount = wire::FromProto(entry.amount());
      want(before.ok() && amount.ok() && before->amount == said,
           StrCat("entry ", entry.ordinal(), ": stated_before is not what the statements before said of the period"));
      if (amount.ok()) said += amount->amount;
      const auto tell = [&](const std::vector<std::string>& found) {
        for (const std::string& what : found) want(false, StrCat("entry ", entry.ordinal(), ": ", what));
      };
      tell(guarantees_.Take(entry));
      if (!guaranteed) tell(clawed_.Take(ClawedOf(entry)));
      tell(growth_.Verify(entry, partner_));
    }
    return absl::OkStatus();
  }

 private:
  const std::string partner_;  // partners/{partner}
  const GrowthReferences& growth_;
  std::string hash_;
  std::map<std::tuple<std::string, std::string, bool>, Decimal> said_;  // by program, period and whether guaranteed
  std::set<std::pair<std::string, std::string>> opened_;  // (program, period) that were begun with an opening balance
  GuaranteeChain guarantees_;
  verify::ClawedChain clawed_;
};

// That what closes gave out of programs' budgets sums to them, over all partners.
absl::Status VerifyBudgets(Suite& suite, const GivenBudgets& budgets, std::vector<std::string>* differences) {
  for (const std::string& name : budgets.programs()) {
    incentive::v1::GetProgramRequest request;
    request.set_name(name);
    ASSIGN_OR_RETURN(const auto program,
                     suite.incentive().Call<Program>("tributary.incentive.v1.ProgramService/GetProgram", request));
    for (const std::string& what : budgets.Verify(program)) differences->push_back(StrCat(name, ": budget of ", what));
  }
  return absl::OkStatus();
}
// Under programs that roll up: by whose statements a fact counts in a period. No fact earns for two.
class CountedFacts {
 public:
  // What differs, in words.
  std::vector<std::string> Add(const incentive::v1::Statement& statement,
                               const std::vector<incentive::v1::StatementLine>& lines) {
    const std::string partner(PartnerOf(statement.name()));
    std::vector<std::string> differences;
    for (const incentive::v1::StatementLine& line : lines) {
      if (line.entry() < 1 || line.entry() > statement.entries_size()) continue;
      const incentive::v1::StatementEntry& entry = statement.entries(line.entry() - 1);
      if (entry.terms().group() != Program::ROLL_UP) continue;
      const auto [first, fresh] = earners_.try_emplace({entry.program(), entry.period(), line.fact()}, partner);
      if (fresh || first->second == partner) continue;
      differences.push_back(StrCat(line.fact(), ": counts for partners/", first->second, " too"));
    }
    return differences;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::string> earners_;  // by program, period and fact
};

}  // namespace

absl::StatusOr<VerifyReport> VerifyAll(Suite& suite, const std::string& filter,
                                       const std::function<void(int64_t done)>& progress) {
  std::map<std::string, std::vector<incentive::v1::Statement>> by_partner;
  incentive::v1::ListStatementsRequest request;
  request.set_parent("partners/-");
  request.set_filter(filter);
  VerifyReport report;
  GrowthReferences growth;
  GivenBudgets budgets;
  RETURN_IF_ERROR(ListAll<incentive::v1::ListStatementsResponse>(
      suite.incentive(), "tributary.incentive.v1.StatementService/ListStatements", request,
      [&](const incentive::v1::ListStatementsResponse& page) {
        for (const auto& statement : page.statements()) {
          const std::string partner = StrCat("partners/", PartnerOf(statement.name()));
          for (const auto& entry : statement.entries()) {
            growth.Add(entry, partner);
            budgets.Add(entry);
          }
          if (statement.state() == incentive::v1::Statement::DRAFT) continue;  // it is not fixed yet
          by_partner[std::string(PartnerOf(statement.name()))].push_back(statement);
          ++report.statements;
        }
      }));

  std::vector<const std::pair<const std::string, std::vector<incentive::v1::Statement>>*> partners;
  for (const auto& entry : by_partner) partners.push_back(&entry);
  std::mutex mutex;
  int64_t done = 0;
  CountedFacts counted;  // guarded by mutex
  RETURN_IF_ERROR(ParallelFor(partners.size(), 8, [&](size_t i) -> absl::Status {
    ASSIGN_OR_RETURN(const FactsByName facts, FactsBehind(suite, partners[i]->first, partners[i]->second));
    const FactLookup lookup = [&facts](const std::string& name) -> std::optional<Fact> {
      const auto found = facts.find(name);
      if (found == facts.end()) return std::nullopt;
      return found->second;
    };
    Chain chain(StrCat("partners/", partners[i]->first), growth);
    for (const incentive::v1::Statement& statement : partners[i]->second) {
      ASSIGN_OR_RETURN(const std::vector<incentive::v1::StatementLine> lines, LinesOf(suite, statement.name()));
      std::vector<std::string> differences = VerifyStatement(statement, lines, lookup);
      RETURN_IF_ERROR(chain.Verify(suite, statement, /*whole=*/filter.empty(), &differences));
      std::lock_guard lock(mutex);
      for (std::string& twice : counted.Add(statement, lines)) differences.push_back(std::move(twice));
      if (differences.empty()) ++report.verified;
      for (const std::string& difference : differences) {
        report.differences.push_back(StrCat(statement.name(), ": ", difference));
      }
      progress(++done);
    }
    return absl::OkStatus();
  }));
  if (filter.empty()) RETURN_IF_ERROR(VerifyBudgets(suite, budgets, &report.differences));
  return report;
}

}  // namespace tributary::cli
