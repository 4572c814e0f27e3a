#pragma once

// The gates between an application and its decision: whose turn it is, until when, and what keeps it. A pure function
// of the application, the day and who looks.
//
//             owner                                   due
//   DOCUMENTS the prospect, else who made it          14 days after it was handed in or asked
//   SCREENING the reviewer, else CHANNEL_MANAGER      2 days after every document was there
//   REVIEW    the reviewer, else CHANNEL_MANAGER      5 days after the screening
//
// Days of the calendar, in UTC. The applicant is not told who looks like it.

#include <optional>
#include <string>
#include <vector>

#include "common/time/date.h"
#include "partner-service/applications/application.h"

namespace tributary::partner {

// The numbers are those of the wire.
enum class GateKind { kDocuments = 1, kScreening = 2, kReview = 3 };
enum class GateState { kPending = 1, kOpen = 2, kPassed = 3, kFailed = 4, kEnded = 5 };
enum class Viewer { kVendor, kApplicant };

inline constexpr int kDocumentsDays = 14;
inline constexpr int kScreeningDays = 2;
inline constexpr int kReviewDays = 5;

struct Gate {
  GateKind kind = GateKind::kDocuments;
  GateState state = GateState::kPending;
  std::string owner;
  std::optional<Date> due;  // while OPEN
  std::string blocker;      // empty where nothing keeps it
  std::vector<DocumentKind> missing_documents;

  friend bool operator==(const Gate&, const Gate&) = default;
};

// DOCUMENTS, SCREENING, REVIEW.
std::vector<Gate> GatesOf(const Application& application, Date today, Viewer viewer);

}  // namespace tributary::partner
