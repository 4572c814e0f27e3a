#include "conflict-service/service.h"

#include <algorithm>
#include <utility>

#include "common/approvals/approval_asker.h"
#include "common/approvals/approval_feed.h"
#include "common/status/status.h"
#include "conflict-service/allowed_overlaps/allowed_overlap_service.h"
#include "conflict-service/cases/case_deadlines_service.h"
#include "conflict-service/cases/case_escalator.h"
#include "conflict-service/cases/case_evidence_service.h"
#include "conflict-service/cases/case_service.h"
#include "conflict-service/cases/case_watch.h"
#include "conflict-service/cases/partner_case_service.h"
#include "conflict-service/conflict_rules/back_test_service.h"
#include "conflict-service/conflict_rules/conflict_rule_service.h"
#include "conflict-service/contests/adjudicator.h"
#include "conflict-service/contests/contest_service.h"
#include "conflict-service/contests/contest_store.h"
#include "conflict-service/contests/evidence_service.h"
#include "conflict-service/contests/policy_service.h"
#include "conflict-service/deals/customer_follower.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal_expiry.h"
#include "conflict-service/deals/deal_figures_store.h"
#include "conflict-service/deals/deal_limits_service.h"
#include "conflict-service/deals/deal_limits_store.h"
#include "conflict-service/deals/deal_notices.h"
#include "conflict-service/deals/deal_service.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/deals/registrar.h"
#include "conflict-service/deals/same_customer.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/detection/duplicate_sale_detector.h"
#include "conflict-service/detection/overclaimed_lot_detector.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/facts/fact_reader.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/partner_directory.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/findings/finding_service.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/mass_balances/mass_balance_service.h"
#include "conflict-service/packing_events/packing_event_service.h"
#include "conflict-service/prices/observation_retention.h"
#include "conflict-service/prices/price_observation_service.h"
#include "conflict-service/prices/price_rule_service.h"
#include "conflict-service/remedies/answer_follower.h"
#include "conflict-service/remedies/remedy_service.h"
#include "conflict-service/scan_events/scan_event_service.h"

namespace tributary::conflict {

struct Service::State {
  explicit State(const Parts& parts)
      : detector(deals, grants, regions, sales, findings, customers),
        partners(parts.database, grants, parts.partner_service),
        registrar(deals, regions, policies, contests, detector, customers),
        adjudicator({contests, policies, evidence, deals, registrar}),
        deal_limits(parts.deal_limits),
        deal_service({deals, partners, registrar, adjudicator, parts.page_tokens, deal_limits, deal_figures,
                      parts.deal_answer_step}),
        deal_limits_service(deal_limits, deal_figures, registrar, parts.page_tokens),
        policy_service(policies, registrar, parts.page_tokens),
        evidence_service(evidence, deals, parts.page_tokens),
        contest_service({contests, policies, deals, registrar, adjudicator, parts.page_tokens}),
        finding_service(findings, parts.page_tokens),
        allowed_overlap_service(detector, parts.page_tokens),
        mass_balance_service(diversions, parts.page_tokens),
        scan_event_service(diversions),
        packing_event_service(diversions),
        conflict_rule_service(diversions, parts.page_tokens),
        back_test_service(detector, diversions, customers),
        price_observation_service(parts.page_tokens),
        price_rule_service(parts.page_tokens),
        case_service(parts.page_tokens),
        case_deadlines_service(parts.page_tokens),
        case_evidence_service(parts.page_tokens),
        partner_case_service(parts.page_tokens),
        remedy_service(diversions, parts.page_tokens),
        feed(parts.database, {}, parts.registry),
        case_watch({parts.database, feed, parts.page_tokens}),
        feed_service(events::ServeFeed(parts.server, parts.database, &feed)),
        from_partner(parts.database, parts.partner_service, parts.clock, Options(parts, "partner", PartnerTypes()),
                     Apply(parts.clock), parts.registry),
        from_inventory(parts.database, parts.inventory_service, parts.clock,
                       Options(parts, "inventory", InventoryPayloads()), Apply(parts.clock), parts.registry),
        from_incentive(
            parts.database, parts.incentive_service, parts.clock, Options(parts, "incentive", {RemedyAnswerPayload()}),
            [this, &clock = parts.clock](mysql::Transaction& sql, absl::Span<const events::Event> events,
                                         events::Outbox& outbox) -> absl::Status {
              RETURN_IF_ERROR(detector.LockForAnswers(sql, {}));
              return ApplyRemedyAnswers(sql, events, clock.Now(), outbox);
            },
            parts.registry),
        approval_asker(parts.database, parts.partner_service, parts.clock),
        customer_follower(parts.database, parts.clock, customers),
        deal_expiry(parts.database, parts.clock, deals, registrar, [this] { feed.Poke(); }),
        deal_notices(parts.database, parts.clock, deals, deal_limits, [this] { feed.Poke(); }),
        case_escalator(parts.database, parts.clock, [this] { feed.Poke(); }),
        observation_retention(parts.database, parts.clock),
        database(parts.database) {
    deal_service.Register(parts.server);
    deal_limits_service.Register(parts.server);
    policy_service.Register(parts.server);
    evidence_service.Register(parts.server);
    contest_service.Register(parts.server);
    finding_service.Register(parts.server);
    allowed_overlap_service.Register(parts.server);
    mass_balance_service.Register(parts.server);
    scan_event_service.Register(parts.server);
    packing_event_service.Register(parts.server);
    conflict_rule_service.Register(parts.server);
    back_test_service.Register(parts.server);
    price_observation_service.Register(parts.server);
    price_rule_service.Register(parts.server);
    case_service.Register(parts.server);
    case_deadlines_service.Register(parts.server);
    case_evidence_service.Register(parts.server);
    partner_case_service.Register(parts.server);
    case_watch.Register(parts.server);
    remedy_service.Register(parts.server);
  }

  events::ConsumerOptions Options(const Parts& parts, std::string source, std::vector<std::string> payload_types) {
    return {.feed = std::move(source),
            .payload_types = std::move(payload_types),
            .owner = parts.owner,
            .committed = [this] { feed.Poke(); }};
  }

  static std::vector<std::string> PartnerTypes() {
    std::vector<std::string> types = PartnerPayloads();
    types.push_back(RemedyAnswerPayload());
    for (std::string& type : approvals::ApprovalPayloads()) types.push_back(std::move(type));
    return types;
  }

  events::ApplyEvents Apply(const Clock& clock) {
    return [this, &clock](mysql::Transaction& sql, absl::Span<const events::Event> events,
                          events::Outbox& outbox) -> absl::Status {
      const absl::Time now = clock.Now();
      ASSIGN_OR_RETURN(const FactBatch facts, ReadFacts(events));
      const bool answers = std::any_of(events.begin(), events.end(),
                                       [](const events::Event& event) { return event.type == RemedyAnswerPayload(); });
      if (answers) {
        RETURN_IF_ERROR(detector.LockForAnswers(sql, facts));
        RETURN_IF_ERROR(ApplyRemedyAnswers(sql, events, now, outbox));
      }
      RETURN_IF_ERROR(detector.Apply(sql, facts, now, outbox));
      RETURN_IF_ERROR(diversions.Apply(sql, facts, now, outbox));
      RETURN_IF_ERROR(FindDuplicateSales(sql, facts, now, outbox));
      RETURN_IF_ERROR(FindOverclaimedLots(sql, facts, now, outbox));
      RETURN_IF_ERROR(ApplyToPrices(sql, facts, now, outbox));
      return approvals::ApplyApprovals(
          sql, events, now, outbox,
          [this](const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
            return deal_service.Decided(call, unit, decision);
          });
    };
  }

  DealStore deals;
  GrantStore grants;
  RegionStore regions;
  SaleStore sales;
  FindingStore findings;
  CustomerIndex customers;
  Detector detector;
  DiversionDetector diversions;
  PartnerDirectory partners;
  PolicyStore policies;
  EvidenceStore evidence;
  ContestStore contests;
  Registrar registrar;
  Adjudicator adjudicator;
  DealLimitsStore deal_limits;
  DealFiguresStore deal_figures;
  DealService deal_service;
  DealLimitsService deal_limits_service;
  PolicyService policy_service;
  EvidenceService evidence_service;
  ContestService contest_service;
  FindingService finding_service;
  AllowedOverlapService allowed_overlap_service;
  MassBalanceService mass_balance_service;
  ScanEventService scan_event_service;
  PackingEventService packing_event_service;
  ConflictRuleService conflict_rule_service;
  BackTestService back_test_service;
  PriceObservationService price_observation_service;
  PriceRuleService price_rule_service;
  CaseService case_service;
  CaseDeadlinesService case_deadlines_service;
  CaseEvidenceService case_evidence_service;
  PartnerCaseService partner_case_service;
  RemedyService remedy_service;
  events::Feed feed;
  CaseWatch case_watch;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> feed_service;
  events::Consumer from_partner;
  events::Consumer from_inventory;
  events::Consumer from_incentive;
  approvals::ApprovalAsker approval_asker;
  CustomerFollower customer_follower;
  DealExpiry deal_expiry;
  DealNotices deal_notices;
  CaseEscalator case_escalator;
  ObservationRetention observation_retention;
  mysql::Database& database;
};

Service::Service(const Parts& parts) : state_(std::make_unique<State>(parts)) {}

Service::~Service() { Stop(); }

absl::Status Service::Start() {
  RETURN_IF_ERROR(state_->feed.Start());
  state_->from_partner.Start();
  state_->from_inventory.Start();
  state_->from_incentive.Start();
  // What the first comparison loads (the tables of Chinese writing) and what others have told: so that no call has to
  // wait for either.
  (void)CompareCustomers("臺灣水泥", "台泥");
  RETURN_IF_ERROR(
      state_->database.Transact({}, [this](mysql::Transaction& sql) { return state_->customers.CatchUp(sql); }));
  state_->customer_follower.Start();
  state_->deal_expiry.Start();
  state_->deal_notices.Start();
  state_->case_escalator.Start();
  state_->observation_retention.Start();
  state_->approval_asker.Start();
  return absl::OkStatus();
}

void Service::Stop() {
  state_->approval_asker.Stop();
  state_->observation_retention.Stop();
  state_->case_escalator.Stop();
  state_->deal_notices.Stop();
  state_->deal_expiry.Stop();
  state_->customer_follower.Stop();
  state_->from_partner.Stop();
  state_->from_inventory.Stop();
  state_->from_incentive.Stop();
  state_->feed.Stop();
}

void Service::Committed() { state_->feed.Poke(); }

}  // namespace tributary::conflict
