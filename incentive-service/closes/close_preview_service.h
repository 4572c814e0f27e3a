#pragma once

// The RPCs of previews of closes. They read, and no more: each in one snapshot, so that what it says is of one moment.

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/closes/close_preview.h"
#include "incentive-service/closes/close_work.h"
#include "incentive-service/closes/period_close_service.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/stacking_plans/stacked_close_service.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/close_preview.pb.h"

namespace tributary::incentive {

class ClosePreviewService {
 public:
  // All outlive it; `closes` and `stacked_closes` work closes out.
  ClosePreviewService(mysql::Database& database, const PageTokens& tokens, const PeriodCloseService& closes,
                      const StackedCloseService& stacked_closes)
      : database_(database), tokens_(tokens), closes_(closes), stacked_closes_(stacked_closes) {}

  void Register(rpc::Server& server);

  absl::Status Preview(const rpc::Call& call, rpc::Unit& unit, const v1::PreviewCloseRequest& request,
                       v1::ClosePreview* reply);
  absl::Status PreviewStacked(const rpc::Call& call, rpc::Unit& unit, const v1::PreviewStackedCloseRequest& request,
                              v1::ClosePreview* reply);

 private:
  using WorkOut = absl::FunctionRef<absl::StatusOr<WorkedOutClose>(mysql::Transaction&, const CloseAsk&)>;
  // One page; `since`: a mark, or empty.
  absl::Status Tell(const rpc::Call& call, const ListQuery& query, const std::string& since, WorkOut work_out,
                    v1::ClosePreview* reply) const;
  absl::Status TellOf(const rpc::Call& call, mysql::Transaction& sql, const ListQuery& query,
                      const std::optional<Watermark>& since, WorkOut work_out, v1::ClosePreview* reply) const;
  absl::Status AddPartners(mysql::Transaction& sql, const std::vector<PartnerPreview>& previews,
                           const std::string& currency, v1::ClosePreview* reply) const;

  mysql::Database& database_;
  const PageTokens& tokens_;
  const PeriodCloseService& closes_;
  const StackedCloseService& stacked_closes_;
  ProgramStore programs_;
  StatementStore statements_;
};

}  // namespace tributary::incentive
