#pragma once

// Errors: absl::Status with a reason of the registry (reasons.inc) and details that the frame turns into
// google.rpc details. Every error names its field, what it got and what it wanted.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/text/text.h"

namespace tributary {

// Why a call was refused. The registry is reasons.inc; docs/errors.md lists the same.
enum class Reason : int {
  kUnspecified = 0,
#define TRIBUTARY_REASON(name, code, en, zh) name,
#include "common/status/reasons.inc"
#undef TRIBUTARY_REASON
};

// What the registry says of a reason.
struct ReasonInfo {
  Reason reason;
  std::string_view name;  // as on the wire: REQUEST_ID_REUSED
  absl::StatusCode code;
  std::string_view en;  // for people
  std::string_view zh;
};

// Every reason in the order of the registry.
const std::vector<ReasonInfo>& AllReasons();
const ReasonInfo& InfoOf(Reason reason);
std::string_view NameOf(Reason reason);
// kUnspecified where the name is unknown.
Reason ReasonFromName(std::string_view name);

// One bad field of a request.
struct FieldViolation {
  std::string field;  // path: "partner.tax_ids[2].value"
  std::string got;    // cut to 120 characters
  std::string want;
};

// What an error carries besides code and message.
struct ErrorDetail {
  Reason reason = Reason::kUnspecified;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> violations;     // becomes BadRequest
  std::vector<std::string> preconditions;     // becomes PreconditionFailure; each reads "subject: what must hold"
  std::optional<absl::Duration> retry_after;  // becomes RetryInfo
};

// An error with the code of its reason. The message says got and want.
absl::Status Error(Reason reason, std::string_view message,
                   std::vector<std::pair<std::string, std::string>> metadata = {});
// INVALID_ARGUMENT with these violations; the message joins them.
absl::Status InvalidFields(std::vector<FieldViolation> violations);
absl::Status InvalidField(std::string_view field, std::string_view got, std::string_view want);
// NOT_FOUND of a resource under the caller's eyes.
absl::Status NotFound(std::string_view resource_name);
// ALREADY_EXISTS.
absl::Status AlreadyExists(std::string_view resource_name);
// FAILED_PRECONDITION / STATE_CONFLICT: the resource is in `got`, the verb wants one of `want`.
absl::Status WrongState(std::string_view resource_name, std::string_view verb, std::string_view got,
                        std::string_view want);
// SECOND_PERSON_REQUIRED: `got` is the part that the caller had in it ("who asks for it"), somebody else is to `to_do`
// ("approve it").
absl::Status SecondPersonRequired(std::string_view resource_name, std::string_view got, std::string_view to_do);
// ABORTED / ETAG_MISMATCH.
absl::Status StaleEtag(std::string_view resource_name, std::string_view got, std::string_view want);

absl::Status WithDetail(absl::StatusCode code, std::string_view message, const ErrorDetail& detail);
// Empty detail (kUnspecified) where the status carries none.
ErrorDetail DetailOf(const absl::Status& status);
Reason ReasonOf(const absl::Status& status);
// `status` with `prefix: ` before its message; code and detail stay.
absl::Status Annotate(const absl::Status& status, std::string_view prefix);
// The violations of `status` moved below `field`: one without a field gets `field` itself, the others read
// "field.theirs" ("field[2]" stays attached). For parsers that do not know where their text came from. A status
// without violations is answered as it is.
absl::Status AtField(const absl::Status& status, std::string_view field);

namespace status_internal {
inline absl::Status ToStatus(absl::Status status) { return status; }
template <typename T>
absl::Status ToStatus(const absl::StatusOr<T>& result) {
  return result.status();
}
}  // namespace status_internal

}  // namespace tributary

#define TRIBUTARY_CONCAT_INNER(a, b) a##b
#define TRIBUTARY_CONCAT(a, b) TRIBUTARY_CONCAT_INNER(a, b)

// Returns from the function where `expression`, a Status or StatusOr, is not OK.
#define RETURN_IF_ERROR(expression)                                           \
  do {                                                                        \
    if (auto status_value = (expression); !status_value.ok()) [[unlikely]] {  \
      return ::tributary::status_internal::ToStatus(std::move(status_value)); \
    }                                                                         \
  } while (false)

// Returns from the function where `expression`, a StatusOr, is not OK; else moves its value into `target`.
#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_INNER(TRIBUTARY_CONCAT(status_or_, __LINE__), target, expression)
#define ASSIGN_OR_RETURN_INNER(holder, target, expression) \
  auto holder = (expression);                              \
  if (!holder.ok()) [[unlikely]]                           \
    return std::move(holder).status();                     \
  target = *std::move(holder)
