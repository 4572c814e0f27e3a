#include "incentive-service/closes/close_preview_service.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/closes/period_close_proto.h"
#include "incentive-service/period_budgets/budget_use_proto.h"
#include "incentive-service/statements/statement_export.h"
#include "incentive-service/statements/statement_proto.h"

namespace tributary::incentive {
namespace {

int64_t SumOf(const std::vector<PartnerEntry>& entries) {
  int64_t sum = 0;
  for (const PartnerEntry& one : entries) sum += one.entry.amount();
  return sum;
}

}  // namespace

void ClosePreviewService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.ClosePreviewService", this)
      .Unary("PreviewClose", &ClosePreviewService::Preview)
      .Unary("PreviewStackedClose", &ClosePreviewService::PreviewStacked);
}

absl::Status ClosePreviewService::Preview(const rpc::Call& call, rpc::Unit&, const v1::PreviewCloseRequest& request,
                                          v1::ClosePreview* reply) {
  ASSIGN_OR_RETURN(const CloseKey key, ParseCloseName(request.name()));
  ASSIGN_OR_RETURN(const ListQuery query,
                   ReadListQuery(call, tokens_, request, {}, StrCat(request.name(), " ", request.since())));
  const auto work_out = [&](mysql::Transaction& sql, const CloseAsk& ask) -> absl::StatusOr<WorkedOutClose> {
    ASSIGN_OR_RETURN(WorkedOutClose worked, closes_.WorkOut(sql, key, ask));
    ASSIGN_OR_RETURN(worked.closes.front().statements,
                     statements_.CountTouched(sql, StatementKind::kRegular, worked.period, worked.currency,
                                              worked.work.stated.entries));
    return worked;
  };
  return Tell(call, query, request.since(), work_out, reply);
}

absl::Status ClosePreviewService::PreviewStacked(const rpc::Call& call, rpc::Unit&,
                                                 const v1::PreviewStackedCloseRequest& request,
                                                 v1::ClosePreview* reply) {
  ASSIGN_OR_RETURN(
      const ListQuery query,
      ReadListQuery(call, tokens_, request, {}, StrCat(request.name(), " ", request.period(), " ", request.since())));
  const auto work_out = [&](mysql::Transaction& sql, const CloseAsk& ask) {
    return stacked_closes_.WorkOut(sql, request.name(), request.period(), ask);
  };
  return Tell(call, query, request.since(), work_out, reply);
}

absl::Status ClosePreviewService::Tell(const rpc::Call& call, const ListQuery& query, const std::string& since,
                                       WorkOut work_out, v1::ClosePreview* reply) const {
  std::optional<Watermark> then;
  if (!since.empty()) {
    ASSIGN_OR_RETURN(then, ParseMark(since));
  }
  return database_.Transact({.deadline = call.deadline, .snapshot = true}, [&](mysql::Transaction& sql) {
    reply->Clear();
    return TellOf(call, sql, query, then, work_out, reply);
  });
}

absl::Status ClosePreviewService::TellOf(const rpc::Call& call, mysql::Transaction& sql, const ListQuery& query,
                                         const std::optional<Watermark>& since, WorkOut work_out,
                                         v1::ClosePreview* reply) const {
  std::optional<std::vector<PartnerEntry>> before;
  if (since.has_value()) {
    ASSIGN_OR_RETURN(WorkedOutClose earlier, work_out(sql, {.now = call.now, .ahead = true, .told_by = since}));
    before = std::move(earlier.work.stated.entries);
  }
  ASSIGN_OR_RETURN(WorkedOutClose worked, work_out(sql, {.now = call.now, .ahead = true}));

  for (const PeriodClose& close : worked.closes) {
    v1::PeriodClose& message = *reply->add_period_closes();
    message = ToProto(close);
    message.clear_close_time();
  }
  for (const BudgetUse& use : worked.work.stated.budgets) {
    v1::ClosePreview::Budget& budget = *reply->add_budgets();
    budget.set_program(StrCat("programs/", use.program));
    *budget.mutable_use() = ToProto(use);
  }
  *reply->mutable_earliest_close_time() = wire::ToProto(worked.earliest);
  if (!worked.closes.empty()) reply->set_mark(WatermarkText(worked.closes.front().watermark));
  const int64_t total = SumOf(worked.work.stated.entries);
  *reply->mutable_total() = MoneyToProto(total, worked.currency);
  if (before.has_value()) *reply->mutable_change() = MoneyToProto(total - SumOf(*before), worked.currency);

  std::vector<PartnerPreview> previews = PreviewOf(std::move(worked.work.stated.entries), before);
  std::erase_if(previews, [&](const PartnerPreview& preview) { return preview.partner <= query.After(0); });
  reply->set_next_page_token(
      CutPage(query, tokens_, &previews, [](const PartnerPreview& preview) { return std::vector{preview.partner}; }));
  return AddPartners(sql, previews, worked.currency, reply);
}

absl::Status ClosePreviewService::AddPartners(mysql::Transaction& sql, const std::vector<PartnerPreview>& previews,
                                              const std::string& currency, v1::ClosePreview* reply) const {
  ProgramVersions programs;  // few behind many entries
  for (const PartnerPreview& preview : previews) {
    v1::ClosePreview::Partner& partner = *reply->add_partners();
    partner.set_partner(StrCat("partners/", preview.partner));
    *partner.mutable_amount() = MoneyToProto(preview.amount, currency);
    for (const StatementEntry& entry : preview.entries) {
      const auto [program, unread] = programs.try_emplace({entry.program, entry.program_version});
      if (unread) {
        ASSIGN_OR_RETURN(program->second, programs_.GetVersion(sql, entry.program, entry.program_version));
      }
      ASSIGN_OR_RETURN(*partner.add_entries(), ToProto(entry, program->second, preview.partner));
    }
    for (const EntryChange& one : preview.changes) {
      v1::ClosePreview::Change& change = *partner.add_changes();
      change.set_program(StrCat("programs/", one.program));
      change.set_period(one.period);
      change.set_kind(static_cast<v1::StatementEntry::Kind>(one.kind));
      *change.mutable_amount_before() = MoneyToProto(one.before, currency);
      *change.mutable_amount() = MoneyToProto(one.now, currency);
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
