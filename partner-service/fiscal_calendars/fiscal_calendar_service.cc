#include "partner-service/fiscal_calendars/fiscal_calendar_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "fiscalCalendars/{fiscal_calendar}";

// Adds the periods of a layout; errors name `layout`.
absl::Status AddLayout(const v1::FiscalLayout& message, FiscalCalendar& calendar) {
  const auto layout = FromProto(message);
  if (!layout.ok()) return AtField(layout.status(), "layout");
  const auto periods = LayOut(*layout);
  if (!periods.ok()) return AtField(periods.status(), "layout");
  calendar.periods.insert(calendar.periods.end(), periods->begin(), periods->end());
  Sort(calendar);
  return absl::OkStatus();
}

}  // namespace

void FiscalCalendarService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.FiscalCalendarService", this)
      .Unary("GetFiscalCalendar", &FiscalCalendarService::Get)
      .Unary("ListFiscalCalendars", &FiscalCalendarService::List)
      .Unary("CreateFiscalCalendar", &FiscalCalendarService::Create)
      .Unary("UpdateFiscalCalendar", &FiscalCalendarService::Update)
      .Unary("ExtendFiscalCalendar", &FiscalCalendarService::Extend)
      .Unary("FindFiscalPeriods", &FiscalCalendarService::FindPeriods);
}

absl::Status FiscalCalendarService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetFiscalCalendarRequest& request,
                                        v1::FiscalCalendar* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.Get(unit.sql(), ids.front()));
  *reply = ToProto(calendar);
  return absl::OkStatus();
}

absl::Status FiscalCalendarService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListFiscalCalendarsRequest& request,
                                         v1::ListFiscalCalendarsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, FiscalCalendarStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<FiscalCalendar> calendars, calendars_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&calendars, [](const FiscalCalendar& last) { return std::vector{last.id}; }));
  for (const FiscalCalendar& calendar : calendars) *reply->add_fiscal_calendars() = ToProto(calendar);
  return absl::OkStatus();
}

absl::Status FiscalCalendarService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateFiscalCalendarRequest& request, v1::FiscalCalendar* reply) {
  auto content = FromProto(request.fiscal_calendar());
  if (!content.ok()) return AtField(content.status(), "fiscal_calendar");
  FiscalCalendar calendar = *std::move(content);
  calendar.revision = Revision::First(call.now);
  calendar.id = request.fiscal_calendar_id().empty() ? calendar.revision.uid.ToString() : request.fiscal_calendar_id();
  if (request.has_layout()) RETURN_IF_ERROR(AddLayout(request.layout(), calendar));
  RETURN_IF_ERROR(AtField(CheckPeriods(calendar), "fiscal_calendar"));
  RETURN_IF_ERROR(calendars_.Create(unit.sql(), calendar));
  unit.Emit(Told("created", calendar));
  *reply = ToProto(calendar);
  return absl::OkStatus();
}

absl::Status FiscalCalendarService::Update(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::UpdateFiscalCalendarRequest& request, v1::FiscalCalendar* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "periods", "working_weekdays", "days_off",
                                                           "days_worked"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.fiscal_calendar().name(), kPattern, "fiscal_calendar.name"));
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckEtag(calendar.name(), request.fiscal_calendar().etag(), calendar.revision.version));
  v1::FiscalCalendar merged = ToProto(calendar);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.fiscal_calendar(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "fiscal_calendar");
  const auto changed = Change(calendar, *content, TodayOf(calendar, call.now), call.now);
  if (!changed.ok()) return AtField(changed.status(), "fiscal_calendar");
  RETURN_IF_ERROR(calendars_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

absl::Status FiscalCalendarService::Extend(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ExtendFiscalCalendarRequest& request, v1::FiscalCalendar* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.GetForUpdate(unit.sql(), ids.front()));
  FiscalCalendar longer = calendar;
  RETURN_IF_ERROR(AddLayout(request.layout(), longer));
  ASSIGN_OR_RETURN(const FiscalCalendar changed, Change(calendar, longer, TodayOf(calendar, call.now), call.now));
  RETURN_IF_ERROR(calendars_.Update(unit.sql(), changed));
  unit.Emit(Told("updated", changed));
  *reply = ToProto(changed);
  return absl::OkStatus();
}

absl::Status FiscalCalendarService::FindPeriods(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::FindFiscalPeriodsRequest& request,
                                                v1::FindFiscalPeriodsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.Get(unit.sql(), ids.front()));
  Date day = TodayOf(calendar, call.now);
  if (request.has_date()) {
    const auto given = wire::FromProto(request.date());
    if (!given.ok()) return AtField(given.status(), "date");
    day = *given;
  }
  *reply->mutable_date() = wire::ToProto(day);
  reply->set_working_day(calendar.working.Works(day));
  for (const FiscalPeriod& period : PeriodsOf(calendar, day)) {
    *reply->add_periods() = ToProto(period);
    reply->add_working_days(calendar.working.Count(period.days));
    reply->add_working_days_gone(calendar.working.Count({period.days.start, day.AddDays(1)}));
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
