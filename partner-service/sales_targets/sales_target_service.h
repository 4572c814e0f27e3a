#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/sales_facts/sales_fact_store.h"
#include "partner-service/sales_targets/sales_target_store.h"
#include "tributary/partner/v1/sales_target.pb.h"

namespace tributary::rpc {
class Server;
class StreamWriter;
}  // namespace tributary::rpc

namespace tributary::partner {

// Serves tributary.partner.v1.SalesTargetService.
class SalesTargetService {
 public:
  // All outlive the service.
  SalesTargetService(mysql::Database& database, events::Feed& feed, const PageTokens& tokens)
      : database_(database), feed_(feed), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSalesTargetRequest& request,
                   v1::SalesTarget* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSalesTargetsRequest& request,
                    v1::ListSalesTargetsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSalesTargetRequest& request,
                      v1::SalesTarget* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateSalesTargetRequest& request,
                      v1::SalesTarget* reply);
  absl::Status Cascade(const rpc::Call& call, rpc::Unit& unit, const v1::CascadeSalesTargetRequest& request,
                       v1::CascadeSalesTargetResponse* reply);
  absl::Status Adjust(const rpc::Call& call, rpc::Unit& unit, const v1::AdjustSalesTargetRequest& request,
                      v1::SalesTarget* reply);
  absl::Status GetAttainment(const rpc::Call& call, rpc::Unit& unit, const v1::GetAttainmentRequest& request,
                             v1::Attainment* reply);
  absl::Status WatchAttainment(const rpc::Call& call, const v1::WatchAttainmentRequest& request,
                               rpc::StreamWriter& writer);

 private:
  absl::StatusOr<v1::Attainment> Attained(mysql::Transaction& sql, std::string_view name, absl::Time now) const;

  mysql::Database& database_;
  events::Feed& feed_;
  const PageTokens& tokens_;
  SalesTargetStore targets_;
  SalesFactStore facts_;
  FiscalCalendarStore calendars_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
