// Remedies that reassign a territory, and remedies whose number comes again, through the wire.

#include "conflict-service/remedies/testing_remedies.h"

namespace tributary::conflict {
namespace {

using incentive::Eventually;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using RemediedTerritoryTest = RemedyServiceTest;

TEST_F(RemediedTerritoryTest, ATerritoryPassesToAnotherPartnerOrBack) {
  Territories();
  ASSERT_OK(CreateGrant("partners/p1", {"regions/aw-1"}));
  const std::string home = "partners/p1/territoryGrants/home";
  // All or nothing: with a fine that is not approved, the territory goes back.
  ASSERT_OK(Apply({Reassign(home, "p2", "2026-07-01"), Measure(v1::RemedyStep::PENALTY, "p2", "450")}));
  const incentive::v1::Adjustment penalty = Requested("p2");
  EXPECT_EQ(StatesOf(Get()), "RUNNING: APPLIED ORDERED");
  EXPECT_THAT(Get().steps(0).result(), StartsWith("partners/p2/territoryGrants/"));
  EXPECT_THAT(Holds("p1"), ElementsAre("2010-10-01 2026-07-01"));
  EXPECT_THAT(Holds("p2"), ElementsAre("2026-07-01 "));
  ASSERT_OK(Reject(penalty.name()));
  Await("COMPENSATED: COMPENSATED REFUSED");
  EXPECT_THAT(Holds("p1"), ElementsAre("2010-10-01 2026-07-01", "2026-07-01 "));
  EXPECT_THAT(Holds("p2"), IsEmpty());
  const std::string back = Get().steps(0).compensation();
  EXPECT_THAT(back, StartsWith("partners/p1/territoryGrants/"));

  // What is not there any more cannot be taken, and nobody unknown is given anything.
  ASSERT_OK(Apply({Reassign(home, "p2", "2026-07-01")}));
  Await("COMPENSATED: REFUSED", "cases/rival/remedies/2");
  EXPECT_THAT(Get("cases/rival/remedies/2").steps(0).note(), HasSubstr("REVOKED"));
  ASSERT_OK(Apply({Reassign(back, "p3", "2026-07-01")}));
  Await("COMPENSATED: REFUSED", "cases/rival/remedies/3");
  EXPECT_THAT(Get("cases/rival/remedies/3").steps(0).note(), HasSubstr("partners/p3"));

  ASSERT_OK(Apply({Reassign(back, "p2", "2026-07-01"), Measure(v1::RemedyStep::WARNING, "p1")}));
  Await("APPLIED: APPLIED APPLIED", "cases/rival/remedies/4");
  EXPECT_THAT(Holds("p1"), ElementsAre("2010-10-01 2026-07-01"));
  EXPECT_THAT(Holds("p2"), ElementsAre("2026-07-01 "));
  EXPECT_EQ(Get("cases/rival/remedies/4").steps(0).territory_grant(), back);
  EXPECT_OK(Close());
}

// After a restore of conflict-service a number may come again: the new remedy is carried out by itself, and what is
// answered to the old one says nothing of it.
TEST_F(RemediedTerritoryTest, ANumberThatComesAgainIsAnotherRemedy) {
  const auto lost = Apply({Measure(v1::RemedyStep::PENALTY, "p1", "100")});
  ASSERT_OK(lost);
  const incentive::v1::Adjustment first = Requested("p1");
  const absl::Status restored = database_->Transact({}, [](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(sql.Execute("DELETE FROM remedy_step").status());
    return sql.Execute("DELETE FROM remedy").status();
  });
  ASSERT_OK(restored);
  const auto again = Apply({Measure(v1::RemedyStep::PENALTY, "p1", "200")});
  ASSERT_OK(again);
  EXPECT_EQ(again->name(), lost->name());
  EXPECT_NE(again->uid(), lost->uid());
  std::vector<incentive::v1::Adjustment> requested;
  ASSERT_TRUE(Eventually([&] {
    requested = Adjustments("p1", "state = REQUESTED");
    return requested.size() == 2;
  }));
  const incentive::v1::Adjustment& second = requested[requested[0].name() == first.name() ? 1 : 0];
  EXPECT_EQ(second.amount().units(), -200);
  ASSERT_OK(Reject(first.name()));
  ASSERT_OK(Approve(second.name()));
  Await("APPLIED: APPLIED");
  EXPECT_EQ(Get().steps(0).result(), second.name());
}

}  // namespace
}  // namespace tributary::conflict
