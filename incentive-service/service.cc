#include "incentive-service/service.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/approvals/approval_asker.h"
#include "common/approvals/approval_feed.h"
#include "common/status/status.h"
#include "incentive-service/accruals/accrual_service.h"
#include "incentive-service/accruals/accrual_watch.h"
#include "incentive-service/accruals/group_accruals.h"
#include "incentive-service/adjustments/adjustment_service.h"
#include "incentive-service/budgets/budget_service.h"
#include "incentive-service/channel_facts/channel_fact_proto.h"
#include "incentive-service/channel_facts/channel_fact_store.h"
#include "incentive-service/channel_facts/sale_key_store.h"
#include "incentive-service/claims/claim_service.h"
#include "incentive-service/closes/close_preview_service.h"
#include "incentive-service/closes/period_close_service.h"
#include "incentive-service/deductions/deduction_service.h"
#include "incentive-service/deductions/invoice_gross_store.h"
#include "incentive-service/disputes/dispute_service.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_consumer.h"
#include "incentive-service/facts/fact_proto.h"
#include "incentive-service/facts/resident_fact_store.h"
#include "incentive-service/fiscal_calendars/calendar_follower.h"
#include "incentive-service/fund_requests/fund_request_service.h"
#include "incentive-service/funding_classes/funding_class_service.h"
#include "incentive-service/journal_exports/journal_export_service.h"
#include "incentive-service/ledger/accrual_entering.h"
#include "incentive-service/ledger/ledger_service.h"
#include "incentive-service/opening_balances/opening_balance_service.h"
#include "incentive-service/operations/operation_service.h"
#include "incentive-service/payouts/bank_account_store.h"
#include "incentive-service/payouts/payout_service.h"
#include "incentive-service/price_changes/price_change_service.h"
#include "incentive-service/programs/program_service.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/remedies/remedy_follower.h"
#include "incentive-service/scores/score_store.h"
#include "incentive-service/simulations/simulation_service.h"
#include "incentive-service/special_prices/special_price_service.h"
#include "incentive-service/spiffs/spiff_service.h"
#include "incentive-service/stacking_plans/stacked_close_service.h"
#include "incentive-service/stacking_plans/stacking_plan_service.h"
#include "incentive-service/standard_costs/standard_cost_store.h"
#include "incentive-service/standings/standing_store.h"
#include "incentive-service/statements/statement_service.h"
#include "incentive-service/stock_rotations/stock_rotation_service.h"
#include "incentive-service/wallets/hold_follower.h"
#include "incentive-service/wallets/wallet_service.h"

namespace tributary::incentive {
namespace {

// What of partner-service's feed is read here.
std::vector<std::string> PartnerTypes() {
  std::vector<std::string> types = approvals::ApprovalPayloads();
  for (const std::string_view type :
       {kExchangeRateType, kBankAccountType, kRelationshipType, kPartnerType, kEvaluationType, kFiscalCalendarType,
        kTierAssignmentType, kChannelType, kRegionType, kCustomerType}) {
    types.emplace_back(type);
  }
  return types;
}

// What of inventory's feed is read here.
std::vector<std::string> InventoryTypes() {
  const std::vector<std::string> channel_facts = ChannelFactTypes();
  std::set<std::string> types(channel_facts.begin(), channel_facts.end());
  types.insert(kLineTypes.begin(), kLineTypes.end());
  types.insert(std::string(kPaymentType));
  types.insert(std::string(kOrderType));
  types.insert(std::string(kProductType));
  return {types.begin(), types.end()};
}

}  // namespace

struct Service::State {
  explicit State(const Parts& parts)
      : programs(parts.page_tokens),
        accruals(parts.page_tokens),
        closes(parts.page_tokens),
        statements(parts.page_tokens),
        resident_facts(parts.database),
        simulations(parts.page_tokens, resident_facts),
        wallets(parts.page_tokens),
        opening_balances(parts.page_tokens),
        budgets(parts.page_tokens),
        fund_requests(parts.page_tokens),
        claims(parts.page_tokens),
        price_changes(parts.page_tokens),
        special_prices(parts.page_tokens),
        spiffs(parts.page_tokens),
        stock_rotations(parts.page_tokens),
        funding_classes(parts.page_tokens),
        stacking_plans(parts.page_tokens),
        stacked_closes(closes),
        entering(accruals),
        accrual_entrant(parts.database, parts.clock, entering),
        close_previews(parts.database, parts.page_tokens, closes, stacked_closes),
        ledger(parts.page_tokens, entering),
        disputes(parts.page_tokens),
        adjustments(parts.page_tokens),
        journal_exports(parts.page_tokens),
        payouts(parts.page_tokens),
        deductions(parts.page_tokens),
        feed(parts.database, {}, parts.registry),
        accrual_watch(parts.database, feed, parts.page_tokens, accruals),
        feed_service(events::ServeFeed(parts.server, parts.database, &feed)),
        from_partner(
            parts.database, parts.partner_service, parts.clock,
            {.feed = "partner",
             .payload_types = PartnerTypes(),
             .owner = parts.owner,
             .committed = [this] { feed.Poke(); }},
            [this, &clock = parts.clock](mysql::Transaction& sql, absl::Span<const events::Event> events,
                                         events::Outbox& outbox) -> absl::Status {
              // First, since it may want the set of programs alone.
              ASSIGN_OR_RETURN(const std::vector<Relationship> told, relationships.Apply(sql, events));
              RETURN_IF_ERROR(groups.Follow(sql, told, clock.Now(), outbox));
              RETURN_IF_ERROR(calendars.Apply(sql, events, clock.Now(), outbox));
              RETURN_IF_ERROR(rates.Apply(sql, events));
              RETURN_IF_ERROR(bank_accounts.Apply(sql, events));
              RETURN_IF_ERROR(scores.Apply(sql, events, outbox));
              RETURN_IF_ERROR(standings.Apply(sql, events, outbox));
              return approvals::ApplyApprovals(
                  sql, events, clock.Now(), outbox,
                  [this](const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
                    return decision.subject.starts_with("programs/") ? programs.Decided(call, unit, decision)
                                                                     : claims.Decided(call, unit, decision);
                  });
            },
            parts.registry),
        approval_asker(parts.database, parts.partner_service, parts.clock),
        from_inventory(
            parts.database, parts.inventory_service, parts.clock,
            {.feed = "inventory",
             .payload_types = InventoryTypes(),
             .owner = parts.owner,
             .batch = kFactBatch,
             .committed = [this] { feed.Poke(); }},
            [this, &clock = parts.clock](mysql::Transaction& sql, absl::Span<const events::Event> events,
                                         events::Outbox& outbox) -> absl::Status {
              RETURN_IF_ERROR(facts.Apply(sql, events, outbox));
              RETURN_IF_ERROR(channel_facts.Apply(sql, events));
              RETURN_IF_ERROR(sale_keys.Apply(sql, events));
              RETURN_IF_ERROR(invoice_gross.Apply(sql, events));
              RETURN_IF_ERROR(standard_costs.Apply(sql, events));
              return holds.Apply(sql, events, clock.Now(), outbox);
            },
            parts.registry),
        from_conflict(
            parts.database, parts.conflict_service, parts.clock,
            {.feed = "conflict",
             .payload_types = {RemedyPayload(), std::string(kDealType)},
             .owner = parts.owner,
             .committed = [this] { feed.Poke(); }},
            [this, &clock = parts.clock](mysql::Transaction& sql, absl::Span<const events::Event> events,
                                         events::Outbox& outbox) -> absl::Status {
              RETURN_IF_ERROR(won_deals.Apply(sql, events, outbox));
              return remedies.Apply(sql, events, clock.Now(), outbox);
            },
            parts.registry) {
    programs.Register(parts.server);
    accruals.Register(parts.server);
    accrual_watch.Register(parts.server);
    closes.Register(parts.server);
    statements.Register(parts.server);
    simulations.Register(parts.server);
    operations.Register(parts.server);
    wallets.Register(parts.server);
    opening_balances.Register(parts.server);
    budgets.Register(parts.server);
    fund_requests.Register(parts.server);
    claims.Register(parts.server);
    price_changes.Register(parts.server);
    special_prices.Register(parts.server);
    spiffs.Register(parts.server);
    stock_rotations.Register(parts.server);
    funding_classes.Register(parts.server);
    stacking_plans.Register(parts.server);
    stacked_closes.Register(parts.server);
    close_previews.Register(parts.server);
    ledger.Register(parts.server);
    disputes.Register(parts.server);
    adjustments.Register(parts.server);
    journal_exports.Register(parts.server);
    payouts.Register(parts.server);
    deductions.Register(parts.server);
  }

  ProgramService programs;
  AccrualService accruals;
  PeriodCloseService closes;
  StatementService statements;
  ResidentFactStore resident_facts;
  SimulationService simulations;
  OperationService operations;
  WalletService wallets;
  OpeningBalanceService opening_balances;
  BudgetService budgets;
  FundRequestService fund_requests;
  ClaimService claims;
  PriceChangeService price_changes;
  SpecialPriceService special_prices;
  SpiffService spiffs;
  StockRotationService stock_rotations;
  FundingClassService funding_classes;
  StackingPlanService stacking_plans;
  StackedCloseService stacked_closes;
  AccrualEntering entering;
  AccrualEntrant accrual_entrant;
  ClosePreviewService close_previews;
  LedgerService ledger;
  DisputeService disputes;
  AdjustmentService adjustments;
  JournalExportService journal_exports;
  PayoutService payouts;
  DeductionService deductions;
  FactConsumer facts;
  FactConsumer won_deals;
  ChannelFactStore channel_facts;
  SaleKeyStore sale_keys;
  InvoiceGrossStore invoice_gross;
  StandardCostStore standard_costs;
  CalendarFollower calendars;
  ExchangeRateStore rates;
  BankAccountStore bank_accounts;
  RelationshipStore relationships;
  GroupAccruals groups;
  ScoreStore scores;
  StandingStore standings;
  HoldFollower holds;
  RemedyFollower remedies;
  events::Feed feed;
  AccrualWatch accrual_watch;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> feed_service;
  events::Consumer from_partner;
  approvals::ApprovalAsker approval_asker;
  events::Consumer from_inventory;
  events::Consumer from_conflict;
};

Service::Service(const Parts& parts) : state_(std::make_unique<State>(parts)) {}

Service::~Service() { Stop(); }

absl::Status Service::Start() {
  RETURN_IF_ERROR(state_->feed.Start());
  state_->from_partner.Start();
  state_->from_inventory.Start();
  state_->from_conflict.Start();
  state_->approval_asker.Start();
  state_->accrual_entrant.Start();
  return absl::OkStatus();
}

void Service::Stop() {
  state_->accrual_entrant.Stop();
  state_->approval_asker.Stop();
  state_->from_partner.Stop();
  state_->from_inventory.Stop();
  state_->from_conflict.Stop();
  state_->feed.Stop();
}

void Service::Committed() { state_->feed.Poke(); }

}  // namespace tributary::incentive
