#pragma once

// PartnerReportService: takes partners' files and says what became of them.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partner_reports/report_books.h"
#include "inventory-service/partner_reports/report_store.h"
#include "inventory-service/partner_reports/source_rows.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/report_profiles/report_profile_store.h"
#include "tributary/inventory/v1/partner_report.pb.h"

namespace tributary::rpc {
class IncomingStream;
class Server;
}  // namespace tributary::rpc

namespace tributary::inventory {

class PartnerReportService {
 public:
  // All outlive it.
  PartnerReportService(PartnerDirectory& partners, const ReportBooks& books, const PageTokens& page_tokens)
      : partners_(partners), books_(books), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPartnerReportRequest& request,
                   v1::PartnerReport* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnerReportsRequest& request,
                    v1::ListPartnerReportsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePartnerReportRequest& request,
                      v1::PartnerReport* reply);
  absl::Status StreamRows(const rpc::Call& call, rpc::IncomingStream& stream, v1::PartnerReport* reply);
  absl::Status DryRun(const rpc::Call& call, rpc::Unit& unit, const v1::DryRunPartnerReportRequest& request,
                      v1::DryRunPartnerReportResponse* reply);
  absl::Status ListDisagreements(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::ListReportDisagreementsRequest& request,
                                 v1::ListReportDisagreementsResponse* reply);

 private:
  // What a report is made from.
  struct Source {
    std::string sha256;  // 32 bytes
    int64_t size = 0;    // 0 of a zero report
    std::function<absl::StatusOr<SourceRows>(const ReportProfile&)> rows;
  };
  static Source OfFile(std::string_view content);

  // The partner is known and locked, the profile found.
  absl::StatusOr<std::optional<ReportProfile>> Prepare(const rpc::Call& call, rpc::Unit& unit,
                                                       PartnerReport& report) const;
  // The report as it was stated, with what its source holds.
  absl::StatusOr<Addition> Read(const rpc::Call& call, rpc::Unit& unit, PartnerReport report,
                                const Source& source) const;
  // Takes it into the books.
  absl::Status Take(const rpc::Call& call, rpc::Unit& unit, PartnerReport report, const Source& source,
                    v1::PartnerReport* reply) const;

  PartnerDirectory& partners_;
  const ReportBooks& books_;
  const PageTokens& page_tokens_;
  ReportProfileStore profiles_;
  ReportStore reports_;
};

}  // namespace tributary::inventory
