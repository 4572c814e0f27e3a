// Going live in a running period: what partners had come to and been paid counts once a second person says so, and the
// next statements begin from it.

#include <algorithm>
#include <memory>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOpenings[] = "tributary.incentive.v1.OpeningBalanceService/";

v1::CreateOpeningBalanceRequest Opening(const std::string& id, const std::string& program, const char* day,
                                        int64_t amount, int64_t paid) {
  v1::CreateOpeningBalanceRequest request;
  request.set_parent("partners/p1");
  request.set_opening_balance_id(id);
  v1::OpeningBalance& balance = *request.mutable_opening_balance();
  balance.set_currency("USD");
  balance.set_document("GL-1");
  *balance.mutable_date() = DateOf(day);
  v1::OpeningBalance::Volume& volume = *balance.add_volumes();
  volume.set_program("programs/" + program);
  volume.mutable_amount()->set_value(std::to_string(amount));
  volume.mutable_quantity()->set_value("3");
  volume.mutable_paid()->set_currency_code("USD");
  volume.mutable_paid()->set_units(paid);
  return request;
}

// Somebody asks and somebody else decides.
class Going {
 public:
  Going(const TestKeys& keys, World& world)
      : clerk_(keys.NewClient(world.port(), api::v1::FINANCE, "", "clerk")),
        treasurer_(keys.NewClient(world.port(), api::v1::FINANCE, "", "treasurer")) {}

  rpc::Client& clerk() { return *clerk_; }
  rpc::Client& treasurer() { return *treasurer_; }
  absl::StatusOr<v1::OpeningBalance> Ask(const v1::CreateOpeningBalanceRequest& request) {
    return clerk_->Call<v1::OpeningBalance>(StrCat(kOpenings, "CreateOpeningBalance"), request);
  }
  absl::StatusOr<v1::OpeningBalance> ApproveIt(rpc::Client& client, const std::string& id) {
    v1::ApproveOpeningBalanceRequest request;
    request.set_name("partners/p1/openingBalances/" + id);
    request.set_request_id(NewRequestId());
    return client.Call<v1::OpeningBalance>(StrCat(kOpenings, "ApproveOpeningBalance"), request);
  }
  absl::StatusOr<v1::OpeningBalance> RejectIt(const std::string& id) {
    v1::RejectOpeningBalanceRequest request;
    request.set_name("partners/p1/openingBalances/" + id);
    request.set_note("Another document says otherwise");
    request.set_request_id(NewRequestId());
    return treasurer_->Call<v1::OpeningBalance>(StrCat(kOpenings, "RejectOpeningBalance"), request);
  }
  void GoLive(const v1::CreateOpeningBalanceRequest& request) {
    EXPECT_OK(Ask(request));
    EXPECT_OK(ApproveIt(*treasurer_, request.opening_balance_id()));
  }

 private:
  const std::unique_ptr<rpc::Client> clerk_;
  const std::unique_ptr<rpc::Client> treasurer_;
};

class OpeningBalanceIntegrationTest : public WorldTest {
 protected:
  Going going_{keys_, world_};
};

// Other lines do not count in a period whose volume is of those that count now; in later ones they may.
TEST_F(OpeningBalanceIntegrationTest, AProgramCountsTheLinesThatItsVolumeIsOf) {
  world_.CreateActive("g", Terms());
  going_.GoLive(Opening("live", "g", "2025-02-10", 15000, 150));
  const auto revise = [&](const char* starts_on) {
    v1::ReviseProgramRequest request;
    request.mutable_program()->set_name("programs/g");
    request.mutable_program()->mutable_lines()->add_products("products/x");
    request.mutable_update_mask()->add_paths("lines");
    *request.mutable_starts_on() = DateOf(starts_on);
    request.set_request_id(NewRequestId());
    return world_.finance().Call<v1::Program>(StrCat(kPrograms, "ReviseProgram"), request);
  };
  EXPECT_THAT(revise("2025-01-01"), HasReason(Reason::kInUse));
  v1::ReviseProgramRequest charge;
  charge.mutable_program()->set_name("programs/g");
  charge.mutable_program()->mutable_max_penalty()->set_value("100");
  charge.mutable_update_mask()->add_paths("max_penalty");
  *charge.mutable_starts_on() = DateOf("2025-01-01");
  charge.set_request_id(NewRequestId());
  EXPECT_THAT(world_.finance().Call<v1::Program>(StrCat(kPrograms, "ReviseProgram"), charge), HasReason(Reason::kInUse))
      << "no volume begins a period of a program that charges";
  EXPECT_OK(revise("2025-04-01"));
  ASSERT_OK_AND_ASSIGN(const v1::Accrual opened, world_.GetAccrual("partners/p1/accruals/g.2025Q1"));
  EXPECT_EQ(opened.evaluation().opening().amount().value(), "15000");
}

// 15,000 that earned 150 at 1 %, paid; with 10,000 more all of it earns 2 %.
TEST_F(OpeningBalanceIntegrationTest, AScaleStartsFromWhatWasBroughtAlong) {
  world_.CreateActive("g", Terms("shape: RETROACTIVE"));
  ASSERT_OK_AND_ASSIGN(const v1::OpeningBalance asked, going_.Ask(Opening("live", "g", "2025-02-10", 15000, 150)));
  EXPECT_EQ(asked.state(), v1::OpeningBalance::REQUESTED);
  EXPECT_EQ(asked.volumes(0).period(), "2025Q1");
  EXPECT_THAT(world_.GetAccrual("partners/p1/accruals/g.2025Q1"), HasReason(Reason::kNotFound));
  EXPECT_THAT(going_.ApproveIt(going_.clerk(), "live"), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const v1::OpeningBalance recorded, going_.ApproveIt(going_.treasurer(), "live"));
  EXPECT_EQ(recorded.state(), v1::OpeningBalance::RECORDED);
  EXPECT_EQ(recorded.decider(), "treasurer");
  ASSERT_OK_AND_ASSIGN(const v1::Accrual opened, world_.GetAccrual("partners/p1/accruals/g.2025Q1"));
  EXPECT_EQ(opened.lines(), 0);
  EXPECT_EQ(Amount(opened.evaluation().value()), "USD 150.000000000");
  EXPECT_EQ(opened.evaluation().opening().opening_balance(), "partners/p1/openingBalances/live");
  EXPECT_EQ(opened.evaluation().opening().amount().value(), "15000");
  EXPECT_EQ(Amount(opened.unstated_amount()), "USD 0.000000000");

  feed_.Tell({LineOf("p1", "SO1", 1, "2025-03-01", "2025-03-02", 10000)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual moved, world_.GetAccrual("partners/p1/accruals/g.2025Q1"));
  EXPECT_EQ(Amount(moved.evaluation().value()), "USD 500.000000000");
  EXPECT_EQ(Amount(moved.unstated_amount()), "USD 350.000000000");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(Amount(statements[0].total()), "USD 350.000000000");
  EXPECT_EQ(Amount(statements[0].entries(0).stated_before()), "USD 150.000000000");
  EXPECT_EQ(statements[0].entries(0).evaluation().opening().document(), "GL-1");
  const std::vector<v1::StatementLine> lines = world_.Lines(statements[0].name());
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(Amount(lines[0].share()), "USD 200.000000000");
  ExpectVerified(world_, "partners/p1");

  // A late line trues up what both come to.
  feed_.Tell({LineOf("p1", "SO2", 1, "2025-03-05", "2025-03-06", 5000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  const std::vector<v1::Statement> later = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(later, SizeIs(2));
  EXPECT_EQ(Amount(later[1].total()), "USD 100.000000000");
  EXPECT_EQ(Amount(later[1].entries(0).stated_before()), "USD 500.000000000");
  ExpectVerified(world_, "partners/p1");
}

// What is tried in a program's place begins with what was brought along, as its close does; a new program with nothing.
TEST_F(OpeningBalanceIntegrationTest, SimulationsStartFromWhatWasBroughtAlong) {
  world_.CreateActive("g", Terms("shape: RETROACTIVE"));
  going_.GoLive(Opening("live", "g", "2025-02-10", 15000, 150));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-03-01", "2025-03-02", 10000)});
  world_.CatchUp();
  const auto simulate = [&](const std::string& in_place_of, const v1::Program& terms, const std::string& with) {
    v1::CreateSimulationRequest request;
    v1::Simulation& asked = *request.mutable_simulation();
    *asked.mutable_program() = terms;
    asked.set_in_place_of(in_place_of);
    asked.set_compare_with(with);
    return world_.finance().Call<google::longrunning::Operation>(std::string(kSimulations) + "CreateSimulation",
                                                                 request);
  };
  ASSERT_OK_AND_ASSIGN(const auto tried, simulate("programs/g", Terms("shape: TOTAL"), "programs/g"));
  const auto simulation = AnswerOf<v1::Simulation>(tried);
  EXPECT_EQ(simulation.in_place_of(), "programs/g");
  EXPECT_EQ(Amount(simulation.total()), "USD 750.000000000");
  EXPECT_EQ(Amount(simulation.comparison().total()), "USD 500.000000000") << "what its accrual is worth";
  v1::GetSimulationRequest get;
  get.set_name(simulation.name());
  ASSERT_OK_AND_ASSIGN(const auto stored,
                       world_.finance().Call<v1::Simulation>(std::string(kSimulations) + "GetSimulation", get));
  EXPECT_EQ(stored.in_place_of(), "programs/g");
  ASSERT_OK_AND_ASSIGN(const auto fresh, simulate("", Terms("shape: TOTAL"), ""));
  EXPECT_EQ(Amount(AnswerOf<v1::Simulation>(fresh).total()), "USD 100.000000000");
  EXPECT_THAT(simulate("programs/g", Terms("basis: SELL_IN"), ""), Blames("simulation.in_place_of"));
  EXPECT_THAT(simulate("programs/none", Terms(), ""), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(simulate("g", Terms(), ""), Blames("simulation.in_place_of"));
  // From the next quarter on nothing was brought along, and other lines may count.
  v1::Program later = Terms("basis: SELL_IN");
  *later.mutable_effective_from() = DateOf("2025-04-01");
  EXPECT_OK(simulate("programs/g", later, ""));
}

// 50,000 of a year earned 800, of which 400 were paid: the first settlement after the day pays the rest.
TEST_F(OpeningBalanceIntegrationTest, WhatWasPaidIsTakenOffTheNestedSettlement) {
  world_.CreateActive("nested", Terms("period: YEAR payout_period: QUARTER"));
  ASSERT_OK(world_.Close("nested", "2025Q1"));  // before anything is known of it
  going_.GoLive(Opening("live", "nested", "2025-05-15", 50000, 400));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-06-01", "2025-06-02", 20000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("nested", "2025Q2"));
  ASSERT_OK(world_.Close("nested", "2025Q3"));
  feed_.Tell({LineOf("p1", "SO2", 1, "2025-10-10", "2025-10-11", 1000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("nested", "2025Q4"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(Amount(statements[0].total()), "USD 950.000000000");  // 200 + 800 + 350 - 400
  EXPECT_EQ(Amount(world_.Lines(statements[0].name()).at(0).share()), "USD 385.710000000");
  EXPECT_EQ(Amount(statements[1].total()), "USD 35.000000000");
  EXPECT_EQ(Amount(statements[1].entries(0).stated_before()), "USD 1350.000000000");
  ExpectVerified(world_, "partners/p1");
}

// Who bought nothing more is paid what was earned and not paid.
TEST_F(OpeningBalanceIntegrationTest, CountsWithoutALine) {
  world_.CreateActive("g");
  going_.GoLive(Opening("live", "g", "2025-02-10", 20000, 150));
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(Amount(statements[0].total()), "USD 50.000000000");
  ExpectVerified(world_, "partners/p1");
  ASSERT_OK_AND_ASSIGN(const v1::Accrual stated, world_.GetAccrual("partners/p1/accruals/g.2025Q1"));
  EXPECT_TRUE(stated.stated());
}

TEST_F(OpeningBalanceIntegrationTest, WhateverComesInWhateverOrder) {
  const std::vector<inventory::v1::ShipmentLine> lines = {LineOf("p1", "SO1", 1, "2025-03-01", "2025-03-02", 10000),
                                                          LineOf("p1", "SO2", 1, "2025-04-05", "2025-04-06", 700),
                                                          LineOf("p1", "SO3", 1, "2025-02-20", "2025-02-21", 50000)};
  std::string accruals;
  for (int round = 0; round < 3; ++round) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    Going going(keys_, world);
    world.CreateActive("g", Terms("shape: RETROACTIVE"));
    std::vector<inventory::v1::ShipmentLine> told = lines;
    if (round == 1) std::reverse(told.begin(), told.end());
    if (round != 1) going.GoLive(Opening("live", "g", "2025-02-10", 15000, 150));
    for (const inventory::v1::ShipmentLine& line : told) {
      for (int i = 0; i < (round == 2 ? 2 : 1); ++i) feed.Tell({line});
    }
    world.CatchUp();
    if (round == 1) going.GoLive(Opening("live", "g", "2025-02-10", 15000, 150));
    if (round == 0) accruals = world.AccrualTexts();
    EXPECT_THAT(accruals, HasSubstr("openingBalances/live"));
    EXPECT_EQ(world.AccrualTexts(), accruals) << round;
  }
}

TEST_F(OpeningBalanceIntegrationTest, Refusals) {
  world_.CreateActive("g");
  EXPECT_OK(world_.Create("draft", Terms()));
  EXPECT_THAT(going_.Ask(Opening("a", "none", "2025-02-10", 1, 0)), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(going_.Ask(Opening("a", "draft", "2025-02-10", 1, 0)), HasReason(Reason::kStateConflict));
  EXPECT_THAT(going_.Ask(Opening("a", "g", "2024-12-31", 1, 0)), Blames("opening_balance.volumes[0].program"));
  v1::CreateOpeningBalanceRequest bad = Opening("a", "g", "2025-02-10", 1, 0);
  bad.mutable_opening_balance()->clear_document();
  EXPECT_THAT(going_.Ask(bad), Blames("opening_balance.document"));
  bad = Opening("a", "g", "2025-02-10", 1, 0);
  bad.mutable_opening_balance()->mutable_volumes(0)->mutable_paid()->set_currency_code("EUR");
  EXPECT_THAT(going_.Ask(bad), Blames("opening_balance.volumes[0].paid.currency_code"));
  bad.mutable_opening_balance()->clear_volumes();
  EXPECT_THAT(going_.Ask(bad), Blames("opening_balance.wallet_lots"));

  // Once: asked for, recorded, but not where it was rejected.
  ASSERT_OK(going_.Ask(Opening("a", "g", "2025-02-10", 1, 0)));
  EXPECT_THAT(going_.Ask(Opening("b", "g", "2025-03-10", 1, 0)), HasReason(Reason::kAlreadyOpened));
  ASSERT_OK(going_.RejectIt("a"));
  EXPECT_THAT(going_.ApproveIt(going_.treasurer(), "a"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(world_.GetAccrual("partners/p1/accruals/g.2025Q1"), HasReason(Reason::kNotFound));
  going_.GoLive(Opening("b", "g", "2025-03-10", 1, 0));
  EXPECT_THAT(going_.Ask(Opening("c", "g", "2025-02-10", 1, 0)), HasReason(Reason::kAlreadyOpened));
  ASSERT_OK(going_.Ask(Opening("d", "g", "2025-05-10", 1, 0)));  // of the next period

  // Lines that it would count twice; a period that was closed before it was approved.
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-05-10", "2025-05-11", 10000)});
  world_.CatchUp();
  EXPECT_THAT(going_.ApproveIt(going_.treasurer(), "d"), HasReason(Reason::kStateConflict));
  feed_.Tell({ReversalOf(LineOf("p1", "SO1", 1, "2025-05-10", "2025-05-11", 10000))});
  world_.CatchUp();
  ASSERT_OK(world_.Close("g", "2025Q1"));
  ASSERT_OK(world_.Close("g", "2025Q2"));
  EXPECT_THAT(going_.ApproveIt(going_.treasurer(), "d"), HasReason(Reason::kPeriodClosed));
}

// Lots come with the volumes, and wait as they do.
TEST_F(OpeningBalanceIntegrationTest, LotsWaitWithTheVolumes) {
  world_.CreateActive("g");
  v1::CreateOpeningBalanceRequest request = Opening("live", "g", "2025-02-10", 1000, 0);
  v1::OpeningBalance::Lot& lot = *request.mutable_opening_balance()->add_wallet_lots();
  lot.set_lot("old");
  lot.mutable_amount()->set_currency_code("USD");
  lot.mutable_amount()->set_units(70);
  *lot.mutable_expires_on() = DateOf("2999-12-31");
  ASSERT_OK(going_.Ask(request));
  const auto lots = [&] {
    std::vector<std::string> ids;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ids.clear();
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT lot FROM wallet_lot WHERE partner = 'p1'"));
      for (const mysql::Row& row : rows) ids.push_back(row.Text(0));
      return absl::OkStatus();
    }));
    return ids;
  };
  EXPECT_THAT(lots(), IsEmpty());
  ASSERT_OK(going_.ApproveIt(going_.treasurer(), "live"));
  EXPECT_THAT(lots(), SizeIs(1));
}

}  // namespace
}  // namespace tributary::incentive
