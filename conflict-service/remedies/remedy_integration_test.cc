// Remedies through the wire: conflict-service orders, incentive-service and partner-service carry out and answer, all
// three served whole, each on its own database and on the others' feeds.

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
namespace {

using incentive::Eventually;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
  static std::string StatesOf(const v1::Remedy& remedy) {
    std::string text = StrCat(v1::Remedy::State_Name(remedy.state()), ":");
    for (const v1::RemedyStep& step : remedy.steps()) StrAppend(&text, " ", v1::RemedyStep::State_Name(step.state()));
    return text;
  }
  void Await(const std::string& states, const std::string& name = "cases/rival/remedies/1") {
    EXPECT_TRUE(Eventually([&] { return StatesOf(Get(name)) == states; }))
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
    EXPECT_TRUE(Eventually([&] {
      requested = Adjustments(partner, "state = REQUESTED");
      return !requested.empty();
    }));
    EXPECT_THAT(requested, SizeIs(1));
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

// SCENARIOS: 70/30 of 5 % x 40,000; and a warning besides.
TEST_F(RemedyServiceTest, ASplitAndAWarningAreAppliedOneAfterTheOther) {
  v1::RemedyMeasure split = Measure(v1::RemedyStep::SPLIT_CREDIT, nullptr, "2000");
  for (const auto& [partner, weight] : {std::pair("partners/p2", "70"), std::pair("partners/p1", "30")}) {
    v1::RemedyShare& share = *split.add_shares();
    share.set_partner(partner);
    share.mutable_weight()->set_value(weight);
  }
  const auto begun = Apply({split, Measure(v1::RemedyStep::WARNING, "p1")});
  ASSERT_OK(begun);
  EXPECT_EQ(begun->name(), "cases/rival/remedies/1");
  EXPECT_EQ(begun->principal(), "manager-1");
  EXPECT_EQ(StatesOf(*begun), "RUNNING: ORDERED WAITING WAITING");
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::WARNING, "p1")}), HasReason(Reason::kStateConflict)) << "one runs";
  EXPECT_THAT(Close(), HasReason(Reason::kStateConflict));

  const incentive::v1::Adjustment first = Requested("p2");
  EXPECT_EQ(first.amount().units(), 1400);
  EXPECT_EQ(first.remedy(), begun->name());
  EXPECT_EQ(first.requester(), "manager-1");
  EXPECT_EQ(first.reason(), "SPLIT_CREDIT by decision");
  EXPECT_THAT(Adjustments("p1"), IsEmpty()) << "before the one before it is applied";
  // Money has its own rules: never by who asks, and by finance up to its limit.
  const auto manager = keys_.NewClient(incentive_.port(), api::v1::ADMINISTRATOR, "", "manager-1");
  EXPECT_THAT(Approve(first.name(), manager.get()), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Approve(first.name(), finance_.get()), HasReason(Reason::kAboveAuthority));
  ASSERT_OK(Approve(first.name()));
  const incentive::v1::Adjustment second = Requested("p1");
  EXPECT_EQ(second.amount().units(), 600);
  ASSERT_OK(Approve(second.name()));
  Await("APPLIED: APPLIED APPLIED APPLIED");

  const v1::Remedy applied = Get();
  EXPECT_EQ(applied.steps(0).result(), first.name());
  EXPECT_EQ(applied.steps(1).result(), second.name());
  const auto warning = GetSanction(applied.steps(2).result());
  ASSERT_OK(warning);
  EXPECT_EQ(warning->kind(), partner::v1::Sanction::WARNING);
  EXPECT_EQ(warning->level(), 1);
  EXPECT_EQ(warning->state(), partner::v1::Sanction::IN_FORCE);
  EXPECT_EQ(warning->principal(), "manager-1");
  EXPECT_THAT(warning->DebugString(), ::testing::Not(HasSubstr("rival"))) << "the partner reads it";

  // The ladder: the next warning is one level up.
  ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p1")}));
  Await("APPLIED: APPLIED", "cases/rival/remedies/2");
  EXPECT_EQ(GetSanction(Get("cases/rival/remedies/2").steps(0).result())->level(), 2);
  EXPECT_OK(Close());
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::WARNING, "p1")}), HasReason(Reason::kStateConflict)) << "CLOSED";
}

TEST_F(RemedyServiceTest, ARefusalTakesBackWhatWasAppliedTheLastOneFirst) {
  const auto begun = Apply({Measure(v1::RemedyStep::CLAWBACK, "p1", "2800"), Measure(v1::RemedyStep::WARNING, "p1"),
                            Measure(v1::RemedyStep::PENALTY, "p2", "450.50"), Measure(v1::RemedyStep::WARNING, "p2")});
  ASSERT_OK(begun);
  const incentive::v1::Adjustment clawback = Requested("p1");
  EXPECT_EQ(clawback.amount().units(), -2800);
  ASSERT_OK(Approve(clawback.name()));
  const incentive::v1::Adjustment penalty = Requested("p2");
  EXPECT_EQ(penalty.amount().units(), -450);
  EXPECT_EQ(penalty.amount().nanos(), -500000000);
  EXPECT_EQ(StatesOf(Get()), "RUNNING: APPLIED APPLIED ORDERED WAITING");
  EXPECT_EQ(GetSanction(Get().steps(1).result())->state(), partner::v1::Sanction::IN_FORCE);
  ASSERT_OK(Reject(penalty.name()));
  Await("COMPENSATED: COMPENSATED COMPENSATED REFUSED SKIPPED");

  const v1::Remedy failed = Get();
  EXPECT_EQ(failed.steps(2).note(), "Not by these facts");
  EXPECT_EQ(failed.steps(2).result(), penalty.name());
  EXPECT_EQ(failed.steps(1).compensation(), failed.steps(1).result());
  EXPECT_EQ(GetSanction(failed.steps(1).result())->state(), partner::v1::Sanction::LIFTED);
  const std::vector<incentive::v1::Adjustment> of_p1 = Adjustments("p1", "state = APPROVED");
  ASSERT_THAT(of_p1, SizeIs(2));
  EXPECT_EQ(of_p1[0].amount().units() + of_p1[1].amount().units(), 0);
  const auto back =
      std::find_if(of_p1.begin(), of_p1.end(), [](const auto& one) { return !one.compensates().empty(); });
  ASSERT_NE(back, of_p1.end());
  EXPECT_EQ(back->name(), failed.steps(0).compensation());
  EXPECT_EQ(back->compensates(), clawback.name());
  EXPECT_EQ(back->decider(), "administrator-1") << "who approved what it takes back";
  EXPECT_THAT(Adjustments("p2", "state = APPROVED"), IsEmpty());

  // What was told before, told again, changes nothing: the next remedy's shard tells it before that remedy.
  ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
    events::Outbox outbox;
    outbox.Add(events::Draft("cases/rival/remedies/2", "ordered", begun->name(), *begun));
    v1::Remedy compensating = failed;
    compensating.mutable_steps(0)->set_state(v1::RemedyStep::COMPENSATING);
    outbox.Add(events::Draft("cases/rival/remedies/2", "compensating", begun->name(), compensating));
    return outbox.Write(sql);
  }));
  conflict_.Poke();
  ASSERT_OK(Apply({Measure(v1::RemedyStep::PENALTY, "p3", "1")}));
  (void)Requested("p3");
  EXPECT_THAT(Adjustments("p1"), SizeIs(2));
  EXPECT_EQ(StatesOf(Get()), "COMPENSATED: COMPENSATED COMPENSATED REFUSED SKIPPED");
}

TEST_F(RemedyServiceTest, WhatCannotBeCarriedOutIsRefusedAtOnce) {
  ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p1"), Measure(v1::RemedyStep::WARNING, "p3")}));
  Await("COMPENSATED: COMPENSATED REFUSED");
  EXPECT_THAT(Get().steps(1).note(), HasSubstr("partners/p3"));
  v1::RemedyMeasure unknown = Measure(v1::RemedyStep::CLAWBACK, "p1", "1");
  unknown.set_program("programs/no-such");
  ASSERT_OK(Apply({unknown}));
  Await("COMPENSATED: REFUSED", "cases/rival/remedies/2");
  EXPECT_THAT(Get("cases/rival/remedies/2").steps(0).note(), HasSubstr("programs/no-such"));
  EXPECT_THAT(Adjustments("p1"), IsEmpty());
  EXPECT_OK(Close());
}

TEST_F(RemedyServiceTest, IsForTheStaffAndNamesWhatIsWrong) {
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::CLAWBACK, "p1", "0"), Measure(v1::RemedyStep::WARNING, "p9")}),
              Blames("measures[1].partner"));
  EXPECT_THAT(Apply({}), HasReason(Reason::kInvalidField));
  const auto user = keys_.NewClient(port_, api::v1::PARTNER_USER, "p1");
  EXPECT_THAT(Apply({Measure(v1::RemedyStep::WARNING, "p1")}, user.get()), HasReason(Reason::kPermissionDenied));
  v1::ListRemediesRequest list;
  list.set_parent("cases/rival");
  constexpr char kList[] = "tributary.conflict.v1.RemedyService/ListRemedies";
  EXPECT_THAT(user->Call<v1::ListRemediesResponse>(kList, list), HasReason(Reason::kPermissionDenied));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p3")}));
    Await("COMPENSATED: REFUSED", StrCat("cases/rival/remedies/", i + 1));
  }
  list.set_parent("cases/-");
  list.set_page_size(2);
  list.set_filter("state = COMPENSATED");
  std::vector<std::string> names;
  do {
    const auto page = staff_->Call<v1::ListRemediesResponse>(kList, list);
    ASSERT_OK(page);
    for (const v1::Remedy& remedy : page->remedies()) names.push_back(remedy.name());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("cases/rival/remedies/1", "cases/rival/remedies/2", "cases/rival/remedies/3"));
  list.set_parent("cases/none");
  EXPECT_THAT(staff_->Call<v1::ListRemediesResponse>(kList, list), HasReason(Reason::kNotFound));
  v1::GetRemedyRequest get;
  get.set_name("cases/rival/remedies/01");
  EXPECT_THAT(staff_->Call<v1::Remedy>("tributary.conflict.v1.RemedyService/GetRemedy", get),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::conflict
