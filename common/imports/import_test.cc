#include "common/imports/import.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/time/testing_time.h"

namespace tributary::imports {
namespace {

Import With(State state, Counts counts = {}) {
  return {.id = Uuid::New(kNow),
          .version = 1,
          .create_time = kNow,
          .update_time = kNow,
          .state = state,
          .target = "shipments",
          .counts = counts};
}

TEST(Import, NameGoesThereAndBack) {
  const Import import = With(State::kOpen);
  EXPECT_EQ(ParseName(import.name()).value(), import.id);
  for (const char* bad : {"", "imports/", "imports/17", "shipments/00000000-0000-7000-8000-000000000000"}) {
    const auto id = ParseName(bad, "import");
    ASSERT_FALSE(id.ok()) << bad;
    EXPECT_EQ(DetailOf(id.status()).violations.at(0).field, "import") << bad;
    EXPECT_EQ(DetailOf(id.status()).violations.at(0).got, bad);
  }
}

TEST(Import, OnlyAnOpenOneTakesRows) {
  EXPECT_TRUE(CheckTakesRows(With(State::kOpen)).ok());
  for (const State state : {State::kCompleted, State::kUndoing, State::kUndone}) {
    EXPECT_EQ(ReasonOf(CheckTakesRows(With(state))), Reason::kStateConflict);
  }
}

TEST(Import, Complete) {
  const struct {
    State state;
    int64_t received;
    int64_t unreadable;
    Reason outcome;
  } kCases[] = {
      {State::kOpen, 10, 0, Reason::kUnspecified},       {State::kOpen, 13, 3, Reason::kUnspecified},
      {State::kOpen, 5010, 1000, Reason::kUnspecified},  // more were unreadable than are told
      {State::kOpen, 1010, 1000, Reason::kUnspecified},  {State::kCompleted, 10, 0, Reason::kStateConflict},
      {State::kUndoing, 10, 0, Reason::kStateConflict},  {State::kUndone, 10, 0, Reason::kStateConflict},
      {State::kOpen, 9, 0, Reason::kInvalidField},   // fewer than arrived
      {State::kOpen, 13, 2, Reason::kInvalidField},  // a row got lost on the way
      {State::kOpen, 12, 3, Reason::kInvalidField},  // more told than are missing
      {State::kOpen, 1009, 1000, Reason::kInvalidField},
  };
  for (const auto& c : kCases) {
    const Import import = With(c.state, {.received = 10, .accepted = 6, .duplicate = 3, .rejected = 1});
    const auto completed = Complete(import, c.received, c.unreadable, kNow + absl::Seconds(1));
    const std::string label = std::string(NameOf(c.state)) + " " + std::to_string(c.received);
    EXPECT_EQ(ReasonOf(completed.status()), c.outcome) << label;
    if (!completed.ok()) continue;
    EXPECT_EQ(completed->state, State::kCompleted);
    EXPECT_EQ(completed->counts.received, c.received);
    EXPECT_EQ(completed->counts.received,
              completed->counts.accepted + completed->counts.duplicate + completed->counts.rejected);
    EXPECT_EQ(completed->update_time, kNow + absl::Seconds(1));
  }
}

TEST(Import, UndoesStepByStep) {
  Import import = With(State::kCompleted, {.received = 9, .accepted = 9});
  import = UndoStep(import, 5, kNow).value();
  EXPECT_EQ(import.state, State::kUndoing);
  import = UndoStep(import, 4, kNow).value();
  EXPECT_EQ(import.state, State::kUndoing);
  import = UndoStep(import, 0, kNow).value();
  EXPECT_EQ(import.state, State::kUndone);
  EXPECT_EQ(import.counts.undone, 9);
  EXPECT_EQ(ReasonOf(UndoStep(import, 0, kNow).status()), Reason::kStateConflict);
  EXPECT_EQ(UndoStep(With(State::kOpen), 0, kNow)->state, State::kUndone);
}

TEST(Import, ErrorsOfAStatus) {
  const auto several = ErrorsOf(7, InvalidFields({{"a", "1", "2"}, {"b", "3", "4"}}));
  const std::vector<RowError> want = {{7, "a", "1", "2", Reason::kInvalidField},
                                      {7, "b", "3", "4", Reason::kInvalidField}};
  EXPECT_EQ(several, want);
  const auto plain = ErrorsOf(8, NotFound("products/9"));
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_EQ(plain[0].reason, Reason::kNotFound);
  EXPECT_FALSE(plain[0].want.empty());
}

TEST(Import, ARowWithTwoErrorsIsOneRejectedRow) {
  BatchResult result;
  result.Reject(ErrorsOf(7, InvalidFields({{"a", "1", "2"}, {"b", "3", "4"}})));
  EXPECT_EQ(result.rejected, 1);
  EXPECT_EQ(result.errors.size(), 2u);
}

}  // namespace
}  // namespace tributary::imports
