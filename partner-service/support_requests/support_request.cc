#include "partner-service/support_requests/support_request.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status WrongStateFor(const SupportRequest& request, std::string_view verb, std::string_view want) {
  return WrongState(request.name(), verb, NameOf(request.state), want);
}

SupportRequest Moved(const SupportRequest& request, SupportState state, std::string_view verb,
                     const SupportDeed& deed) {
  SupportRequest next = request;
  next.state = state;
  next.revision = request.revision.Next(deed.time);
  next.steps.push_back({std::string(verb), deed.principal, deed.text, deed.time});
  return next;
}

}  // namespace

std::string_view NameOf(SupportState state) {
  switch (state) {
    case SupportState::kOpen:
      return "OPEN";
    case SupportState::kAssigned:
      return "ASSIGNED";
    case SupportState::kAnswered:
      return "ANSWERED";
    case SupportState::kConfirmed:
      return "CONFIRMED";
  }
  return "STATE_UNSPECIFIED";
}

std::string SupportRequest::name() const { return StrCat("partners/", partner_id, "/supportRequests/", id); }

absl::Status CheckSubject(const SupportRequest& request) {
  std::vector<FieldViolation> violations;
  CheckOneLine("subject", request.subject, &violations);
  return AllOf(std::move(violations));
}

SupportRequest Ask(SupportRequest request, const SupportDeed& deed, absl::Time due) {
  request.revision = Revision::First(deed.time);
  request.state = SupportState::kOpen;
  request.due_time = due;
  request.steps = {{"asked", deed.principal, deed.text, deed.time}};
  return request;
}

absl::StatusOr<SupportRequest> Assign(const SupportRequest& request, const SupportDeed& deed) {
  if (request.state != SupportState::kOpen && request.state != SupportState::kAssigned) {
    return WrongStateFor(request, "assign", "OPEN or ASSIGNED");
  }
  SupportRequest next = Moved(request, SupportState::kAssigned, "assigned", deed);
  next.assignee = deed.text;
  return next;
}

absl::StatusOr<SupportRequest> Answer(const SupportRequest& request, const SupportDeed& deed) {
  if (request.state != SupportState::kAssigned) return WrongStateFor(request, "answer", "ASSIGNED");
  SupportRequest next = Moved(request, SupportState::kAnswered, "answered", deed);
  next.answer_time = deed.time;
  return next;
}

absl::StatusOr<SupportRequest> Confirm(const SupportRequest& request, const SupportDeed& deed) {
  if (request.state != SupportState::kAnswered) return WrongStateFor(request, "confirm", "ANSWERED");
  return Moved(request, SupportState::kConfirmed, "confirmed", deed);
}

absl::StatusOr<SupportRequest> Reopen(const SupportRequest& request, const SupportDeed& deed, absl::Time due) {
  if (request.state != SupportState::kAnswered && request.state != SupportState::kConfirmed) {
    return WrongStateFor(request, "reopen", "ANSWERED or CONFIRMED");
  }
  SupportRequest next = Moved(request, SupportState::kOpen, "reopened", deed);
  next.assignee.clear();
  next.answer_time.reset();
  next.due_time = due;
  return next;
}

}  // namespace tributary::partner
