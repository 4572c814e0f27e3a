#pragma once

// Applications and the decisions about their life: DRAFT -> SUBMITTED -> IN_REVIEW -> APPROVED -> CONVERTED; REJECTED
// from SUBMITTED and IN_REVIEW, WITHDRAWN from any of the first four. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "partner-service/applications/screening.h"
#include "partner-service/partners/partner.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class ApplicationState {
  kDraft = 1,
  kSubmitted = 2,
  kInReview = 3,
  kApproved = 4,
  kRejected = 5,
  kWithdrawn = 6,
  kConverted = 7
};
std::string_view NameOf(ApplicationState state);

struct Application {
  std::string id;
  Revision revision;
  ApplicationState state = ApplicationState::kDraft;
  bool undone = false;  // withdrawn because its import was undone; the id may be given again
  std::string legal_name;
  std::vector<std::string> trade_names;
  PartnerKind kind = PartnerKind::kDealer;
  std::string tax_id;
  std::string home_region;  // regions/{region}; may be empty
  std::string currency;
  std::string address;
  std::optional<Money> annual_sales;
  std::optional<int> employees;
  std::optional<int> year_opened;
  std::optional<Screening> screening;  // since it was screened
  std::string rejection_reason;        // where REJECTED
  std::string partner;                 // where CONVERTED: partners/{partner}

  std::string name() const;  // applications/{id}
};

// INVALID_FIELD: a name, the tax id or the address has a control character.
absl::Status CheckTexts(const Application& application);

// How a row of an import meets what is stored.
enum class ApplicationArrival {
  kNew,        // nothing has its id
  kAgain,      // the same content is there, whatever has become of it since
  kReplacing,  // its id is free again, since the import that brought it was undone
};
// `stored` is what has the row's id; ROW_CONFLICT where that has other content.
absl::StatusOr<ApplicationArrival> Arrive(const std::optional<Application>& stored, const Application& row);

// The decisions. Each answers the application as it is afterwards, or why not.
// Refused: not DRAFT.
absl::StatusOr<Application> Submit(const Application& application, absl::Time now);
// Refused: not SUBMITTED. Passing or not, it goes to IN_REVIEW with its scores.
absl::StatusOr<Application> Screen(const Application& application, bool region_in_use, absl::Time now);
// Refused: not IN_REVIEW; SCREENING_FAILED.
absl::StatusOr<Application> Approve(const Application& application, absl::Time now);
// Refused: neither SUBMITTED nor IN_REVIEW.
absl::StatusOr<Application> Reject(const Application& application, std::string_view why, absl::Time now);
// Refused: REJECTED, WITHDRAWN, CONVERTED.
absl::StatusOr<Application> Withdraw(const Application& application, absl::Time now);
// The prospect made of it, and the application as it is afterwards. Refused: not APPROVED.
struct Conversion {
  Application application;
  Partner partner;
};
absl::StatusOr<Conversion> Convert(const Application& application, std::string_view partner_id, absl::Time now);
// By an undone import: WITHDRAWN from any state, and the id is free again.
Application TakeBack(const Application& application, absl::Time now);

}  // namespace tributary::partner
