#pragma once

// ReportRowService: the rows of reports, and the workbench where bad ones are repaired, retried or given up.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partner_reports/report_books.h"
#include "inventory-service/partner_reports/report_row_store.h"
#include "inventory-service/partner_reports/report_store.h"
#include "inventory-service/report_profiles/report_profile_store.h"
#include "tributary/inventory/v1/report_row.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReportRowService {
 public:
  // Both outlive it.
  ReportRowService(const ReportBooks& books, const PageTokens& page_tokens)
      : books_(books), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReportRowRequest& request,
                   v1::ReportRow* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReportRowsRequest& request,
                    v1::ListReportRowsResponse* reply);
  absl::Status Repair(const rpc::Call& call, rpc::Unit& unit, const v1::RepairReportRowRequest& request,
                      v1::ReportRow* reply);
  absl::Status Retry(const rpc::Call& call, rpc::Unit& unit, const v1::RetryReportRowRequest& request,
                     v1::ReportRow* reply);
  absl::Status RetryAll(const rpc::Call& call, rpc::Unit& unit, const v1::RetryReportRowsRequest& request,
                        v1::RetryReportRowsResponse* reply);
  absl::Status Discard(const rpc::Call& call, rpc::Unit& unit, const v1::DiscardReportRowRequest& request,
                       v1::ReportRow* reply);

 private:
  struct Loaded {
    PartnerReport report;
    ReportRow row;
  };
  // The row under the partner's lock; refused where it is not REJECTED, or not as the caller saw it.
  absl::StatusOr<Loaded> LoadRejected(const rpc::Call& call, rpc::Unit& unit, std::string_view name,
                                      std::string_view etag, std::string_view verb) const;
  // Reads the rows again by the profile as it is now, and takes in those that can be.
  absl::StatusOr<std::vector<ReportRow>> ReadAgain(const rpc::Call& call, rpc::Unit& unit, PartnerReport report,
                                                   std::vector<ReportRow> rows) const;

  const ReportBooks& books_;
  const PageTokens& page_tokens_;
  ReportProfileStore profiles_;
  ReportStore reports_;
  ReportRowStore rows_;
};

}  // namespace tributary::inventory
