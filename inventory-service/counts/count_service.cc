#include "inventory-service/counts/count_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "inventory-service/counts/count_proto.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/units/unit_conversion_store.h"

namespace tributary::inventory {
void StockCountService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.StockCountService", this)
      .Unary("GetStockCount", &StockCountService::Get)
      .Unary("ListStockCounts", &StockCountService::List)
      .Unary("CreateStockCount", &StockCountService::Create)
      .Unary("ReviseStockCount", &StockCountService::Revise)
      .Unary("SubmitStockCount", &StockCountService::Submit)
      .Unary("ApproveStockCount", &StockCountService::Approve)
      .Unary("RejectStockCount", &StockCountService::Reject);
}

template <typename Request>
absl::StatusOr<StockCount> StockCountService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/counts/{count}"));
  ASSIGN_OR_RETURN(StockCount count, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(count.name(), request.etag(), count.version));
  return count;
}

absl::StatusOr<std::map<std::string, ProductReference>> StockCountService::CheckProducts(
    rpc::Unit& unit, const StockCount& count, std::string_view prefix) const {
  std::set<std::string_view> ids;
  for (const CountLine& line : count.lines) ids.insert(line.product);
  ASSIGN_OR_RETURN(auto products, FindProducts(unit.sql(), {ids.begin(), ids.end()}));
  for (size_t i = 0; i < count.lines.size(); ++i) {
    const std::string& product = count.lines[i].product;
    if (products.contains(product)) continue;
    return Error(
        Reason::kReferenceNotFound,
        StrCat(prefix, "lines[", i, "].product: got ", ProductName(product), ", want a product that is in use"),
        {{"resource", ProductName(product)}});
  }
  RETURN_IF_ERROR(CheckNoKits(unit, count, prefix));
  return products;
}

absl::Status StockCountService::CheckNoKits(rpc::Unit& unit, const StockCount& count, std::string_view prefix) const {
  std::set<std::string> products;
  for (const CountLine& line : count.lines) products.insert(line.product);
  ASSIGN_OR_RETURN(const auto kits, KitStore().PartsOn(unit.sql(), products, count.closing()));
  for (size_t i = 0; i < count.lines.size(); ++i) {
    RETURN_IF_ERROR(CheckNoKit(StrCat(prefix, "lines[", i, "].product"), count.lines[i].product, kits, "count"));
  }
  return absl::OkStatus();
}

absl::Status StockCountService::CompleteLines(rpc::Unit& unit, std::string_view prefix, StockCount* count) const {
  ASSIGN_OR_RETURN(const auto products, CheckProducts(unit, *count, prefix));
  std::set<std::string_view> in_units;
  for (const CountLine& line : count->lines) {
    if (!line.unit.empty()) in_units.insert(line.product);
  }
  ASSIGN_OR_RETURN(const auto units, UnitConversionStore().Of(unit.sql(), {in_units.begin(), in_units.end()}));
  for (size_t i = 0; i < count->lines.size(); ++i) {
    CountLine& line = count->lines[i];
    const std::string field = StrCat(prefix, "lines[", i, "]");
    auto quantity = InBaseUnits(products.at(line.product).unit, UnitsIn(units, line.product),
                                {.unit = line.unit, .unit_quantity = line.unit_quantity});
    if (!quantity.ok()) return AtField(quantity.status(), field);
    if (line.unit.empty()) continue;
    if (!line.counted.zero() && line.counted != quantity->quantity) {
      return InvalidField(
          StrCat(field, ".counted"), line.counted.ToString(),
          StrCat(quantity->quantity.ToString(), ", which ", line.unit_quantity.ToString(), " ", line.unit, " are"));
    }
    line.counted = quantity->quantity;
    line.unit = std::move(quantity->unit);
    line.unit_quantity = quantity->unit_quantity;
  }
  return absl::OkStatus();
}

absl::Status StockCountService::AddUnlisted(rpc::Unit& unit, StockCount* count) const {
  if (!count->complete) return absl::OkStatus();
  std::set<PositionKey> listed;
  for (const CountLine& line : count->lines) listed.insert(count->KeyOf(line));
  ASSIGN_OR_RETURN(const std::vector<PositionKey> known,
                   store_.Known(unit.sql(), count->partner, count->site, count->closing()));
  for (const PositionKey& key : known) {
    if (!listed.contains(key)) count->lines.push_back({.product = key.product, .lot = key.lot, .listed = false});
  }
  return absl::OkStatus();
}

absl::Status StockCountService::LockPositions(const rpc::Call& call, rpc::Unit& unit, const StockCount& count) const {
  std::map<BucketKey, Decimal> nothing;
  for (const CountLine& line : count.lines) {
    for (const Bucket bucket : kBuckets) {
      if (Counts(line.bucket, bucket)) nothing.emplace(BucketKey{count.KeyOf(line), bucket}, Decimal());
    }
  }
  return LedgerStore().AddToPositions(unit.sql(), nothing, call.now);
}

absl::StatusOr<std::vector<StockCountService::LineBook>> StockCountService::Books(rpc::Unit& unit,
                                                                                  const StockCount& count) const {
  ASSIGN_OR_RETURN(const auto positions, store_.Books(unit.sql(), count));
  std::vector<LineBook> books;
  for (const CountLine& line : count.lines) {
    LineBook& book = books.emplace_back();
    const auto position = positions.find(count.KeyOf(line));
    if (position == positions.end()) continue;
    for (const auto& [bucket, quantity] : position->second) {
      if (Counts(line.bucket, bucket)) book.units += quantity;
      if (bucket == Bucket::kReserved) book.reserved = quantity;
    }
  }
  return books;
}

absl::Status StockCountService::Adjust(const rpc::Call& call, rpc::Unit& unit, const StockCount& count,
                                       const std::vector<LineBook>& books) const {
  RETURN_IF_ERROR(store_.Hold(unit.sql(), count));
  std::vector<Posting> postings;
  for (size_t i = 0; i < count.lines.size(); ++i) {
    const CountLine& line = count.lines[i];
    const StandingCount standing{.count = count.name(), .closing = count.closing(), .bucket = line.bucket};
    std::optional<Posting> posting = Adjustment(count.KeyOf(line), standing, line.counted, books[i].units);
    if (posting.has_value()) postings.push_back(*std::move(posting));
  }
  return Post(call, unit, std::move(postings));
}

absl::Status StockCountService::Fill(rpc::Unit& unit, const StockCount& count, v1::StockCount* reply) const {
  *reply = ToProto(count);
  if (count.state != CountState::kOpen) {
    ASSIGN_OR_RETURN(*reply->mutable_approval_task(), asks_.TaskOf(unit.sql(), count.name()));
  }
  if (count.blind && count.state == CountState::kOpen) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<LineBook> books, Books(unit, count));
  for (size_t i = 0; i < count.lines.size(); ++i) {
    const CountLine& line = count.lines[i];
    v1::CountLine& out = *reply->mutable_lines(static_cast<int>(i));
    *out.mutable_book() = wire::ToProto(books[i].units);
    *out.mutable_adjustment() = wire::ToProto(line.counted - books[i].units);
    const Decimal reserved = books[i].reserved;
    if (!line.bucket.has_value() && line.counted < reserved) {
      *out.mutable_short_of_reservations() = wire::ToProto(reserved - line.counted);
    }
  }
  return absl::OkStatus();
}

void StockCountService::Tell(rpc::Unit& unit, std::string_view verb, const StockCount& count) const {
  const v1::StockCount told = ToProto(count);
  unit.Emit(events::Draft(count.partner, verb, told.name(), told));
}

absl::Status StockCountService::Reply(rpc::Unit& unit, std::string_view verb, const StockCount& count,
                                      v1::StockCount* reply) const {
  Tell(unit, verb, count);
  return Fill(unit, count, reply);
}

absl::Status StockCountService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetStockCountRequest& request,
                                    v1::StockCount* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/counts/{count}"));
  ASSIGN_OR_RETURN(const StockCount count, store_.Get(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(Fill(unit, count, reply));
  std::optional<absl::Time> known;
  if (request.has_known_time()) known = wire::FromProto(request.known_time());
  ASSIGN_OR_RETURN(const auto adjustments, store_.Adjustments(unit.sql(), count, known));
  for (const CountAdjustment& adjustment : adjustments) {
    for (size_t i = 0; i < count.lines.size(); ++i) {
      const CountLine& line = count.lines[i];
      if (line.product != adjustment.product || line.lot != adjustment.lot ||
          line.bucket.value_or(Bucket::kOnHand) != adjustment.bucket) {
        continue;
      }
      v1::CountAdjustment& out = *reply->mutable_lines(static_cast<int>(i))->add_adjustments();
      *out.mutable_quantity() = wire::ToProto(adjustment.units);
      out.set_because(adjustment.because);
      *out.mutable_record_time() = wire::ToProto(adjustment.recorded_at);
    }
  }
  return absl::OkStatus();
}

absl::Status StockCountService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockCountsRequest& request,
                                     v1::ListStockCountsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, CountStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<StockCount> counts,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&counts, [](const StockCount& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const StockCount& count : counts) *reply->add_counts() = ToProto(count);
  return absl::OkStatus();
}

absl::Status StockCountService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateStockCountRequest& request, v1::StockCount* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto wanted = FromProto(request.count(), ids[0]);
  if (!wanted.ok()) return AtField(wanted.status(), "count");
  StockCount count = *std::move(wanted);
  if (absl::Status checked = CheckCount(count, LatestToday(call.now)); !checked.ok()) return AtField(checked, "count");
  count.uid = Uuid::New(call.now);
  count.id = request.count_id().empty() ? count.uid.ToString() : request.count_id();
  count.create_time = count.update_time = call.now;
  // Under the caller's own partner what is not there is not found.
  RETURN_IF_ERROR(sites_.Get(unit.sql(), count.partner, count.site));
  RETURN_IF_ERROR(CompleteLines(unit, "count.", &count));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), count));
  return Reply(unit, "created", count, reply);
}

absl::Status StockCountService::Revise(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ReviseStockCountRequest& request, v1::StockCount* reply) {
  ASSIGN_OR_RETURN(std::vector<CountLine> lines, FromProto(request.lines()));
  ASSIGN_OR_RETURN(const StockCount before, Load(unit, request));
  ASSIGN_OR_RETURN(StockCount count, inventory::Revise(before, std::move(lines), call.now));
  RETURN_IF_ERROR(CheckCount(count, LatestToday(call.now)));
  RETURN_IF_ERROR(CompleteLines(unit, "", &count));
  RETURN_IF_ERROR(store_.Update(unit.sql(), count));
  return Reply(unit, "revised", count, reply);
}

absl::Status StockCountService::Submit(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::SubmitStockCountRequest& request, v1::StockCount* reply) {
  ASSIGN_OR_RETURN(const StockCount before, Load(unit, request));
  ASSIGN_OR_RETURN(StockCount count, inventory::Submit(before, call.identity->subject, call.now));
  // One of them may have become a kit since; what is out of use since was there all the same.
  RETURN_IF_ERROR(CheckNoKits(unit, count, ""));
  RETURN_IF_ERROR(AddUnlisted(unit, &count));
  RETURN_IF_ERROR(LockPositions(call, unit, count));
  ASSIGN_OR_RETURN(const std::vector<LineBook> books, Books(unit, count));
  ASSIGN_OR_RETURN(const Site site, sites_.Get(unit.sql(), count.partner, count.site));
  bool within = true;
  for (size_t i = 0; i < books.size(); ++i) {
    within = within && Abs(count.lines[i].counted - books[i].units) <= site.count_tolerance;
  }
  if (within) {
    count = ApproveWithinTolerance(std::move(count), call.now);
    RETURN_IF_ERROR(Adjust(call, unit, count, books));
  } else {
    RETURN_IF_ERROR(asks_.AskWhereCovered(
        unit.sql(), partner::v1::ApprovalPolicy::STOCK_COUNT,
        {.subject = count.name(), .revision = count.version, .requesters = {count.submitter}}, call.now));
  }
  RETURN_IF_ERROR(store_.Update(unit.sql(), count));
  return Reply(unit, within ? "approved" : "submitted", count, reply);
}

absl::StatusOr<StockCount> StockCountService::Approved(const rpc::Call& call, rpc::Unit& unit,
                                                       const StockCount& before) const {
  ASSIGN_OR_RETURN(StockCount count, inventory::Approve(before, call.identity->subject, call.now));
  RETURN_IF_ERROR(LockPositions(call, unit, count));
  ASSIGN_OR_RETURN(const std::vector<LineBook> books, Books(unit, count));
  RETURN_IF_ERROR(Adjust(call, unit, count, books));
  RETURN_IF_ERROR(store_.Update(unit.sql(), count));
  Tell(unit, "approved", count);
  return count;
}

absl::Status StockCountService::Approve(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ApproveStockCountRequest& request, v1::StockCount* reply) {
  ASSIGN_OR_RETURN(const StockCount before, Load(unit, request));
  RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), before.name(), "approve"));
  ASSIGN_OR_RETURN(const StockCount count, Approved(call, unit, before));
  return Fill(unit, count, reply);
}

absl::Status StockCountService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::RejectStockCountRequest& request, v1::StockCount* reply) {
  ASSIGN_OR_RETURN(const StockCount before, Load(unit, request));
  RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), before.name(), "reject"));
  ASSIGN_OR_RETURN(const StockCount count, inventory::Reject(before, call.identity->subject, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), count));
  return Reply(unit, "rejected", count, reply);
}

absl::Status StockCountService::Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(decision.subject, "partners/{partner}/counts/{count}"));
  ASSIGN_OR_RETURN(const StockCount before, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  if (before.state != CountState::kSubmitted) return absl::OkStatus();
  if (decision.verdict == approvals::Verdict::kApproved) {
    const absl::Status approved = Approved(call, unit, before).status();
    if (ReasonOf(approved) != Reason::kStateConflict) return approved;
  }
  ASSIGN_OR_RETURN(const StockCount count, TakeBack(before, decision.decided_by, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), count));
  Tell(unit, "rejected", count);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
