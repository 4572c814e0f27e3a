#pragma once

// Agreements and the decisions about their life: DRAFT -> PROPOSED -> SIGNED, and from the last two to TERMINATED. What
// is agreed never changes: renewal.h gives an agreement its next term. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/agreements/agreement_terms.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class AgreementState { kDraft = 1, kProposed = 2, kSigned = 3, kTerminated = 4 };
enum class AgreementSide { kVendor = 1, kPartner = 2 };
// What the feed tells of an agreement because a day has come, in this order. The numbers are stored.
enum class AgreementNotice { kNone = 0, kRenewalDue = 1, kEnded = 2 };
std::string_view NameOf(AgreementState state);

struct Signature {
  AgreementSide side = AgreementSide::kVendor;
  std::string signer;  // principal
  absl::Time sign_time;
  std::string text_sha256;  // of the text that was signed
  friend bool operator==(const Signature&, const Signature&) = default;
};

struct Agreement {
  std::string partner_id;
  std::string id;
  Revision revision;
  AgreementState state = AgreementState::kDraft;
  bool undone = false;  // terminated because its partner's import was undone; the id may be given again
  std::string title;
  std::string text;
  std::string text_sha256;            // 64 lower-case hexadecimal digits
  DateRange effective;                // its end OpenEnd() where it is open; empty where it was ended before it began
  std::vector<Signature> signatures;  // at most one a side, the vendor's first
  bool both_sign = false;             // SIGNED only once both sides have signed
  bool binding = false;               // has been SIGNED
  std::optional<AgreementTerms> terms;
  AgreementTemplate text_template = AgreementTemplate::kNone;
  AgreementLanguage language = AgreementLanguage::kEnglish;  // of a template's text
  std::string party;                                         // the legal name in a template's text
  int renewal_notice_days = 0;                               // 0 tells no renewal
  std::string predecessor;                                   // id of the agreement whose next term this is, or empty
  std::string successor;                                     // id of the next term once that is signed, or empty
  std::string termination_reason;
  AgreementNotice told = AgreementNotice::kNone;  // the last notice that the feed has told

  std::string name() const;           // partners/{partner_id}/agreements/{id}
  std::string revision_name() const;  // the same with @{version}
};

// INVALID_FIELD: the end does not lie after the start; the title has a control character; neither text nor template, or
// both; a template without terms; what agreement_terms.h says of terms.
absl::Status CheckTerms(const Agreement& agreement);

// With the text that its template makes, where it has one, and with the text's hash. `party` is the partner's legal
// name.
Agreement Written(Agreement agreement, std::string_view party);

// It has been SIGNED, was not taken back, and the day lies in its days.
bool InForce(const Agreement& agreement, Date day);
bool AnyInForce(const std::vector<Agreement>& agreements, Date day);

// The decisions. Each answers the agreement as it is afterwards, or why not. Its update time lies after the one before,
// so that what was known at a moment is one revision.
// Refused: not DRAFT.
absl::StatusOr<Agreement> Propose(const Agreement& agreement, absl::Time now);
// SIGNED by the first signature, or by the second where both sides sign. Refused: neither PROPOSED nor SIGNED; this
// side has signed; `text_sha256` is not that of its text.
absl::StatusOr<Agreement> Sign(const Agreement& agreement, std::string_view text_sha256, std::string_view signer,
                               AgreementSide side, absl::Time now);

struct Termination {
  std::optional<Date> end;  // first day no longer in force; unset: the earliest
  std::string reason;
  bool breach = false;  // without the days of notice
};
// A SIGNED one ends at the earliest `today` and its days of notice; it never ends later than it would have. Refused:
// neither PROPOSED nor SIGNED; `end` of one that is not SIGNED, or too early, or after its end; a breach without
// reason.
absl::StatusOr<Agreement> Terminate(const Agreement& agreement, const Termination& termination, Date today,
                                    absl::Time now);
// By an undone import: TERMINATED from any state, in force on no day, and the id is free again.
Agreement TakeBack(const Agreement& agreement, absl::Time now);

}  // namespace tributary::partner
