#pragma once

// For tests of remedies through the wire: conflict-service orders, incentive-service and partner-service carry out and
// answer, all three served whole, each on its own database and on the others' feeds.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conflict-service/cases/case_store.h"
#include "conflict-service/remedies/remedy_proto.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "incentive-service/testing_service.h"
#include "incentive_schema.h"
#include "partner-service/remedies/remedy_follower.h"
#include "partner-service/testing_partners.h"
#include "tests/support/database_node.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/incentive/v1/adjustment.pb.h"
#include "tributary/partner/v1/sanction.pb.h"

namespace tributary::conflict {

// One process of conflict-service, at that port.
class ConflictProcess {
 public:
  ConflictProcess(const incentive::TestKeys& keys, mysql::Database& database, rpc::Client& partner, int inventory_port,
                  int incentive_port, int port)
      : inventory_(keys.NewClient(inventory_port, api::v1::SERVICE)),
        incentive_(keys.NewClient(incentive_port, api::v1::SERVICE)),
        server_(rpc::Frame{.clock = &clock_,
                           .database = &database,
                           .verifier = &keys.verifier(),
                           .registry = &registry_,
                           .committed = [this] { service_.Committed(); }},
                rpc::ServerOptions{.address = StrCat("127.0.0.1:", port), .grace_period = absl::Seconds(1)}),
        service_({.database = database,
                  .clock = clock_,
                  .page_tokens = page_tokens_,
                  .partner_service = partner,
                  .inventory_service = *inventory_,
                  .incentive_service = *incentive_,
                  .server = server_,
                  .registry = &registry_,
                  .owner = "one"}) {
    EXPECT_OK(server_.Start());
    EXPECT_OK(service_.Start());
  }
  ~ConflictProcess() {
    service_.Stop();
    server_.Drain();
  }
  void Poke() { service_.Committed(); }

 private:
  const SystemClock clock_{};
  const PageTokens page_tokens_{std::string(32, 'k')};
  prometheus::Registry registry_;
  std::unique_ptr<rpc::Client> inventory_;
  std::unique_ptr<rpc::Client> incentive_;
  rpc::Server server_;
  Service service_;
};

// A case of p1, p2 and p3, of whom partner-service does not know p3.
class RemedyServiceTest : public partner::PartnersTest {
 protected:
  void SetUp() override {
    warnings_.Start();
    for (const char* id : {"p1", "p2"}) ASSERT_OK(CreatePartner(id, NewPartner(id)));
    const absl::Time now = absl::Now();
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
      return CaseStore().Save(sql, {{.id = "rival",
                                     .uid = Uuid::New(now),
                                     .create_time = now,
                                     .update_time = now,
                                     .state = CaseState::kResolved,
                                     .kind = FindingKind::kDuplicateSale,
                                     .rule_version = "1",
                                     .subjects = {"partners/p1", "partners/p2", "partners/p3"},
                                     .outcome = Outcome::kConfirmed,
                                     .resolution = "Shared",
                                     .resolve_time = now}});
    }));
  }

  static google::type::Money Yuan(const char* amount) { return wire::ToProto(Money{"CNY", *Decimal::Parse(amount)}); }
  static v1::RemedyMeasure Measure(v1::RemedyStep::Kind kind, const char* partner, const char* amount = nullptr) {
    v1::RemedyMeasure measure;
    measure.set_kind(kind);
    if (partner != nullptr) measure.set_partner(StrCat("partners/", partner));
    if (amount != nullptr) *measure.mutable_amount() = Yuan(amount);
    measure.set_reason(StrCat(v1::RemedyStep::Kind_Name(kind), " by decision"));
    return measure;
  }
  absl::StatusOr<v1::Remedy> Apply(const std::vector<v1::RemedyMeasure>& measures, rpc::Client* client = nullptr) {
    v1::ApplyRemedyRequest request;
    request.set_name("cases/rival");
    for (const v1::RemedyMeasure& measure : measures) *request.add_measures() = measure;
    request.set_request_id(partner::NewRequestId());
    return (client != nullptr ? *client : *staff_)
        .Call<v1::Remedy>("tributary.conflict.v1.RemedyService/ApplyRemedy", request);
  }
  v1::Remedy Get(const std::string& name = "cases/rival/remedies/1") {
    v1::GetRemedyRequest request;
    request.set_name(name);
    const auto remedy = staff_->Call<v1::Remedy>("tributary.conflict.v1.RemedyService/GetRemedy", request);
    EXPECT_OK(remedy);
    return remedy.value_or(v1::Remedy());
  }
  static v1::RemedyMeasure Reassign(const std::string& grant, const char* recipient, const char* from) {
    v1::RemedyMeasure measure = Measure(v1::RemedyStep::REASSIGN_TERRITORY, "p1");
    measure.set_territory_grant(grant);
    if (recipient != nullptr) measure.set_recipient(StrCat("partners/", recipient));
    *measure.mutable_effective_from() = wire::ToProto(*Date::Parse(from));
    return measure;
  }
  // "2010-10-01 2026-07-01" for each grant of the partner's that is ACTIVE, sorted; the second empty where it is open.
  std::vector<std::string> Holds(const std::string& id) {
    partner::v1::ListTerritoryGrantsRequest request;
    request.set_parent(StrCat("partners/", id));
    request.set_filter("state = ACTIVE");
    const auto page = Call<partner::v1::ListTerritoryGrantsResponse>(partner::kGrants, "ListTerritoryGrants", request);
    EXPECT_OK(page);
    std::vector<std::string> held;
    if (!page.ok()) return held;
    for (const partner::v1::TerritoryGrant& grant : page->territory_grants()) {
      EXPECT_THAT(grant.regions(), ::testing::ElementsAre("regions/aw-1"));
      held.push_back(
          StrCat(wire::FromProto(grant.effective_from())->ToString(), " ",
                 grant.has_effective_to() ? wire::FromProto(grant.effective_to())->ToString() : std::string()));
    }
    std::sort(held.begin(), held.end());
    return held;
  }
  static std::string StatesOf(const v1::Remedy& remedy) {
    std::string text = StrCat(v1::Remedy::State_Name(remedy.state()), ":");
    for (const v1::RemedyStep& step : remedy.steps()) StrAppend(&text, " ", v1::RemedyStep::State_Name(step.state()));
    return text;
  }
  void Await(const std::string& states, const std::string& name = "cases/rival/remedies/1") {
    EXPECT_TRUE(incentive::Eventually([&] { return StatesOf(Get(name)) == states; }))
        << StatesOf(Get(name)) << ", want " << states;
  }
  absl::Status Close() {
    v1::CloseCaseRequest request;
    request.set_name("cases/rival");
    request.set_request_id(partner::NewRequestId());
    return staff_->Call<v1::Case>("tributary.conflict.v1.CaseService/CloseCase", request).status();
  }

  std::vector<incentive::v1::Adjustment> Adjustments(const std::string& partner, const std::string& filter = "") {
    incentive::v1::ListAdjustmentsRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_filter(filter);
    const auto page = finance_->Call<incentive::v1::ListAdjustmentsResponse>(
        "tributary.incentive.v1.AdjustmentService/ListAdjustments", request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    return {page->adjustments().begin(), page->adjustments().end()};
  }
  // The one that waits for a decision, once there is one.
  incentive::v1::Adjustment Requested(const std::string& partner) {
    std::vector<incentive::v1::Adjustment> requested;
    EXPECT_TRUE(incentive::Eventually([&] {
      requested = Adjustments(partner, "state = REQUESTED");
      return !requested.empty();
    }));
    EXPECT_THAT(requested, ::testing::SizeIs(1));
    return requested.empty() ? incentive::v1::Adjustment() : requested[0];
  }
  absl::StatusOr<incentive::v1::Adjustment> Approve(const std::string& name, rpc::Client* client = nullptr) {
    incentive::v1::ApproveAdjustmentRequest request;
    request.set_name(name);
    request.set_request_id(partner::NewRequestId());
    return (client != nullptr ? *client : *administrator_)
        .Call<incentive::v1::Adjustment>("tributary.incentive.v1.AdjustmentService/ApproveAdjustment", request);
  }
  absl::Status Reject(const std::string& name) {
    incentive::v1::RejectAdjustmentRequest request;
    request.set_name(name);
    request.set_note("Not by these facts");
    request.set_request_id(partner::NewRequestId());
    return finance_
        ->Call<incentive::v1::Adjustment>("tributary.incentive.v1.AdjustmentService/RejectAdjustment", request)
        .status();
  }
  absl::StatusOr<partner::v1::Sanction> GetSanction(const std::string& name) {
    return PartnersTest::Get<partner::v1::Sanction, partner::v1::GetSanctionRequest>(
        "tributary.partner.v1.SanctionService/", "GetSanction", name);
  }

  const incentive::TestKeys keys_;
  const int port_ = testing::FreePort();
  const std::unique_ptr<mysql::Database> inventory_ = testing::FreshDatabase({&schema::events(), &schema::rpc()});
  const std::unique_ptr<mysql::Database> database_ =
      testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::conflict()});
  const std::unique_ptr<mysql::Database> money_ =
      testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()});
  const SystemClock clock_{};
  const std::unique_ptr<rpc::Client> to_partner_ =
      service_.ClientOf({.subject = "conflict-service", .roles = {api::v1::SERVICE}});
  incentive::ShipmentFeed feed_{keys_, *inventory_};
  incentive::IncentiveProcess incentive_{keys_, *money_, feed_.port(), "one", port_};
  ConflictProcess conflict_{keys_, *database_, *to_partner_, feed_.port(), incentive_.port(), port_};
  const std::unique_ptr<rpc::Client> to_conflict_ = keys_.NewClient(port_, api::v1::SERVICE);
  // As partner-service's main has it.
  events::Consumer warnings_{
      service_.database(),
      *to_conflict_,
      clock_,
      {.feed = "conflict",
       .payload_types = {partner::RemedyPayload()},
       .owner = "one",
       .committed = [this] { service_.feed().Poke(); }},
      [this](mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox& outbox) {
        return partner::ApplyRemedies(sql, batch, clock_.Now(), outbox);
      },
      nullptr};
  const std::unique_ptr<rpc::Client> staff_ = keys_.NewClient(port_, api::v1::CHANNEL_MANAGER, "", "manager-1");
  const std::unique_ptr<rpc::Client> finance_ = keys_.NewClient(incentive_.port(), api::v1::FINANCE, "", "treasurer-1");
  const std::unique_ptr<rpc::Client> administrator_ =
      keys_.NewClient(incentive_.port(), api::v1::ADMINISTRATOR, "", "administrator-1");
};

}  // namespace tributary::conflict
