#pragma once

// For tests: what a Status or StatusOr is. `EXPECT_THAT(f(), IsOk())`, `EXPECT_THAT(f(), IsOkAndHolds(3))`,
// `EXPECT_THAT(f(), StatusIs(absl::StatusCode::kNotFound, HasSubstr("p-1")))`, `EXPECT_THAT(f(),
// HasReason(Reason::kNotFound))`.

#include <ostream>
#include <string>
#include <utility>

#include "common/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary {

inline void PrintTo(Reason reason, std::ostream* out) { *out << std::string(NameOf(reason)); }

namespace testing_internal {
inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}
}  // namespace testing_internal

MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  const absl::Status& status = testing_internal::StatusOf(arg);
  *result_listener << std::string(status.message());
  return status.ok();
}

MATCHER_P(StatusHasCode, code, "has code " + absl::StatusCodeToString(code)) {
  return testing_internal::StatusOf(arg).code() == code;
}

MATCHER_P2(StatusIs, code, message, "has code " + absl::StatusCodeToString(code) + " and a fitting message") {
  const absl::Status& status = testing_internal::StatusOf(arg);
  return status.code() == code &&
         ::testing::ExplainMatchResult(message, std::string(status.message()), result_listener);
}

MATCHER_P(HasReason, reason, "has reason " + std::string(NameOf(reason))) {
  const Reason got = ReasonOf(testing_internal::StatusOf(arg));
  *result_listener << "whose reason is " << std::string(NameOf(got)) << ": "
                   << std::string(testing_internal::StatusOf(arg).message());
  return got == reason;
}

// INVALID_FIELD with a violation of the field `path`.
MATCHER_P(Blames, path, std::string("blames the field ") + path) {
  const ErrorDetail detail = DetailOf(testing_internal::StatusOf(arg));
  *result_listener << "whose message is " << std::string(testing_internal::StatusOf(arg).message());
  for (const FieldViolation& violation : detail.violations) {
    if (violation.field == path) return true;
  }
  return false;
}

MATCHER_P(IsOkAndHolds, value, "is OK and holds a fitting value") {
  if (!arg.ok()) {
    *result_listener << "whose status is " << std::string(arg.status().message());
    return false;
  }
  return ::testing::ExplainMatchResult(value, *arg, result_listener);
}

}  // namespace tributary

#define EXPECT_OK(expression) EXPECT_THAT((expression), ::tributary::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT((expression), ::tributary::IsOk())
// Moves the value of a StatusOr into `target`, or ends the test.
#define ASSERT_OK_AND_ASSIGN(target, expression) \
  ASSERT_OK_AND_ASSIGN_INNER(TRIBUTARY_CONCAT(status_or_, __LINE__), target, expression)
#define ASSERT_OK_AND_ASSIGN_INNER(holder, target, expression) \
  auto holder = (expression);                                  \
  ASSERT_OK(holder);                                           \
  target = *std::move(holder)
