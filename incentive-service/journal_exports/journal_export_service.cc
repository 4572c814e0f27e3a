#include "incentive-service/journal_exports/journal_export_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/wire/wire.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/statements/statement_export.h"

namespace tributary::incentive {
namespace {

v1::JournalExport ToProto(const JournalExport& exported) {
  v1::JournalExport message;
  message.set_name(exported.name());
  message.set_uid(exported.uid.ToString());
  *message.mutable_create_time() = wire::ToProto(exported.create_time);
  *message.mutable_period_start() = wire::ToProto(exported.period.range.start);
  *message.mutable_period_end() = wire::ToProto(exported.period.range.end);
  for (const auto& [account, code] : exported.codes) {
    v1::JournalExport::AccountCode& next = *message.add_account_codes();
    next.set_account(static_cast<v1::LedgerEntry::Account>(account));
    next.set_code(code);
  }
  message.set_entry_count(exported.entries);
  message.set_leg_count(exported.legs);
  message.set_sha256(exported.sha256);
  return message;
}

absl::StatusOr<std::string> MonthOf(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "journalExports/{journal_export}"));
  return std::move(ids[0]);
}

absl::StatusOr<JournalExport> FromProto(const v1::CreateJournalExportRequest& request) {
  std::vector<std::pair<LedgerAccount, std::string>> codes;
  for (const v1::JournalExport::AccountCode& code : request.journal_export().account_codes()) {
    codes.emplace_back(static_cast<LedgerAccount>(code.account()), code.code());
  }
  return NewExport(request.journal_export_id(), codes);
}

}  // namespace

void JournalExportService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.JournalExportService", this)
      .Unary("GetJournalExport", &JournalExportService::Get)
      .Unary("ListJournalExports", &JournalExportService::List)
      .Unary("CreateJournalExport", &JournalExportService::Create)
      .Unary("DownloadJournalExport", &JournalExportService::Download);
}

absl::Status JournalExportService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetJournalExportRequest& request,
                                       v1::JournalExport* reply) {
  ASSIGN_OR_RETURN(const std::string month, MonthOf(request.name()));
  ASSIGN_OR_RETURN(const JournalExport exported, exports_.Get(unit.sql(), month));
  *reply = ToProto(exported);
  return absl::OkStatus();
}

absl::Status JournalExportService::List(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListJournalExportsRequest& request,
                                        v1::ListJournalExportsResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  ASSIGN_OR_RETURN(std::vector<JournalExport> exports, exports_.List(unit.sql(), query.After(0), query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &exports, [](const JournalExport& exported) { return std::vector{exported.period.id}; }));
  for (const JournalExport& exported : exports) *reply->add_journal_exports() = ToProto(exported);
  return absl::OkStatus();
}

absl::Status JournalExportService::Create(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::CreateJournalExportRequest& request, v1::JournalExport* reply) {
  ASSIGN_OR_RETURN(JournalExport exported, FromProto(request));
  const absl::StatusOr<JournalExport> known = exports_.Get(unit.sql(), exported.period.id);
  if (known.ok()) {
    RETURN_IF_ERROR(CheckSame(*known, exported));
    *reply = ToProto(*known);
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(known.status())) return known.status();
  ASSIGN_OR_RETURN(const std::string latest, exports_.Latest(unit.sql()));
  RETURN_IF_ERROR(CheckExportable(exported, latest, call.now));
  RETURN_IF_ERROR(exports_.Take(unit.sql(), exported));
  ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, exports_.Entries(unit.sql(), exported.period.id));
  exported.uid = Uuid::New(call.now);
  exported.create_time = call.now;
  exported.entries = static_cast<int64_t>(entries.size());
  for (const LedgerEntry& entry : entries) exported.legs += static_cast<int64_t>(entry.legs.size());
  exported.sha256 = Sha256Hex(WriteJournal(exported, entries));
  RETURN_IF_ERROR(exports_.Insert(unit.sql(), exported));
  *reply = ToProto(exported);
  unit.Emit(events::Draft(exported.name(), "exported", exported.name(), *reply));
  return absl::OkStatus();
}

absl::Status JournalExportService::Download(const rpc::Call&, rpc::Unit& unit,
                                            const v1::DownloadJournalExportRequest& request,
                                            v1::DownloadJournalExportResponse* reply) {
  ASSIGN_OR_RETURN(const std::string month, MonthOf(request.name()));
  ASSIGN_OR_RETURN(const JournalExport exported, exports_.Get(unit.sql(), month));
  ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, exports_.Entries(unit.sql(), month));
  reply->set_csv(WriteJournal(exported, entries));
  reply->set_sha256(exported.sha256);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
