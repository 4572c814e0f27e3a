// Whose accruals are there and told where a program rolls up, on a real database.

#include <memory>
#include <string>
#include <vector>

#include "events_schema.h"
#include "incentive-service/accruals/group_accruals.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// "m1" earns with "head" from 10 February on.
class GroupAccrualsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    program_.state = ProgramState::kActive;
    program_.rolls_up = true;
    InTransaction(*database_, [&](mysql::Transaction& sql) { return ProgramStore().Insert(sql, program_); });
    Relate("head", 1);
  }
  // What partner-service's feed has told of m1 at that place.
  void Relate(const std::string& other, int64_t seq) {
    InTransaction(*database_, [&](mysql::Transaction& sql) {
      return sql
          .Execute(
              "INSERT INTO relationship (partner, relationship, seq, shard, kind, other, valid_from, valid_to) VALUES "
              "('m1', 'r', ?, 3, 3, ?, '2026-02-10', '9999-12-31')",
              {seq, other})
          .status();
    });
  }
  AccrualMove Moved(const std::string& partner, const std::string& period) const {
    AccrualMove move{.key = {partner, "g", period}, .at = at_};
    move.period_start = ParsePeriod(PeriodKind::kQuarter, period)->range.start;
    move.sums.lines = 1;
    return move;
  }
  // "m1.2026Q1", with a star where others count there, by key.
  std::vector<std::string> WithEarners(std::vector<AccrualMove> moves) {
    InTransaction(*database_, [&](mysql::Transaction& sql) {
      return groups_.AddEarners(sql, absl::MakeConstSpan(&program_, 1), &moves);
    });
    std::vector<std::string> texts;
    for (const AccrualMove& move : moves) {
      texts.push_back(move.key.partner + "." + move.key.period + (move.rolled_up ? "*" : ""));
    }
    return texts;
  }
  // Those that are there for who earns by lines of others, after m1's relationships were told.
  std::vector<std::string> Followed(bool* told = nullptr) {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      Relationship relationship{.partner = "m1", .kind = RelationshipKind::kEarnsWith};
      events::Outbox outbox;
      RETURN_IF_ERROR(groups_.Follow(sql, absl::MakeConstSpan(&relationship, 1), at_, outbox));
      if (told != nullptr) *told = !outbox.empty();
      ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, AccrualStore().RolledUpKeys(sql, "g"));
      for (const AccrualKey& key : keys) texts.push_back(key.partner + "." + key.period);
      return absl::OkStatus();
    });
    return texts;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::incentive()});
  const absl::Time at_ = InstantFrom("2026-06-01");
  Program program_ = GrowthProgram("g");
  GroupAccruals groups_;
};

TEST_F(GroupAccrualsTest, AMembersMoveIsItsEarnersToo) {
  EXPECT_THAT(WithEarners({Moved("m1", "2026Q1")}), ElementsAre("head.2026Q1*", "m1.2026Q1"));
  EXPECT_THAT(WithEarners({Moved("head", "2026Q1"), Moved("m1", "2026Q1"), Moved("x", "2026Q1")}),
              ElementsAre("head.2026Q1*", "m1.2026Q1", "x.2026Q1"));
  EXPECT_THAT(WithEarners({Moved("head", "2026Q1"), Moved("x", "2026Q1")}), ElementsAre("head.2026Q1", "x.2026Q1"));
  program_.rolls_up = false;
  EXPECT_THAT(WithEarners({Moved("m1", "2026Q1")}), ElementsAre("m1.2026Q1"));
}

TEST_F(GroupAccrualsTest, RelationshipsMakeAccrualsOfPeriodsThatAreNotClosed) {
  PeriodClose close{.program = "g", .period = "2026Q1", .close_time = at_, .currency = "USD"};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(AccrualStore().Apply(sql, {Moved("m1", "2026Q1"), Moved("m1", "2026Q2"), Moved("x", "2026Q2")}));
    return PeriodCloseStore().Insert(sql, close);
  });
  bool told = false;
  EXPECT_THAT(Followed(&told), ElementsAre("head.2026Q2"));
  EXPECT_TRUE(told);
  EXPECT_THAT(Followed(), ElementsAre("head.2026Q2"));
  // The next one is there too; the one before is told that it is not the earner any more, and stays.
  Relate("other", 2);
  EXPECT_THAT(Followed(), UnorderedElementsAre("head.2026Q2", "other.2026Q2"));
  // A close that knew of it counts by that for good.
  EXPECT_THAT(WithEarners({Moved("m1", "2026Q1")}), ElementsAre("m1.2026Q1"));
}

TEST_F(GroupAccrualsTest, NothingIsDoneWhereNothingRollsUp) {
  program_.rolls_up = false;
  program_.version = 2;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(ProgramStore().Update(sql, program_));
    return AccrualStore().Apply(sql, {Moved("m1", "2026Q2")});
  });
  bool told = true;
  EXPECT_THAT(Followed(&told), IsEmpty());
  EXPECT_FALSE(told);
}

}  // namespace
}  // namespace tributary::incentive
