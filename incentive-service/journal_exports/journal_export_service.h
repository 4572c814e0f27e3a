#pragma once

// The RPCs of journal exports.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/journal_exports/journal_export_store.h"
#include "tributary/incentive/v1/journal_export.pb.h"

namespace tributary::incentive {

class JournalExportService {
 public:
  explicit JournalExportService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetJournalExportRequest& request,
                   v1::JournalExport* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListJournalExportsRequest& request,
                    v1::ListJournalExportsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateJournalExportRequest& request,
                      v1::JournalExport* reply);
  absl::Status Download(const rpc::Call& call, rpc::Unit& unit, const v1::DownloadJournalExportRequest& request,
                        v1::DownloadJournalExportResponse* reply);

 private:
  const PageTokens& tokens_;
  JournalExportStore exports_;
};

}  // namespace tributary::incentive
