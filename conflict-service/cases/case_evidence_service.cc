#include "conflict-service/cases/case_evidence_service.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kCaseOfEvidence = "cases/{case}";

v1::CaseEvidence RecordToProto(const CaseEvidence& record) {
  v1::CaseEvidence message;
  message.set_name(record.name());
  *message.mutable_create_time() = wire::ToProto(record.create_time);
  for (const EvidenceLine& line : record.lines) {
    v1::CaseEvidenceLine& told = *message.add_lines();
    told.set_source(line.source);
    told.set_field(line.field);
    told.set_value(line.value);
    told.set_seal(line.seal);
    told.set_erased(line.erased());
    if (line.field == "rule_version") message.set_rule_version(line.value);
  }
  message.set_sha256(record.sha256);
  message.set_previous_sha256(record.previous_sha256);
  return message;
}

}  // namespace

void CaseEvidenceService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.CaseEvidenceService", this)
      .Unary("GetCaseEvidence", &CaseEvidenceService::Get)
      .Unary("ListCaseEvidence", &CaseEvidenceService::List)
      .Unary("VerifyCaseEvidence", &CaseEvidenceService::Verify);
}

absl::Status CaseEvidenceService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCaseEvidenceRequest& request,
                                      v1::CaseEvidence* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "cases/{case}/evidence/{evidence}"));
  int64_t number = 0;
  // Only as it was given: "01" and "+1" are names of nothing.
  if (!absl::SimpleAtoi(ids[1], &number) || StrCat(number) != ids[1]) return NotFound(request.name());
  ASSIGN_OR_RETURN(const CaseEvidence record, evidence_.Get(unit.sql(), ids[0], number));
  *reply = RecordToProto(record);
  return absl::OkStatus();
}

absl::Status CaseEvidenceService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListCaseEvidenceRequest& request,
                                       v1::ListCaseEvidenceResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), kCaseOfEvidence, "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  RETURN_IF_ERROR(cases_.Get(unit.sql(), ids[0]).status());
  int64_t after = 0;
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &after)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<CaseEvidence> records, evidence_.List(unit.sql(), ids[0], after, page.limit()));
  reply->set_next_page_token(
      page.Cut(&records, [](const CaseEvidence& last) { return std::vector{StrCat(last.number)}; }));
  for (const CaseEvidence& record : records) *reply->add_case_evidence() = RecordToProto(record);
  return absl::OkStatus();
}

absl::Status CaseEvidenceService::Verify(const rpc::Call&, rpc::Unit& unit,
                                         const v1::VerifyCaseEvidenceRequest& request,
                                         v1::VerifyCaseEvidenceResponse* reply) {
  constexpr int kAtOnce = 100;
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kCaseOfEvidence));
  ASSIGN_OR_RETURN(Case before, cases_.Get(unit.sql(), ids[0]));
  while (true) {
    std::vector<CaseEvidence> records, more;
    do {
      ASSIGN_OR_RETURN(more, evidence_.List(unit.sql(), ids[0], records.empty() ? 0 : records.back().number, kAtOnce));
      records.insert(records.end(), more.begin(), more.end());
    } while (!more.empty());
    ASSIGN_OR_RETURN(Case one, cases_.Get(unit.sql(), ids[0]));
    // A record that was added while the others were read would look like one that the case does not know.
    const bool changed = one.version != before.version;
    before = std::move(one);
    if (changed) continue;
    const std::vector<std::string> found = Discrepancies(before, records);
    reply->set_intact(found.empty());
    reply->set_records(static_cast<int32_t>(records.size()));
    reply->mutable_discrepancies()->Assign(found.begin(), found.end());
    return absl::OkStatus();
  }
}

}  // namespace tributary::conflict
