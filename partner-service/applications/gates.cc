#include "partner-service/applications/gates.h"

#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::partner {
namespace {

using State = ApplicationState;

std::string NamesOf(const std::vector<DocumentKind>& kinds) {
  std::vector<std::string_view> names;
  names.reserve(kinds.size());
  for (const DocumentKind kind : kinds) names.push_back(NameOf(kind));
  return StrJoin(names, ", ");
}

Date Due(const std::optional<absl::Time>& from, int days) {
  return UtcToday(from.value_or(absl::UnixEpoch())).AddDays(days);
}

// A gate that neither waits nor was passed when the application ended has ended with it.
void End(Gate* gate, bool passed) { gate->state = passed ? GateState::kPassed : GateState::kEnded; }

Gate Documents(const Application& a, Date today) {
  Gate gate{.kind = GateKind::kDocuments, .owner = a.prospect.empty() ? a.created_by : a.prospect};
  switch (a.state) {
    case State::kDraft:
      gate.blocker = "it is not handed in";
      break;
    case State::kSubmitted:
      gate.state = GateState::kOpen;
      gate.missing_documents = MissingDocuments(a, today);
      gate.due = Due(a.submit_time, kDocumentsDays);
      gate.blocker = StrCat("missing: ", NamesOf(gate.missing_documents));
      break;
    case State::kInfoRequested:
      gate.state = GateState::kOpen;
      gate.missing_documents = MissingDocuments(a, today);
      gate.due = Due(a.info_request->ask_time, kDocumentsDays);
      gate.blocker = StrCat("asked for: ", a.info_request->text);
      if (!gate.missing_documents.empty()) StrAppend(&gate.blocker, "; missing: ", NamesOf(gate.missing_documents));
      break;
    case State::kScreening:
    case State::kInReview:
    case State::kApproved:
    case State::kConverted:
      gate.state = GateState::kPassed;
      break;
    case State::kRejected:
    case State::kWithdrawn:
      End(&gate, a.complete_time.has_value());
      break;
  }
  return gate;
}

Gate ScreeningGate(const Application& a) {
  Gate gate{.kind = GateKind::kScreening, .owner = a.reviewer.empty() ? "CHANNEL_MANAGER" : a.reviewer};
  switch (a.state) {
    case State::kDraft:
    case State::kSubmitted:
    case State::kInfoRequested:
      return gate;
    case State::kScreening:
      gate.state = GateState::kOpen;
      gate.due = Due(a.complete_time, kScreeningDays);
      gate.blocker = "it waits to be screened";
      return gate;
    default:
      break;
  }
  if (!a.screening.has_value()) {
    End(&gate, false);
  } else if (a.screening->passed) {
    gate.state = GateState::kPassed;
  } else {
    gate.state = GateState::kFailed;
    gate.blocker = StrCat("it did not pass ", a.screening->criteria_version);
    const std::vector<std::string> missing = MissingOf(*a.screening);
    if (!missing.empty()) StrAppend(&gate.blocker, "; not told: ", StrJoin(missing, ", "));
  }
  return gate;
}

Gate Review(const Application& a, Viewer viewer) {
  Gate gate{.kind = GateKind::kReview, .owner = a.reviewer.empty() ? "CHANNEL_MANAGER" : a.reviewer};
  switch (a.state) {
    case State::kInReview:
      gate.state = GateState::kOpen;
      gate.due = Due(a.screen_time, kReviewDays);
      gate.blocker =
          a.screening->passed ? "it waits for a decision" : "it cannot be approved: it did not pass screening";
      if (viewer == Viewer::kVendor) {
        for (const Duplicate& one : a.screening->duplicates) {
          StrAppend(&gate.blocker, "; like ", one.name, " by its ", one.reason);
        }
      }
      break;
    case State::kApproved:
    case State::kConverted:
      gate.state = GateState::kPassed;
      break;
    case State::kRejected:
      gate.state = GateState::kFailed;
      gate.blocker = a.rejection_reason;
      break;
    case State::kWithdrawn:
      End(&gate, a.decide_time.has_value());
      break;
    default:
      break;
  }
  return gate;
}

}  // namespace

std::vector<Gate> GatesOf(const Application& application, Date today, Viewer viewer) {
  return {Documents(application, today), ScreeningGate(application), Review(application, viewer)};
}

}  // namespace tributary::partner
