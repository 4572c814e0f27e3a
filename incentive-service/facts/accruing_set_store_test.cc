#include <memory>
#include <string>
#include <vector>

#include "incentive-service/facts/accruing_set.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

class AccruingSetTest : public ::testing::Test {
 protected:
  void Insert(const std::string& id, bool locked) {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      if (locked) RETURN_IF_ERROR(programs_.LockSet(sql));
      Program program = GrowthProgram(id);
      program.state = ProgramState::kActive;
      return programs_.Insert(sql, program);
    });
  }
  // The programs, each with how many of the periods of 2026's first half are closed.
  std::vector<std::string> Held() {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      RETURN_IF_ERROR(set_.Hold(sql));
      for (const Program& program : set_.programs()) {
        int closed = 0;
        for (const char* day : {"2026-01-01", "2026-04-01"}) {
          const Period scale = PeriodOf(program.period, DayFrom(day));
          RETURN_IF_ERROR(set_.LookAt(sql, program, {scale}));
          if (Find(set_.closes(), program, scale) != nullptr) ++closed;
        }
        texts.push_back(program.id + " " + std::to_string(closed));
      }
      return absl::OkStatus();
    });
    return texts;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  const ProgramStore programs_{};
  AccruingSet set_;
};

// Whoever locks the set makes it another one; nothing else does.
TEST_F(AccruingSetTest, IsReadAgainOnceItWasLocked) {
  Insert("a", true);
  EXPECT_THAT(Held(), ElementsAre("a 0"));
  Insert("b", false);
  EXPECT_THAT(Held(), ElementsAre("a 0"));
  Insert("c", true);
  EXPECT_THAT(Held(), ElementsAre("a 0", "b 0", "c 0"));

  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(programs_.LockSet(sql));
    return PeriodCloseStore().Insert(
        sql, {.program = "b", .period = "2026Q1", .close_time = InstantFrom("2026-04-01"), .currency = "USD"});
  });
  EXPECT_THAT(Held(), ElementsAre("a 0", "b 1", "c 0"));
  // What is rolled back has changed nothing.
  EXPECT_FALSE(database_
                   ->Transact({},
                              [&](mysql::Transaction& sql) -> absl::Status {
                                RETURN_IF_ERROR(programs_.LockSet(sql));
                                return absl::InternalError("undone");
                              })
                   .ok());
  EXPECT_THAT(Held(), ElementsAre("a 0", "b 1", "c 0"));
}

}  // namespace
}  // namespace tributary::incentive
