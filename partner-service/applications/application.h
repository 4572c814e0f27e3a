#pragma once

// Applications and the decisions about their life. Pure values and decisions.
//
//   DRAFT -> SUBMITTED -> SCREENING -> IN_REVIEW -> APPROVED -> CONVERTED
//   SUBMITTED (a document is missing) -> SCREENING by itself once every document that must be there is
//   SUBMITTED, SCREENING, IN_REVIEW -> INFO_REQUESTED -> SUBMITTED or SCREENING
//   SUBMITTED, SCREENING, IN_REVIEW, INFO_REQUESTED -> REJECTED
//   any but REJECTED, WITHDRAWN, CONVERTED -> WITHDRAWN

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "partner-service/applications/screening.h"
#include "partner-service/documents/document.h"
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
  kConverted = 7,
  kScreening = 8,
  kInfoRequested = 9
};
std::string_view NameOf(ApplicationState state);
// REJECTED, WITHDRAWN or CONVERTED.
bool IsOver(ApplicationState state);

// A document as it was when it was put to the application; documents never change.
struct ApplicationDocument {
  std::string document_id;
  DocumentKind kind = DocumentKind::kOther;
  std::string sha256;
  std::optional<Date> expires_on;

  std::string document() const;  // documents/{document_id}
  friend bool operator==(const ApplicationDocument&, const ApplicationDocument&) = default;
};

struct InfoRequest {
  std::string text;
  std::vector<DocumentKind> kinds;  // that must then be among the documents
  std::string asked_by;
  absl::Time ask_time;
};

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
  std::optional<Screening> screening;  // since it was screened, until it is handed in anew
  std::string rejection_reason;        // where REJECTED
  std::string partner;                 // where CONVERTED: partners/{partner}
  std::string prospect;                // partners/{partner}; may be empty
  std::string channel;                 // channels/{channel}; may be empty
  std::vector<std::string> references;
  std::vector<ApplicationDocument> documents;
  std::vector<DocumentKind> required_documents;  // in the order of the kinds, each once
  std::optional<InfoRequest> info_request;
  std::string reviewer;  // may be empty
  std::string created_by;
  std::optional<absl::Time> submit_time;
  std::optional<absl::Time> complete_time;  // since when nothing is missing
  std::optional<absl::Time> screen_time;
  std::optional<absl::Time> decide_time;
  std::string decided_by;

  std::string name() const;  // applications/{id}
};

// NOT_FOUND where `partner_id` is not empty and the application is no such prospect's.
absl::Status CheckSeen(const Application& application, std::string_view partner_id);

// INVALID_FIELD: a name, the tax id, the address, a reference or the reviewer has a control character; a reference or a
// document is there twice.
absl::Status CheckTexts(const Application& application);

// Kinds that must be there and are not, or of which none holds on `today`; in the order of the kinds.
std::vector<DocumentKind> MissingDocuments(const Application& application, Date today);

// How a row of an import meets what is stored.
enum class ApplicationArrival {
  kNew,        // nothing has its id
  kAgain,      // the same content is there, whatever has become of it since
  kReplacing,  // its id is free again, since the import that brought it was undone
};
// `stored` is what has the row's id; ROW_CONFLICT where that has other content.
absl::StatusOr<ApplicationArrival> Arrive(const std::optional<Application>& stored, const Application& row);

// The decisions. Each answers the application as it is afterwards, or why not.

// The content of `changed` for that of `application`; a SUBMITTED one is handed in again. Refused: APPROVED, REJECTED,
// WITHDRAWN, CONVERTED; SCREENING and IN_REVIEW where more than the reviewer changes; texts.
absl::StatusOr<Application> Change(const Application& application, const Application& changed, absl::Time now);
// `asked_for` are the kinds that its channel wants. To SUBMITTED or, where nothing is missing, SCREENING; what an
// earlier screening found goes. Refused: neither DRAFT nor INFO_REQUESTED.
absl::StatusOr<Application> Submit(const Application& application, const std::vector<DocumentKind>& asked_for,
                                   absl::Time now);
// What is read beside the application.
struct ScreeningFacts {
  bool region_in_use = false;
  std::vector<Duplicate> duplicates;
};
// Refused: not SCREENING. Passing or not, it goes to IN_REVIEW with its scores. The version is one that is known.
absl::StatusOr<Application> Screen(const Application& application, const ScreeningFacts& facts,
                                   std::string_view criteria_version, absl::Time now);
// Refused: neither SUBMITTED, SCREENING nor IN_REVIEW; a text with a control character other than a line break.
absl::StatusOr<Application> RequestInfo(const Application& application, const InfoRequest& request, absl::Time now);
// Refused: not IN_REVIEW; SCREENING_FAILED.
absl::StatusOr<Application> Approve(const Application& application, std::string_view principal, absl::Time now);
// Refused: neither SUBMITTED, SCREENING, IN_REVIEW nor INFO_REQUESTED.
absl::StatusOr<Application> Reject(const Application& application, std::string_view why, std::string_view principal,
                                   absl::Time now);
// Refused: REJECTED, WITHDRAWN, CONVERTED.
absl::StatusOr<Application> Withdraw(const Application& application, absl::Time now);

// What became of it, and the application as it is afterwards.
struct Conversion {
  Application application;
  Partner partner;
};
// A new prospect; a made-up id where `partner_id` is empty. Refused: not APPROVED.
absl::StatusOr<Conversion> Convert(const Application& application, std::string_view partner_id, absl::Time now);
// The prospect that applied, with the application's content; what the application has nothing of stays. Refused: not
// APPROVED; the prospect is no PROSPECT; INVALID_FIELD where `partner_id` is neither empty nor the prospect's.
absl::StatusOr<Conversion> Convert(const Application& application, const Partner& prospect, std::string_view partner_id,
                                   absl::Time now);
// By an undone import: WITHDRAWN from any state, and the id is free again.
Application TakeBack(const Application& application, absl::Time now);

}  // namespace tributary::partner
