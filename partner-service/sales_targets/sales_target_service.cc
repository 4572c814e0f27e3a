#include "partner-service/sales_targets/sales_target_service.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/sales_targets/sales_target_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/targets/{target}";
// A watch looks so often whether its partner's facts have moved ...
constexpr absl::Duration kLook = absl::Milliseconds(200);
// ... and at everything again so often: the target may be adjusted, and days pass.
constexpr absl::Duration kLookAgain = absl::Seconds(2);
constexpr absl::Duration kStatementTime = absl::Seconds(10);

// Whose whole it is a part of is nobody's business but the vendor's.
v1::SalesTarget Shown(const rpc::Call& call, const SalesTarget& target) {
  v1::SalesTarget out = ToProto(target);
  if (call.identity->IsPartnerUser() && PartnerOf(out.parent()) != target.partner_id) {
    out.clear_parent();
    out.clear_weight();
  }
  return out;
}

// The period of the target in the calendar, which is locked against change by who reads it.
absl::Status SetDays(const FiscalCalendar& calendar, SalesTarget* target) {
  const auto period = std::find_if(calendar.periods.begin(), calendar.periods.end(),
                                   [&](const FiscalPeriod& one) { return one.id == target->period; });
  if (period == calendar.periods.end()) {
    return UnknownReference("period", target->period, StrCat("the id of a period of ", calendar.name()));
  }
  target->days = period->days;
  target->decision_due = DecisionDueOf(*target, calendar);
  return absl::OkStatus();
}

}  // namespace

void SalesTargetService::Register(rpc::Server& server) {
  const v1::Attainment* const sent = nullptr;
  server.Add("tributary.partner.v1.SalesTargetService", this)
      .Unary("GetSalesTarget", &SalesTargetService::Get)
      .Unary("ListSalesTargets", &SalesTargetService::List)
      .Unary("CreateSalesTarget", &SalesTargetService::Create)
      .Unary("UpdateSalesTarget", &SalesTargetService::Update)
      .Unary("CascadeSalesTarget", &SalesTargetService::Cascade)
      .Unary("AdjustSalesTarget", &SalesTargetService::Adjust)
      .Unary("GetAttainment", &SalesTargetService::GetAttainment)
      .Stream("WatchAttainment", &SalesTargetService::WatchAttainment, sent);
}

absl::Status SalesTargetService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSalesTargetRequest& request,
                                     v1::SalesTarget* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const SalesTarget target, targets_.Get(unit.sql(), ids[0], ids[1]));
  *reply = Shown(call, target);
  return absl::OkStatus();
}

absl::Status SalesTargetService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListSalesTargetsRequest& request, v1::ListSalesTargetsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, SalesTargetStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<SalesTarget> targets, targets_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&targets, [](const SalesTarget& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const SalesTarget& target : targets) *reply->add_targets() = Shown(call, target);
  return absl::OkStatus();
}

absl::Status SalesTargetService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateSalesTargetRequest& request, v1::SalesTarget* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createSalesTarget"));
  auto content = FromProto(request.target());
  if (!content.ok()) return AtField(content.status(), "target");
  SalesTarget target = Begin(*std::move(content), call.identity->subject, call.now);
  target.partner_id = partner.id;
  target.id = request.target_id().empty() ? target.revision.uid.ToString() : request.target_id();
  RETURN_IF_ERROR(AtField(CheckContent(target), "target"));
  const auto calendar = calendars_.GetForUpdate(unit.sql(), target.calendar_id);
  if (absl::IsNotFound(calendar.status())) {
    return UnknownReference("target.fiscal_calendar", request.target().fiscal_calendar(), "a fiscal calendar");
  }
  RETURN_IF_ERROR(calendar.status());
  RETURN_IF_ERROR(AtField(SetDays(*calendar, &target), "target"));
  RETURN_IF_ERROR(targets_.Create(unit.sql(), target));
  unit.Emit(Told("created", target));
  *reply = Shown(call, target);
  return absl::OkStatus();
}

absl::Status SalesTargetService::Update(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::UpdateSalesTargetRequest& request, v1::SalesTarget* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "consequence", "consequence_note"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.target().name(), kPattern, "target.name"));
  ASSIGN_OR_RETURN(const SalesTarget target, targets_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(target.name(), request.target().etag(), target.revision.version));
  v1::SalesTarget merged = ToProto(target);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.target(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "target");
  const auto changed = Change(target, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "target");
  RETURN_IF_ERROR(targets_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = Shown(call, *changed);
  return absl::OkStatus();
}

absl::Status SalesTargetService::Cascade(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CascadeSalesTargetRequest& request,
                                         v1::CascadeSalesTargetResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  std::vector<PartWanted> wanted;
  std::set<std::string> partner_ids;  // locked in their order
  for (int i = 0; i < request.parts_size(); ++i) {
    const v1::TargetPart& part = request.parts(i);
    ASSIGN_OR_RETURN(const std::vector<std::string> of,
                     ParseResourceName(part.partner(), "partners/{partner}", StrCat("parts[", i, "].partner")));
    const auto weight = wire::FromProto(part.weight());
    if (!weight.ok()) return AtField(weight.status(), StrCat("parts[", i, "].weight"));
    partner_ids.insert(of.front());
    wanted.push_back({.partner_id = of.front(),
                      .id = part.target_id(),
                      .weight = *weight,
                      .period = part.period(),
                      .product_lines = {part.product_lines().begin(), part.product_lines().end()},
                      .products = {part.products().begin(), part.products().end()}});
  }
  for (const std::string& partner_id : partner_ids) {
    ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), partner_id));
    RETURN_IF_ERROR(CheckOpen(partner, "cascadeSalesTarget"));
  }
  ASSIGN_OR_RETURN(const TargetTree tree, targets_.GetTree(unit.sql(), ids[0], ids[1]));
  const SalesTarget& whole = tree.at(request.name());
  const bool has_parts =
      std::any_of(tree.begin(), tree.end(), [&](const auto& entry) { return entry.second.parent == request.name(); });
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.Get(unit.sql(), whole.calendar_id));
  ASSIGN_OR_RETURN(const std::vector<SalesTarget> parts,
                   tributary::partner::Cascade(whole, has_parts, wanted, calendar, call.identity->subject, call.now));
  for (const SalesTarget& part : parts) {
    RETURN_IF_ERROR(targets_.Create(unit.sql(), part));
    unit.Emit(Told("created", part));
    *reply->add_parts() = Shown(call, part);
  }
  return absl::OkStatus();
}

absl::Status SalesTargetService::Adjust(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::AdjustSalesTargetRequest& request, v1::SalesTarget* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const TargetTree tree, targets_.GetTree(unit.sql(), ids[0], ids[1]));
  const SalesTarget& target = tree.at(request.name());
  RETURN_IF_ERROR(CheckEtag(target.name(), request.etag(), target.revision.version));
  Adjustment adjustment{.name = target.name(),
                        .counterpart = request.counterpart(),
                        .reason = request.reason(),
                        .principal = call.identity->subject};
  const bool money = !target.currency.empty();
  if (request.has_amount() != money || request.has_quantity() == money) {
    return InvalidField(money ? "amount" : "quantity", "not set alone",
                        money ? StrCat("the new amount in ", target.currency) : std::string("the new quantity"));
  }
  if (money) {
    const auto amount = wire::FromProto(request.amount());
    if (!amount.ok()) return AtField(amount.status(), "amount");
    if (amount->currency != target.currency) {
      return InvalidField("amount.currency_code", amount->currency, target.currency);
    }
    adjustment.figure = amount->amount;
  } else {
    const auto quantity = wire::FromProto(request.quantity());
    if (!quantity.ok()) return AtField(quantity.status(), "quantity");
    adjustment.figure = *quantity;
  }
  ASSIGN_OR_RETURN(const std::vector<SalesTarget> changed, tributary::partner::Adjust(tree, adjustment, call.now));
  for (const SalesTarget& one : changed) {
    RETURN_IF_ERROR(targets_.Update(unit.sql(), one));
    unit.Emit(Told("adjusted", one));
  }
  ASSIGN_OR_RETURN(const SalesTarget now, targets_.Get(unit.sql(), ids[0], ids[1]));
  *reply = Shown(call, now);
  return absl::OkStatus();
}

absl::StatusOr<v1::Attainment> SalesTargetService::Attained(mysql::Transaction& sql, std::string_view name,
                                                            absl::Time now) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, kPattern));
  ASSIGN_OR_RETURN(const SalesTarget target, targets_.Get(sql, ids[0], ids[1]));
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.Get(sql, target.calendar_id));
  ASSIGN_OR_RETURN(const std::vector<SalesTotal> totals, facts_.Totals(sql, QueryOf(target)));
  const Date today = TodayOf(calendar, now);
  v1::Attainment attainment = ToProto(target, Evaluate(target, totals, today));
  attainment.set_working_days(calendar.working.Count(target.days));
  attainment.set_working_days_gone(
      calendar.working.Count({target.days.start, std::min(today.AddDays(1), target.days.end)}));
  return attainment;
}

absl::Status SalesTargetService::GetAttainment(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::GetAttainmentRequest& request, v1::Attainment* reply) {
  ASSIGN_OR_RETURN(*reply, Attained(unit.sql(), request.name(), call.now));
  return absl::OkStatus();
}

absl::Status SalesTargetService::WatchAttainment(const rpc::Call&, const v1::WatchAttainmentRequest& request,
                                                 rpc::StreamWriter& writer) {
  const int shard = events::ShardOf(PartnerOf(request.name()));
  const std::vector<int64_t> nobody(events::kShards, std::numeric_limits<int64_t>::max());
  std::string sent;
  int64_t seen = -1;
  absl::Time looked = absl::InfinitePast();
  while (!writer.Gone()) {
    if (feed_.stopped()) return Error(Reason::kDraining, "the process is stopping");
    v1::Attainment attainment;
    bool read = false;
    RETURN_IF_ERROR(database_.Transact({.deadline = absl::Now() + kStatementTime, .autocommit_reads = true},
                                       [&](mysql::Transaction& sql) -> absl::Status {
                                         ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors,
                                                          events::AppliedCursors(sql, "inventory"));
                                         int64_t applied = 0;
                                         for (const events::Cursor& cursor : cursors) {
                                           if (cursor.shard == shard) applied = cursor.seq;
                                         }
                                         read = applied != seen || absl::Now() >= looked + kLookAgain;
                                         if (!read) return absl::OkStatus();
                                         seen = applied;
                                         looked = absl::Now();
                                         ASSIGN_OR_RETURN(attainment, Attained(sql, request.name(), looked));
                                         return absl::OkStatus();
                                       }));
    if (read && attainment.SerializeAsString() != sent) {
      // A commit can be seen before it is on disk; afterwards what was seen is.
      RETURN_IF_ERROR(feed_.Refresh());
      sent = attainment.SerializeAsString();
      if (!writer.Write(attainment)) break;
    }
    feed_.WaitBeyond(nobody, absl::Now() + kLook);
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
