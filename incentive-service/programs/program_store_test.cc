#include "incentive-service/programs/program_store.h"

#include <atomic>
#include <memory>
#include <thread>

#include "absl/synchronization/notification.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProgramStoreTest : public ::testing::Test {
 protected:
  std::vector<std::string> Ids(const std::string& filter, bool ended_too = false, std::string_view after = "",
                               int limit = 10) {
    std::vector<std::string> ids;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ids.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, ProgramStore::FilterFields()));
      ASSIGN_OR_RETURN(const std::vector<Program> programs, store_.List(sql, after, where, ended_too, limit));
      for (const Program& program : programs) ids.push_back(program.id);
      return absl::OkStatus();
    });
    return ids;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  ProgramStore store_;
};

TEST_F(ProgramStoreTest, KeepsEveryVersion) {
  Program program = GrowthProgram("growth");
  program.terms.rounding = Rounding::kDown;
  program.terms.scale.bound = Bound::kUpto;
  program.budget = PeriodBudget{DecimalFrom("5400.5"), BudgetPolicy::kByEvent};
  program.rolls_up = true;
  program.eligibility = {.partners = {"p1", "p2"},
                         .except_partners = {"p3"},
                         .tiers = {{"stars", "gold"}, {"stars", "silver"}},
                         .except_tiers = {{"training", "none"}},
                         .channel_types = {ChannelType::kIndirect, ChannelType::kHybrid},
                         .except_channel_types = {ChannelType::kDirect},
                         .regions = {"CN-31", "CN-51"},
                         .except_regions = {"CN-5101"},
                         .partner_programs = {"stars"},
                         .except_partner_programs = {"training"},
                         .customer_segments = {"education", "学校"},
                         .except_customer_segments = {"retail"}};
  program.clawback_cap = ClawbackCap{DecimalFrom("0"), DecimalFrom("0.125")};
  program.return_policy = ReturnPolicy::kMatchLatest;
  program.terms.carry_negative = true;
  InTransaction(*database_, [&](mysql::Transaction& sql) { return store_.Insert(sql, program); });
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(store_.Get(sql, "growth"), IsOkAndHolds(program));
    EXPECT_THAT(store_.Get(sql, "Growth"), HasReason(Reason::kNotFound));
    EXPECT_THAT(store_.Insert(sql, program), HasReason(Reason::kAlreadyExists));
    return absl::OkStatus();
  });

  ASSERT_OK_AND_ASSIGN(const Program active, Activate(program, InstantFrom("2026-02-01")));
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(store_.GetForUpdate(sql, "growth"), IsOkAndHolds(program));
    return store_.Update(sql, active);
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(store_.Get(sql, "growth"), IsOkAndHolds(active));
    EXPECT_THAT(store_.GetVersion(sql, "growth", 1), IsOkAndHolds(program));
    EXPECT_THAT(store_.GetVersion(sql, "growth", 2), IsOkAndHolds(active));
    EXPECT_THAT(store_.GetVersion(sql, "growth", 3), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  });
  // Whoever has read an older version changes nothing.
  EXPECT_FALSE(database_
                   ->Transact({.deadline = absl::Now() + absl::Milliseconds(200)},
                              [&](mysql::Transaction& sql) { return store_.Update(sql, active); })
                   .ok());
}

TEST_F(ProgramStoreTest, ListsByIdAndFilter) {
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    for (const char* id : {"c", "a", "b", "d"}) {
      Program program = GrowthProgram(id, id[0] == 'b' ? Basis::kSellIn : Basis::kOrder);
      if (id[0] == 'c') program.terms.scale.shape = Shape::kRetroactive;
      if (id[0] == 'd') program.state = ProgramState::kEnded;
      if (id[0] == 'a') program.state = ProgramState::kActive;
      RETURN_IF_ERROR(store_.Insert(sql, program));
    }
    return absl::OkStatus();
  });
  EXPECT_THAT(Ids(""), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ids("", true), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Ids("", true, "b"), ElementsAre("c", "d"));
  EXPECT_THAT(Ids("", true, "", 2), ElementsAre("a", "b"));
  EXPECT_THAT(Ids("state = ACTIVE"), ElementsAre("a"));
  EXPECT_THAT(Ids("shape = RETROACTIVE OR basis = SELL_IN"), ElementsAre("b", "c"));
  EXPECT_THAT(Ids("state = ENDED"), IsEmpty());
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Program> accruing, store_.Accruing(sql));
    EXPECT_EQ(accruing.size(), 2u);
    return absl::OkStatus();
  });
}

// Many may hold the set; who locks it waits for all of them and keeps others out.
TEST_F(ProgramStoreTest, TheSetOfProgramsIsHeldOrLocked) {
  InTransaction(*database_, [&](mysql::Transaction& sql) { return store_.HoldSet(sql); });  // makes the row
  absl::Notification held, go;
  std::atomic<bool> released = false;
  std::thread holder([&] {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.HoldSet(sql));
      if (!held.HasBeenNotified()) held.Notify();
      go.WaitForNotification();
      released = true;
      return absl::OkStatus();
    });
  });
  held.WaitForNotification();
  std::thread locker([&] {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.LockSet(sql));
      EXPECT_TRUE(released);
      return absl::OkStatus();
    });
  });

  go.Notify();
  holder.join();
  locker.join();
  InTransaction(*database_, [&](mysql::Transaction& outer) -> absl::Status {
    RETURN_IF_ERROR(store_.HoldSet(outer));
    InTransaction(*database_, [&](mysql::Transaction& inner) { return store_.HoldSet(inner); });
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
