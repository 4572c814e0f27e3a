#include "inventory-service/reconciliation/reconciliation_service.h"

#include <limits>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/reconciliation/reconciliation_proto.h"

namespace tributary::inventory {
namespace {

constexpr int kGapsShown = 100;

absl::StatusOr<ReconciliationKey> KeyOf(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/reconciliations/{reconciliation}", field));
  std::optional<ReconciliationKey> key = ParseReconciliationSegment(ids[0], ids[1]);
  if (!key.has_value()) return NotFound(name);
  return *std::move(key);
}

void Tell(rpc::Unit& unit, std::string_view verb, const v1::Reconciliation& told, std::string_view partner) {
  unit.Emit(events::Draft(partner, verb, told.name(), told));
}

struct Period {
  Date from;
  Date to;
  std::string product;
};

absl::StatusOr<Period> ReadPeriod(const v1::RunReconciliationsRequest& request, Date today) {
  FieldReader fields;
  Period period{.from = fields.Take("from_date", wire::FromProto(request.from_date())),
                .to = fields.Take("to_date", wire::FromProto(request.to_date()))};
  if (!request.product().empty()) period.product = fields.Id("product", request.product(), "products/{product}");
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(CheckPeriod(period.from, period.to, today));
  return period;
}

void Count(ReconciliationState state, v1::RunReconciliationsResponse* reply) {
  switch (state) {
    case ReconciliationState::kMatched:
      return reply->set_matched(reply->matched() + 1);
    case ReconciliationState::kExplained:
      return reply->set_explained(reply->explained() + 1);
    case ReconciliationState::kUnexplained:
      return reply->set_unexplained(reply->unexplained() + 1);
    case ReconciliationState::kUnknown:
      return reply->set_unknown(reply->unknown() + 1);
  }
}

}  // namespace

void ReconciliationService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReconciliationService", this)
      .Unary("GetReconciliation", &ReconciliationService::Get)
      .Unary("ListReconciliations", &ReconciliationService::List)
      .Unary("ListReconciliationRevisions", &ReconciliationService::ListRevisions)
      .Unary("RunReconciliations", &ReconciliationService::Run)
      .Unary("AcceptReconciliation", &ReconciliationService::Accept);
}

absl::StatusOr<std::map<ReconciliationKey, ReconciliationFigures>> ReconciliationService::FiguresOf(
    rpc::Unit& unit, const std::string& partner, std::string_view product, Date from, Date to,
    const std::map<ReconciliationKey, Reconciliation>& before) const {
  RETURN_IF_ERROR(evidence_.Lock(unit.sql(), partner, product));
  ASSIGN_OR_RETURN(const Evidence evidence, evidence_.Read(unit.sql(), partner, product, from, to));
  std::set<ReconciliationKey> known;
  for (const auto& [key, one] : before) known.insert(key);
  return Reconcile(partner, from, to, evidence, known);
}

absl::Status ReconciliationService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetReconciliationRequest& request,
                                        v1::Reconciliation* reply) {
  ASSIGN_OR_RETURN(const ReconciliationKey key, KeyOf(request.name(), "name"));
  ASSIGN_OR_RETURN(const Reconciliation reconciliation, store_.Get(unit.sql(), key, request.revision()));
  *reply = ToProto(reconciliation);
  return absl::OkStatus();
}

absl::Status ReconciliationService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListReconciliationsRequest& request,
                                         v1::ListReconciliationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, ReconciliationStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Reconciliation> found,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&found, [](const Reconciliation& last) {
    return std::vector{last.key.partner, SegmentOf(last.key)};
  }));
  for (const Reconciliation& one : found) *reply->add_reconciliations() = ToProto(one);
  return absl::OkStatus();
}

absl::Status ReconciliationService::ListRevisions(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::ListReconciliationRevisionsRequest& request,
                                                  v1::ListReconciliationRevisionsResponse* reply) {
  ASSIGN_OR_RETURN(const ReconciliationKey key, KeyOf(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {}, request.parent()));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &before)) {
    return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
  }
  ASSIGN_OR_RETURN(std::vector<Reconciliation> found, store_.Revisions(unit.sql(), key, before, page.limit()));
  if (found.empty() && page.first()) return NotFound(request.parent());
  reply->set_next_page_token(
      page.Cut(&found, [](const Reconciliation& last) { return std::vector{StrCat(last.revision)}; }));
  for (const Reconciliation& one : found) *reply->add_reconciliations() = ToProto(one);
  return absl::OkStatus();
}

absl::Status ReconciliationService::Run(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::RunReconciliationsRequest& request,
                                        v1::RunReconciliationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  const std::string& partner = ids[0];
  ASSIGN_OR_RETURN(const Period period, ReadPeriod(request, LatestToday(call.now)));
  RETURN_IF_ERROR(partners_.CheckKnown(call, partner));
  RETURN_IF_ERROR(LockPartner(unit.sql(), partner, call.now));
  if (!period.product.empty()) {
    ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {period.product}));
    if (products.empty()) {
      return Error(Reason::kReferenceNotFound,
                   StrCat("product: got ", request.product(), ", want a product that is in use"),
                   {{"resource", request.product()}});
    }
  }
  ASSIGN_OR_RETURN(const auto before, store_.OfPeriod(unit.sql(), partner, period.product, period.from, period.to));
  ASSIGN_OR_RETURN(auto figures, FiguresOf(unit, partner, period.product, period.from, period.to, before));

  std::vector<Reconciliation> changed;
  for (auto& [key, found] : figures) {
    const ReconciliationState state = found.state();
    Count(state, reply);
    const auto known = before.find(key);
    std::optional<Reconciliation> next =
        Rerun(known == before.end() ? nullptr : &known->second, key, std::move(found), call.now);
    const bool gap = state == ReconciliationState::kExplained || state == ReconciliationState::kUnexplained;
    const bool fresh = next.has_value();
    if (gap && reply->gaps_size() < kGapsShown) *reply->add_gaps() = ToProto(fresh ? *next : known->second);
    if (fresh) changed.push_back(*std::move(next));
  }
  reply->set_changed(static_cast<int>(changed.size()));
  RETURN_IF_ERROR(store_.Put(unit.sql(), changed));
  for (const Reconciliation& one : changed) Tell(unit, "reconciled", ToProto(one), partner);
  return absl::OkStatus();
}

absl::Status ReconciliationService::Accept(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::AcceptReconciliationRequest& request, v1::Reconciliation* reply) {
  ASSIGN_OR_RETURN(const ReconciliationKey key, KeyOf(request.name(), "name"));
  RETURN_IF_ERROR(LockPartner(unit.sql(), key.partner, call.now));
  ASSIGN_OR_RETURN(const Reconciliation open, store_.Get(unit.sql(), key));
  RETURN_IF_ERROR(CheckEtag(open.name(), request.etag(), open.version));
  const std::map<ReconciliationKey, Reconciliation> before{std::pair(key, open)};
  ASSIGN_OR_RETURN(const auto figures, FiguresOf(unit, key.partner, key.product, key.from, key.to, before));
  ASSIGN_OR_RETURN(const Reconciliation accepted,
                   inventory::Accept(open, figures.at(key), call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(store_.Put(unit.sql(), {&accepted, 1}));
  *reply = ToProto(accepted);
  Tell(unit, "accepted", *reply, key.partner);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
