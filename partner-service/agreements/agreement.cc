#include "partner-service/agreements/agreement.h"

#include <algorithm>
#include <utility>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/known_revision.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

Agreement In(AgreementState state, const Agreement& agreement, absl::Time now) {
  Agreement next = agreement;
  next.state = state;
  next.revision = After(agreement.revision, now);
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

std::string Agreement::revision_name() const { return StrCat(name(), "@", revision.version); }

absl::Status CheckTerms(const Agreement& agreement) {
  std::vector<FieldViolation> violations;
  CheckOneLine("title", agreement.title, &violations);
  if (agreement.text_template == AgreementTemplate::kNone) {
    if (agreement.text.empty()) violations.push_back({"text", "", "a text, or a template with terms"});
  } else {
    if (!agreement.text.empty()) {
      violations.push_back({"text", Printable(agreement.text), "none beside a template, which makes it"});
    }
    if (!agreement.terms.has_value()) violations.push_back({"terms", "", "what the template is to say"});
  }
  if (agreement.terms.has_value()) CheckTerms(*agreement.terms, "terms", &violations);
  CheckDays(agreement.effective, &violations);
  return AllOf(std::move(violations));
}

Agreement Written(Agreement agreement, std::string_view party) {
  if (agreement.text_template != AgreementTemplate::kNone) {
    agreement.party = party;
    agreement.text = WriteText({.title = agreement.title,
                                .party = agreement.party,
                                .partner = StrCat("partners/", agreement.partner_id),
                                .effective = agreement.effective},
                               *agreement.terms, agreement.language);
  }
  agreement.text_sha256 = Sha256Hex(agreement.text);
  return agreement;
}

bool InForce(const Agreement& agreement, Date day) {
  return agreement.binding && !agreement.undone && agreement.effective.Contains(day);
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
                               AgreementSide side, absl::Time now) {
  if (agreement.state != AgreementState::kProposed && agreement.state != AgreementState::kSigned) {
    return WrongState(agreement.name(), "sign", NameOf(agreement.state), "PROPOSED or SIGNED");
  }
  const bool signed_before = std::any_of(agreement.signatures.begin(), agreement.signatures.end(),
                                         [side](const Signature& signature) { return signature.side == side; });
  if (signed_before) {
    return WrongState(agreement.name(), "sign", StrCat(NameOf(agreement.state), " by this side"),
                      "not signed by this side");
  }
  if (text_sha256 != agreement.text_sha256) {
    return InvalidField("text_sha256", text_sha256,
                        StrCat(agreement.text_sha256, ", the hash of the agreement's text"));
  }
  const bool binding = !agreement.both_sign || !agreement.signatures.empty();
  Agreement signed_by = In(binding ? AgreementState::kSigned : AgreementState::kProposed, agreement, now);
  signed_by.binding = binding;
  signed_by.signatures.insert(
      side == AgreementSide::kVendor ? signed_by.signatures.begin() : signed_by.signatures.end(),
      Signature{side, std::string(signer), now, std::string(text_sha256)});
  return signed_by;
}

absl::StatusOr<Agreement> Terminate(const Agreement& agreement, const Termination& termination, Date today,
                                    absl::Time now) {
  if (agreement.state != AgreementState::kProposed && agreement.state != AgreementState::kSigned) {
    return WrongState(agreement.name(), "terminate", NameOf(agreement.state), "PROPOSED or SIGNED");
  }
  std::vector<FieldViolation> violations;
  CheckOneLine("reason", termination.reason, &violations);
  if (termination.breach && termination.reason.empty()) violations.push_back({"reason", "", "what the breach was"});
  const DateRange& effective = agreement.effective;
  const bool is_signed = agreement.state == AgreementState::kSigned;
  const int notice_days =
      termination.breach || !agreement.terms.has_value() ? 0 : agreement.terms->termination_notice_days;
  const Date earliest = today.AddDays(notice_days);
  if (termination.end.has_value()) {
    const std::string got = termination.end->ToString();
    if (!is_signed) {
      violations.push_back({"effective_to", got, "none: it has not been signed"});
    } else if (*termination.end < earliest) {
      violations.push_back(
          {"effective_to", got,
           StrCat(earliest.ToString(), " or later, ", notice_days, " days of notice after ", today.ToString())});
    } else if (*termination.end > effective.end) {
      violations.push_back(
          {"effective_to", got, StrCat("at the latest ", effective.end.ToString(), ", where it ends")});
    }
  }
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  Agreement terminated = In(AgreementState::kTerminated, agreement, now);
  terminated.termination_reason = termination.reason;
  if (is_signed) {
    terminated.effective.end = std::max(effective.start, std::min(effective.end, termination.end.value_or(earliest)));
    if (terminated.effective.end <= today) terminated.told = AgreementNotice::kEnded;
  }
  return terminated;
}

Agreement TakeBack(const Agreement& agreement, absl::Time now) {
  Agreement taken_back = In(AgreementState::kTerminated, agreement, now);
  taken_back.undone = true;
  return taken_back;
}

}  // namespace tributary::partner
