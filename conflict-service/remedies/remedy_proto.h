#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "conflict-service/remedies/remedy.h"
#include "conflict-service/remedies/suggest.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::conflict {

v1::Remedy ToProto(const Remedy& remedy);
v1::SuggestedRemedy ToProto(const SuggestedRemedy& suggested);
// INVALID_FIELD below "measures[i]": numbers and days that cannot be read.
absl::StatusOr<std::vector<RemedyMeasure>> FromProto(const v1::ApplyRemedyRequest& request);
// INVALID_FIELD: no answer, or one to no remedy.
struct AddressedAnswer {
  std::string case_id;
  int64_t number = 0;
  std::string uid;  // the remedy's; empty where the answer does not say it
  RemedyAnswer answer;
};
absl::StatusOr<AddressedAnswer> FromProto(const v1::RemedyAnswer& answer);

// (case, number) of cases/{case}/remedies/{remedy}; NOT_FOUND where the last segment is no number.
absl::StatusOr<std::pair<std::string, int64_t>> ParseRemedyName(std::string_view name, std::string_view field = "name");

// What the feed is told of a change: "ordered" or "compensating" while it runs, "applied" or "compensated" at the end.
events::EventDraft Told(const Remedy& remedy);

}  // namespace tributary::conflict
