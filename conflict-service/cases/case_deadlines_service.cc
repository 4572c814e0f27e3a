#include "conflict-service/cases/case_deadlines_service.h"

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(StaffRole::kChannelManager) == api::v1::CHANNEL_MANAGER);
static_assert(static_cast<int>(StaffRole::kFinance) == api::v1::FINANCE);
static_assert(static_cast<int>(StaffRole::kAdministrator) == api::v1::ADMINISTRATOR);

// There is one.
absl::Status CheckIsCaseDeadlines(const std::string& name, std::string_view field) {
  RETURN_IF_ERROR(ParseResourceName(name, "caseDeadlines/{case_deadlines}", field).status());
  return name == kCaseDeadlines ? absl::OkStatus() : NotFound(name);
}

v1::CaseDeadlines DeadlinesMessage(const CaseDeadlines& deadlines) {
  v1::CaseDeadlines message;
  message.set_name(std::string(kCaseDeadlines));
  message.set_etag(EtagOf(deadlines.version));
  if (deadlines.version > 0) *message.mutable_update_time() = wire::ToProto(deadlines.update_time);
  message.set_version(deadlines.version);
  for (size_t i = 0; i < deadlines.days.size(); ++i) {
    auto* one = message.add_deadlines();
    one->set_severity(static_cast<v1::Case::Severity>(i + 1));
    one->set_triage_days(deadlines.days[i].triage);
    one->set_resolve_days(deadlines.days[i].resolve);
    one->set_close_days(deadlines.days[i].close);
  }
  for (const StaffRole role : deadlines.roles) message.add_escalation_roles(static_cast<api::v1::Role>(role));
  return message;
}

// What the caller may set, checked; neither version nor time.
absl::StatusOr<CaseDeadlines> DeadlinesOf(const v1::CaseDeadlines& message) {
  CaseDeadlines deadlines;
  std::vector<FieldViolation> violations;
  std::vector<int> times(deadlines.days.size());
  for (int i = 0; i < message.deadlines_size(); ++i) {
    const v1::CaseDeadlines::Deadline& one = message.deadlines(i);
    const int severity = static_cast<int>(one.severity());
    if (severity < 1 || severity > static_cast<int>(times.size()) || ++times[severity - 1] > 1) {
      violations.push_back({StrCat("deadlines[", i, "].severity"), v1::Case::Severity_Name(one.severity()),
                            "LOW, MEDIUM and HIGH, each once"});
      continue;
    }
    deadlines.days[severity - 1] = {one.triage_days(), one.resolve_days(), one.close_days()};
  }
  if (violations.empty() && message.deadlines_size() != static_cast<int>(times.size())) {
    violations.push_back(
        {"deadlines", StrCat(message.deadlines_size(), " of them"), "LOW, MEDIUM and HIGH, each once"});
  }
  deadlines.roles.clear();
  for (int i = 0; i < message.escalation_roles_size(); ++i) {
    const auto role = static_cast<StaffRole>(message.escalation_roles(i));
    if (role != StaffRole::kChannelManager && role != StaffRole::kFinance && role != StaffRole::kAdministrator) {
      violations.push_back({StrCat("escalation_roles[", i, "]"), api::v1::Role_Name(message.escalation_roles(i)),
                            "CHANNEL_MANAGER, FINANCE or ADMINISTRATOR"});
    }
    deadlines.roles.push_back(role);
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  // The frame does not look at what a mask clears.
  RETURN_IF_ERROR(CheckCaseDeadlines(deadlines));
  return deadlines;
}

}  // namespace

void CaseDeadlinesService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.CaseDeadlinesService", this)
      .Unary("GetCaseDeadlines", &CaseDeadlinesService::Get)
      .Unary("ListCaseDeadlinesVersions", &CaseDeadlinesService::ListVersions)
      .Unary("UpdateCaseDeadlines", &CaseDeadlinesService::Update);
}

absl::Status CaseDeadlinesService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCaseDeadlinesRequest& request,
                                       v1::CaseDeadlines* reply) {
  RETURN_IF_ERROR(CheckIsCaseDeadlines(request.name(), "name"));
  ASSIGN_OR_RETURN(const CaseDeadlines deadlines, deadlines_.Current(unit.sql()));
  *reply = DeadlinesMessage(deadlines);
  return absl::OkStatus();
}

absl::Status CaseDeadlinesService::ListVersions(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::ListCaseDeadlinesVersionsRequest& request,
                                                v1::ListCaseDeadlinesVersionsResponse* reply) {
  RETURN_IF_ERROR(CheckIsCaseDeadlines(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &before)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<CaseDeadlines> versions, deadlines_.Versions(unit.sql(), before, page.limit()));
  reply->set_next_page_token(
      page.Cut(&versions, [](const CaseDeadlines& last) { return std::vector{StrCat(last.version)}; }));
  for (const CaseDeadlines& deadlines : versions) *reply->add_case_deadlines() = DeadlinesMessage(deadlines);
  return absl::OkStatus();
}

absl::Status CaseDeadlinesService::Update(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::UpdateCaseDeadlinesRequest& request, v1::CaseDeadlines* reply) {
  static const std::vector<std::string_view> kMayChange = {"deadlines", "escalation_roles"};
  RETURN_IF_ERROR(CheckIsCaseDeadlines(request.case_deadlines().name(), "case_deadlines.name"));
  ASSIGN_OR_RETURN(const CaseDeadlines before, deadlines_.Current(unit.sql()));
  RETURN_IF_ERROR(CheckEtag(kCaseDeadlines, request.case_deadlines().etag(), before.version));
  v1::CaseDeadlines merged = DeadlinesMessage(before);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.case_deadlines(), &merged, kMayChange));
  auto deadlines = DeadlinesOf(merged);
  if (!deadlines.ok()) return AtField(deadlines.status(), "case_deadlines");
  deadlines->version = before.version + 1;
  deadlines->update_time = call.now;
  RETURN_IF_ERROR(deadlines_.Add(unit.sql(), *deadlines));
  *reply = DeadlinesMessage(*deadlines);
  unit.Emit(events::Draft(kCaseDeadlines, "updated", kCaseDeadlines, *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
