#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.FiscalCalendarService.
class FiscalCalendarService {
 public:
  // `tokens` outlives the service.
  explicit FiscalCalendarService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetFiscalCalendarRequest& request,
                   v1::FiscalCalendar* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListFiscalCalendarsRequest& request,
                    v1::ListFiscalCalendarsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateFiscalCalendarRequest& request,
                      v1::FiscalCalendar* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateFiscalCalendarRequest& request,
                      v1::FiscalCalendar* reply);
  absl::Status Extend(const rpc::Call& call, rpc::Unit& unit, const v1::ExtendFiscalCalendarRequest& request,
                      v1::FiscalCalendar* reply);
  absl::Status FindPeriods(const rpc::Call& call, rpc::Unit& unit, const v1::FindFiscalPeriodsRequest& request,
                           v1::FindFiscalPeriodsResponse* reply);

 private:
  const PageTokens& tokens_;
  FiscalCalendarStore calendars_;
};

}  // namespace tributary::partner
