#include "inventory-service/ledger/ledger_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/ledger/as_of.h"
#include "inventory-service/ledger/ledger_proto.h"

namespace tributary::inventory {

void LedgerService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.LedgerService", this)
      .Unary("GetPosition", &LedgerService::GetPosition)
      .Unary("ListPositions", &LedgerService::ListPositions)
      .Unary("ListStockPostings", &LedgerService::ListStockPostings)
      .Unary("CheckLedger", &LedgerService::CheckLedger);
}

absl::Status LedgerService::GetPosition(const rpc::Call& call, rpc::Unit& unit, const v1::GetPositionRequest& request,
                                        v1::Position* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/positions/{position}"));
  const std::optional<PositionKey> key = ParsePositionSegment(ids[0], ids[1]);
  if (!key.has_value()) {
    return InvalidField("name", request.name(), "partners/{partner}/positions/{site}.{product}, or with .{lot}");
  }
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(call, request));
  ASSIGN_OR_RETURN(const Position position, store_.GetPosition(unit.sql(), *key, as_of));
  *reply = ToProto(position);
  return absl::OkStatus();
}

absl::Status LedgerService::ListPositions(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ListPositionsRequest& request, v1::ListPositionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(call, request));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, LedgerStore::PositionFields(),
                                             StrCat(request.parent(), " ", ToString(as_of))));
  const PositionKey after{std::string(page.after(0)), std::string(page.after(1)), std::string(page.after(2)),
                          std::string(page.after(3))};
  ASSIGN_OR_RETURN(std::vector<Position> positions,
                   store_.ListPositions(unit.sql(), partner, after, page.filter(), page.limit(), as_of));
  reply->set_next_page_token(page.Cut(&positions, [](const Position& last) {
    return std::vector{last.key.partner, last.key.site, last.key.product, last.key.lot};
  }));
  for (const Position& position : positions) *reply->add_positions() = ToProto(position);
  return absl::OkStatus();
}

absl::Status LedgerService::ListStockPostings(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::ListStockPostingsRequest& request,
                                              v1::ListStockPostingsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, LedgerStore::PostingFields(), request.parent()));
  events::Cursor after{.shard = -1};
  int after_n = 0;
  if (!page.first() &&
      !(absl::SimpleAtoi(Abseil(page.after(0)), &after.shard) && absl::SimpleAtoi(Abseil(page.after(1)), &after.seq) &&
        absl::SimpleAtoi(Abseil(page.after(2)), &after_n))) {
    return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
  }
  ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings,
                   store_.ListPostings(unit.sql(), partner, after, after_n, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&postings, [](const RecordedPosting& last) {
    return std::vector{StrCat(last.cursor.shard), StrCat(last.cursor.seq), StrCat(last.posting.n)};
  }));
  for (const RecordedPosting& posting : postings) *reply->add_stock_postings() = ToProto(posting);
  return absl::OkStatus();
}

absl::Status LedgerService::CheckLedger(const rpc::Call& call, rpc::Unit&, const v1::CheckLedgerRequest&,
                                        v1::LedgerBalance* reply) {
  return database_.Transact({.deadline = call.deadline, .snapshot = true},
                            [&](mysql::Transaction& sql) -> absl::Status {
                              ASSIGN_OR_RETURN(const Balance balance, store_.ReadBalance(sql));
                              *reply = ToProto(balance);
                              return absl::OkStatus();
                            });
}

}  // namespace tributary::inventory
