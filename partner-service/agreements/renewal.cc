#include "partner-service/agreements/renewal.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/known_revision.h"

namespace tributary::partner {
namespace {

const Agreement* NextTermOf(const Agreement& agreement, const std::vector<Agreement>& others) {
  const auto next = std::find_if(others.begin(), others.end(), [&](const Agreement& other) {
    return other.predecessor == agreement.id && other.state != AgreementState::kTerminated;
  });
  return next == others.end() ? nullptr : &*next;
}

absl::StatusOr<Date> BeginningOf(const Renewal& renewal, const DateRange& effective) {
  const bool open = effective.end == OpenEnd();
  if (!renewal.from.has_value()) {
    if (!open) return effective.end;
    return InvalidField("effective_from", "",
                        StrCat("a day after ", effective.start.ToString(), ": the agreement has no end"));
  }
  if (*renewal.from <= effective.start || *renewal.from > effective.end) {
    return InvalidField("effective_from", renewal.from->ToString(),
                        StrCat("a day after ", effective.start.ToString(),
                               open ? "" : StrCat(" and at the latest ", effective.end.ToString(), ", where it ends")));
  }
  return *renewal.from;
}

}  // namespace

absl::StatusOr<Agreement> Renew(const Agreement& agreement, const std::vector<Agreement>& others,
                                const Renewal& renewal, absl::Time now) {
  if (agreement.state != AgreementState::kSigned) {
    return WrongState(agreement.name(), "renew", NameOf(agreement.state), "SIGNED");
  }
  if (const Agreement* next = NextTermOf(agreement, others); next != nullptr) {
    return Error(Reason::kValidityOverlap, StrCat(agreement.name(), ": got ", next->name(), " (", NameOf(next->state),
                                                  ") as its next term, want none that is not TERMINATED"));
  }
  ASSIGN_OR_RETURN(const Date from, BeginningOf(renewal, agreement.effective));
  const bool has_template = agreement.text_template != AgreementTemplate::kNone;
  Agreement next{.partner_id = agreement.partner_id,
                 .revision = Revision::First(now),
                 .title = agreement.title,
                 .text = has_template || !renewal.text.empty() ? renewal.text : agreement.text,
                 .effective = {from, renewal.to},
                 .both_sign = agreement.both_sign,
                 .terms = renewal.terms.has_value() ? renewal.terms : agreement.terms,
                 .text_template = agreement.text_template,
                 .language = agreement.language,
                 .renewal_notice_days = agreement.renewal_notice_days,
                 .predecessor = agreement.id};
  next.id = renewal.id.empty() ? next.revision.uid.ToString() : renewal.id;
  RETURN_IF_ERROR(CheckTerms(next));
  return next;
}

absl::StatusOr<Agreement> Succeed(const Agreement& agreement, const Agreement& next_term, absl::Time now) {
  if (agreement.state != AgreementState::kSigned || agreement.undone) {
    return WrongState(agreement.name(), "be followed by another term", NameOf(agreement.state), "SIGNED");
  }
  if (next_term.effective.start > agreement.effective.end) {
    return Error(Reason::kStateConflict,
                 StrCat(next_term.name(), ": got ", next_term.effective.start.ToString(), " as its first day, want ",
                        agreement.effective.end.ToString(), ", where ", agreement.name(), " ends"));
  }
  Agreement ended = agreement;
  ended.revision = After(agreement.revision, now);
  ended.effective.end = next_term.effective.start;
  ended.successor = next_term.id;
  return ended;
}

absl::Status CheckLastTerm(const Agreement& agreement, const std::vector<Agreement>& others) {
  const Agreement* next = NextTermOf(agreement, others);
  if (next == nullptr || !next->binding) return absl::OkStatus();
  return WrongState(agreement.name(), "terminate", StrCat("followed by ", next->name()), "without a signed next term");
}

std::optional<DueNotice> NextNotice(const Agreement& agreement) {
  const DateRange& effective = agreement.effective;
  if (!agreement.binding || agreement.undone || effective.end == OpenEnd() || effective.start == effective.end) {
    return std::nullopt;
  }
  if (agreement.told == AgreementNotice::kEnded) return std::nullopt;
  const bool to_be_renewed = agreement.state == AgreementState::kSigned && agreement.successor.empty();
  if (agreement.told == AgreementNotice::kNone && to_be_renewed && agreement.renewal_notice_days > 0) {
    return DueNotice{AgreementNotice::kRenewalDue, effective.end.AddDays(-agreement.renewal_notice_days)};
  }
  return DueNotice{AgreementNotice::kEnded, effective.end};
}

}  // namespace tributary::partner
