#pragma once

// StockCountService: stock-takes and cycle counts.

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/approvals/approval_asks.h"
#include "common/approvals/approval_feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/counts/count_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/sites/site_store.h"
#include "tributary/inventory/v1/count.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class StockCountService {
 public:
  // The tokens outlive it.
  explicit StockCountService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStockCountRequest& request,
                   v1::StockCount* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockCountsRequest& request,
                    v1::ListStockCountsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateStockCountRequest& request,
                      v1::StockCount* reply);
  absl::Status Revise(const rpc::Call& call, rpc::Unit& unit, const v1::ReviseStockCountRequest& request,
                      v1::StockCount* reply);
  absl::Status Submit(const rpc::Call& call, rpc::Unit& unit, const v1::SubmitStockCountRequest& request,
                      v1::StockCount* reply);
  absl::Status Approve(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveStockCountRequest& request,
                       v1::StockCount* reply);
  absl::Status Reject(const rpc::Call& call, rpc::Unit& unit, const v1::RejectStockCountRequest& request,
                      v1::StockCount* reply);

  // Does what its approval task decided of a count that waits. One that was approved but can no longer hold, since
  // another count of its day does, is rejected.
  absl::Status Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision);

 private:
  template <typename Request>
  absl::StatusOr<StockCount> Load(rpc::Unit& unit, const Request& request) const;
  // The products of the lines. REFERENCE_NOT_FOUND of those that are not there, and what CheckNoKits refuses.
  absl::StatusOr<std::map<std::string, ProductReference>> CheckProducts(rpc::Unit& unit, const StockCount& count,
                                                                        std::string_view prefix) const;
  // INVALID_FIELD of kits, which consist of others at the moment of the count.
  absl::Status CheckNoKits(rpc::Unit& unit, const StockCount& count, std::string_view prefix) const;
  // Checks the products, and gives lines that were counted in units what they are in base units. Refuses what
  // InBaseUnits refuses of a unit.
  absl::Status CompleteLines(rpc::Unit& unit, std::string_view prefix, StockCount* count) const;
  // The lines of what a complete count did not name.
  absl::Status AddUnlisted(rpc::Unit& unit, StockCount* count) const;
  // Locks the positions of the count, so that no posting comes between their book and its adjustment.
  absl::Status LockPositions(const rpc::Call& call, rpc::Unit& unit, const StockCount& count) const;
  // What the books have of each line.
  struct LineBook {
    Decimal units;     // in the buckets that the line counts
    Decimal reserved;  // held for somebody
  };
  absl::StatusOr<std::vector<LineBook>> Books(rpc::Unit& unit, const StockCount& count) const;
  // A submitted count after its approval, which is stored and told.
  absl::StatusOr<StockCount> Approved(const rpc::Call& call, rpc::Unit& unit, const StockCount& before) const;
  // Posts what the approved count adjusts, and lets it hold.
  absl::Status Adjust(const rpc::Call& call, rpc::Unit& unit, const StockCount& count,
                      const std::vector<LineBook>& books) const;
  void Tell(rpc::Unit& unit, std::string_view verb, const StockCount& count) const;
  // Tells the change and fills the reply.
  absl::Status Reply(rpc::Unit& unit, std::string_view verb, const StockCount& count, v1::StockCount* reply) const;
  // With books, but while a blind count is OPEN.
  absl::Status Fill(rpc::Unit& unit, const StockCount& count, v1::StockCount* reply) const;

  const PageTokens& page_tokens_;
  CountStore store_;
  SiteStore sites_;
  approvals::ApprovalAsks asks_;
};

}  // namespace tributary::inventory
