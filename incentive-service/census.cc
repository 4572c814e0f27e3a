#include "incentive-service/census.h"

#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "common/money/money.h"
#include "common/status/status.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/budgets/budget_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/period_budgets/budget_use_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/wallets/wallet_store.h"

namespace tributary::incentive {
namespace {

constexpr absl::Duration kEvery = absl::Seconds(30);
using process::CensusGauge;

// Gauges are floating point: these are to be looked at, never to be paid by.
double Shown(const Decimal& amount) { return std::strtod(amount.ToString().c_str(), nullptr); }
double Shown(int64_t minor_units, const std::string& currency) {
  return static_cast<double>(minor_units) / std::pow(10, CurrencyExponent(currency).value_or(0));
}

void AddPrograms(process::Census& census, prometheus::Registry& registry) {
  const auto programs = std::make_shared<CensusGauge>(registry, "tributary_incentive_programs", "Programs, by state",
                                                      "state", std::vector<std::string>{"DRAFT", "ACTIVE", "ENDED"});
  census.Add("programs", kEvery, [programs](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto counts, ProgramStore().CountByState(sql));
    std::map<std::string, double> shown;
    for (const auto& [state, count] : counts) shown[std::string(NameOf(state))] = static_cast<double>(count);
    programs->Set(shown);
    return absl::OkStatus();
  });
}

void AddAccruals(process::Census& census, prometheus::Registry& registry) {
  const auto accruals = std::make_shared<CensusGauge>(
      registry, "tributary_incentive_accruals", "Accruals that lines count in, by whether a statement was made of them",
      "stated", std::vector<std::string>{"false", "true"});
  const auto open =
      std::make_shared<CensusGauge>(registry, "tributary_incentive_open_amount",
                                    "Qualifying amount of accruals not yet stated, by ISO 4217 currency", "currency");
  census.Add("accruals", kEvery, [accruals, open](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<AccrualTotal> totals, AccrualStore().Totals(sql));
    std::map<std::string, double> counts, amounts;
    for (const AccrualTotal& total : totals) {
      counts[total.stated ? "true" : "false"] += static_cast<double>(total.accruals);
      double& amount = amounts[total.currency];  // 0, and not absent, where all is stated
      if (!total.stated) amount = Shown(total.qualifying_amount);
    }
    accruals->Set(counts);
    open->Set(amounts);
    return absl::OkStatus();
  });
}

void AddStatements(process::Census& census, prometheus::Registry& registry) {
  const auto statements = std::make_shared<CensusGauge>(
      registry, "tributary_incentive_statements", "Statements that closes have made, by ISO 4217 currency", "currency");
  const auto stated = std::make_shared<CensusGauge>(registry, "tributary_incentive_stated_amount",
                                                    "Rebates of those statements, by ISO 4217 currency", "currency");
  census.Add("statements", kEvery, [statements, stated](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<StatedTotal> totals, PeriodCloseStore().Totals(sql));
    std::map<std::string, double> counts, amounts;
    for (const StatedTotal& total : totals) {
      counts[total.currency] = static_cast<double>(total.statements);
      amounts[total.currency] = Shown(total.total, total.currency);
    }
    statements->Set(counts);
    stated->Set(amounts);
    return absl::OkStatus();
  });
}

// Of programs' periods; budgets of market development funds are others.
void AddProgramBudgets(process::Census& census, prometheus::Registry& registry) {
  const auto budget = std::make_shared<CensusGauge>(
      registry, "tributary_incentive_program_budget_amount",
      "Budgets of programs for periods that are closed, by ISO 4217 currency", "currency");
  const auto used = std::make_shared<CensusGauge>(registry, "tributary_incentive_program_budget_used_amount",
                                                  "What was stated of those periods, by ISO 4217 currency", "currency");
  const auto overrun = std::make_shared<CensusGauge>(
      registry, "tributary_incentive_program_budget_overrun_amount",
      "What of that is beyond the budget of its period, by ISO 4217 currency", "currency");
  census.Add("program_budgets", kEvery, [budget, used, overrun](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<BudgetTotal> totals, BudgetUseStore().Totals(sql));
    std::map<std::string, double> budgets, uses, overruns;
    for (const BudgetTotal& total : totals) {
      budgets[total.currency] = Shown(total.budget, total.currency);
      uses[total.currency] = Shown(total.used, total.currency);
      overruns[total.currency] = Shown(total.overrun, total.currency);
    }
    budget->Set(budgets);
    used->Set(uses);
    overrun->Set(overruns);
    return absl::OkStatus();
  });
}

// Books that disagree with what they are the sum of, as `store` counts them. It reads all of them.
template <typename Store>
void AddMismatches(process::Census& census, prometheus::Registry& registry, const std::string& what, const char* name,
                   const char* help, const Store& store) {
  prometheus::Gauge& mismatches = prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  census.Add(what, absl::Hours(1), [&mismatches, store](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t count, store.Mismatches(sql));
    mismatches.Set(static_cast<double>(count));
    return absl::OkStatus();
  });
}

}  // namespace

void AddCensus(process::Census& census, prometheus::Registry& registry) {
  AddPrograms(census, registry);
  AddAccruals(census, registry);
  AddStatements(census, registry);
  AddProgramBudgets(census, registry);
  AddMismatches(census, registry, "wallets", "tributary_incentive_wallet_mismatches",
                "Entries, lots, debts and holds of wallets that disagree with their ledger", WalletStore());
  AddMismatches(census, registry, "funds", "tributary_incentive_fund_mismatches",
                "Budgets, allocations and requests that disagree with what was taken of them", BudgetStore());
  AddMismatches(
      census, registry, "ledger", "tributary_incentive_ledger_mismatches",
      "Entries, accounts, accruals, statements, claims and wallets that disagree with the ledger of incentives",
      LedgerStore());
}

}  // namespace tributary::incentive
