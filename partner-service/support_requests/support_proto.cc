#include "partner-service/support_requests/support_proto.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

void PutTerms(const std::vector<SupportTerm>& terms, v1::SupportPolicy* out) {
  for (const SupportTerm& term : terms) {
    v1::SupportPolicy::Term& one = *out->add_terms();
    one.set_severity(static_cast<v1::SupportPolicy::Severity>(term.severity));
    one.set_working_hours(term.working_hours);
    one.set_working_days(term.working_days);
  }
}

std::vector<SupportTerm> TermsOf(const v1::SupportPolicy& policy) {
  std::vector<SupportTerm> terms;
  for (const v1::SupportPolicy::Term& term : policy.terms()) {
    terms.push_back({static_cast<SupportSeverity>(term.severity()), term.working_hours(), term.working_days()});
  }
  return terms;
}

void PutSteps(const std::vector<SupportStep>& steps, v1::SupportRequest* out) {
  for (const SupportStep& step : steps) {
    v1::SupportRequest::Step& one = *out->add_steps();
    one.set_verb(step.verb);
    one.set_principal(step.principal);
    one.set_text(step.text);
    *one.mutable_time() = wire::ToProto(step.time);
  }
}

}  // namespace

v1::SupportPolicy ToProto(const SupportPolicy& policy) {
  v1::SupportPolicy out;
  out.set_name(policy.name());
  PutRevision(policy.revision, &out);
  out.set_display_name(policy.display_name);
  out.set_fiscal_calendar(StrCat("fiscalCalendars/", policy.calendar_id));
  out.set_opening_minute(policy.opening_minute);
  out.set_closing_minute(policy.closing_minute);
  PutTerms(policy.terms, &out);
  return out;
}

absl::StatusOr<SupportPolicy> FromProto(const v1::SupportPolicy& policy) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(policy.fiscal_calendar(), "fiscalCalendars/{fiscal_calendar}", "fiscal_calendar"));
  return SupportPolicy{.display_name = policy.display_name(),
                       .calendar_id = ids.front(),
                       .opening_minute = policy.opening_minute(),
                       .closing_minute = policy.closing_minute(),
                       .terms = TermsOf(policy)};
}

v1::SupportRequest ToProto(const SupportRequest& request) {
  v1::SupportRequest out;
  out.set_name(request.name());
  PutRevision(request.revision, &out);
  out.set_policy(StrCat("supportPolicies/", request.policy_id));
  out.set_severity(static_cast<v1::SupportPolicy::Severity>(request.severity));
  out.set_subject(request.subject);
  out.set_text(request.text);
  out.set_state(static_cast<v1::SupportRequest::State>(request.state));
  out.set_assignee(request.assignee);
  *out.mutable_due_time() = wire::ToProto(request.due_time);
  if (request.answer_time.has_value()) *out.mutable_answer_time() = wire::ToProto(*request.answer_time);
  PutSteps(request.steps, &out);
  return out;
}

absl::StatusOr<SupportRequest> FromProto(const v1::SupportRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.policy(), "supportPolicies/{support_policy}", "policy"));
  return SupportRequest{.policy_id = ids.front(),
                        .severity = static_cast<SupportSeverity>(request.severity()),
                        .subject = request.subject(),
                        .text = request.text()};
}

std::string SupportTermsToBytes(const std::vector<SupportTerm>& terms) {
  v1::SupportPolicy content;
  PutTerms(terms, &content);
  return content.SerializeAsString();
}

absl::StatusOr<std::vector<SupportTerm>> SupportTermsFromBytes(std::string_view bytes) {
  v1::SupportPolicy content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "stored terms of a support policy cannot be read");
  }
  return TermsOf(content);
}

std::string SupportStepsToBytes(const std::vector<SupportStep>& steps) {
  v1::SupportRequest content;
  PutSteps(steps, &content);
  return content.SerializeAsString();
}

absl::StatusOr<std::vector<SupportStep>> SupportStepsFromBytes(std::string_view bytes) {
  v1::SupportRequest content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "stored steps of a support request cannot be read");
  }
  std::vector<SupportStep> steps;
  for (const v1::SupportRequest::Step& step : content.steps()) {
    steps.push_back({step.verb(), step.principal(), step.text(), wire::FromProto(step.time())});
  }
  return steps;
}

events::EventDraft Told(std::string_view verb, const SupportPolicy& policy) {
  return events::Draft(policy.name(), verb, policy.name(), ToProto(policy));
}

events::EventDraft Told(std::string_view verb, const SupportRequest& request) {
  return events::Draft(request.partner_id, verb, request.name(), ToProto(request));
}

}  // namespace tributary::partner
