#pragma once

// Refusals that several nouns share.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/status/status.h"
#include "common/time/date.h"

namespace tributary::partner {

// One field of a row that comes again: as it comes and as it is stored.
struct FieldPair {
  std::string_view field;
  std::string_view got;
  std::string_view stored;
};
// OK where all are equal; else ROW_CONFLICT with every field that differs.
absl::Status SameContent(std::initializer_list<FieldPair> fields);

// REFERENCE_NOT_FOUND: the resource that `field` names does not exist or is out of use.
absl::Status UnknownReference(std::string_view field, std::string_view got, std::string_view want);
absl::Status UnknownReferences(std::vector<FieldViolation> violations);

// Names, titles and addresses are one line: a violation where `text` has a control character.
void CheckOneLine(std::string_view field, std::string_view text, std::vector<FieldViolation>* violations);
// The same of each, and none of them empty.
void CheckTradeNames(const std::vector<std::string>& names, std::vector<FieldViolation>* violations);
// A violation of effective_to where the end does not lie after the start.
void CheckDays(const DateRange& effective, std::vector<FieldViolation>* violations);
// OK without violations, else INVALID_FIELD with all of them.
absl::Status AllOf(std::vector<FieldViolation> violations);

}  // namespace tributary::partner
