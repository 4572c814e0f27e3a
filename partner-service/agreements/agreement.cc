#include "partner-service/agreements/agreement.h"

#include <openssl/sha.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

Agreement In(AgreementState state, const Agreement& agreement, absl::Time now) {
  Agreement next = agreement;
  next.state = state;
  next.revision = agreement.revision.Next(now);
  return next;
}

}  // namespace

std::string_view NameOf(AgreementState state) {
  switch (state) {
    case AgreementState::kDraft:
      return "DRAFT";
    case AgreementState::kProposed:
      return "PROPOSED";
    case AgreementState::kSigned:
      return "SIGNED";
    case AgreementState::kTerminated:
      return "TERMINATED";
  }
  return "STATE_UNSPECIFIED";
}

std::string Agreement::name() const { return StrCat("partners/", partner_id, "/agreements/", id); }

std::string Sha256Hex(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest), sizeof digest});
}

absl::Status CheckTerms(const Agreement& agreement) {
  std::vector<FieldViolation> violations;
  CheckOneLine("title", agreement.title, &violations);
  CheckDays(agreement.effective, &violations);
  return AllOf(std::move(violations));
}

bool InForce(const Agreement& agreement, Date day) {
  return agreement.state == AgreementState::kSigned && agreement.effective.Contains(day);
}

bool AnyInForce(const std::vector<Agreement>& agreements, Date day) {
  return std::any_of(agreements.begin(), agreements.end(),
                     [day](const Agreement& agreement) { return InForce(agreement, day); });
}

absl::StatusOr<Agreement> Propose(const Agreement& agreement, absl::Time now) {
  if (agreement.state != AgreementState::kDraft) {
    return WrongState(agreement.name(), "propose", NameOf(agreement.state), "DRAFT");
  }
  return In(AgreementState::kProposed, agreement, now);
}

absl::StatusOr<Agreement> Sign(const Agreement& agreement, std::string_view text_sha256, std::string_view signer,
                               absl::Time now) {
  if (agreement.state != AgreementState::kProposed) {
    return WrongState(agreement.name(), "sign", NameOf(agreement.state), "PROPOSED");
  }
  if (text_sha256 != agreement.text_sha256) {
    return InvalidField("text_sha256", text_sha256,
                        StrCat(agreement.text_sha256, ", the hash of the agreement's text"));
  }
  Agreement signed_by = In(AgreementState::kSigned, agreement, now);
  signed_by.signature = Signature{std::string(signer), now, std::string(text_sha256)};
  return signed_by;
}

absl::StatusOr<Agreement> Terminate(const Agreement& agreement, absl::Time now) {
  if (agreement.state != AgreementState::kProposed && agreement.state != AgreementState::kSigned) {
    return WrongState(agreement.name(), "terminate", NameOf(agreement.state), "PROPOSED or SIGNED");
  }
  return In(AgreementState::kTerminated, agreement, now);
}

Agreement TakeBack(const Agreement& agreement, absl::Time now) {
  Agreement taken_back = In(AgreementState::kTerminated, agreement, now);
  taken_back.undone = true;
  return taken_back;
}

}  // namespace tributary::partner
