#pragma once

// Agreements and the decisions about their life: DRAFT -> PROPOSED -> SIGNED, and from the last two to TERMINATED. Pure
// values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class AgreementState { kDraft = 1, kProposed = 2, kSigned = 3, kTerminated = 4 };
std::string_view NameOf(AgreementState state);

struct Signature {
  std::string signer;  // principal
  absl::Time sign_time;
  std::string text_sha256;  // of the text that was signed
};

struct Agreement {
  std::string partner_id;
  std::string id;
  Revision revision;
  AgreementState state = AgreementState::kDraft;
  bool undone = false;  // terminated because its partner's import was undone; the id may be given again
  std::string title;
  std::string text;
  std::string text_sha256;  // 64 lower-case hexadecimal digits
  DateRange effective;      // its end OpenEnd() where it is open
  std::optional<Signature> signature;

  std::string name() const;  // partners/{partner_id}/agreements/{id}
};

std::string Sha256Hex(std::string_view text);

// INVALID_FIELD: the end does not lie after the start; the title has a control character.
absl::Status CheckTerms(const Agreement& agreement);

// SIGNED, and the day lies in its days.
bool InForce(const Agreement& agreement, Date day);
bool AnyInForce(const std::vector<Agreement>& agreements, Date day);

// The decisions. Each answers the agreement as it is afterwards, or why not.
// Refused: not DRAFT.
absl::StatusOr<Agreement> Propose(const Agreement& agreement, absl::Time now);
// Refused: not PROPOSED; `text_sha256` is not that of its text.
absl::StatusOr<Agreement> Sign(const Agreement& agreement, std::string_view text_sha256, std::string_view signer,
                               absl::Time now);
// Refused: neither PROPOSED nor SIGNED.
absl::StatusOr<Agreement> Terminate(const Agreement& agreement, absl::Time now);
// By an undone import: TERMINATED from any state, and the id is free again.
Agreement TakeBack(const Agreement& agreement, absl::Time now);

}  // namespace tributary::partner
