#include "inventory-service/prices/price_entry_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/partners/buyer.h"
#include "inventory-service/prices/price_proto.h"
#include "inventory-service/products/admitted.h"

namespace tributary::inventory {
namespace {

using Key = PriceEntryStore::Key;

constexpr std::string_view kPattern = "priceLists/{price_list}/entries/{entry}";
constexpr std::string_view kWantList = "a price list that is in use";
constexpr std::string_view kWantProduct = "a product that is in use";

// Price lists belong to no partner: the key of an event is the list's name.
void Tell(rpc::Unit& unit, std::string_view verb, const PriceEntry& entry) {
  unit.Emit(events::Draft(StrCat("priceLists/", entry.price_list), verb, entry.name(), ToProto(entry)));
}

absl::Status Unknown(std::string_view field, std::string_view got, std::string_view want) {
  return Error(Reason::kReferenceNotFound, StrCat(field, ": got ", got, ", want ", want),
               {{"resource", std::string(got)}});
}

// Takes out the rows whose price list or product is not in use, as errors of theirs.
absl::Status RejectUnknown(rpc::Unit& unit, const PriceListStore& lists, std::vector<Stated<PriceEntry>>& stated,
                           imports::BatchResult& result) {
  std::set<std::string_view> list_ids, product_ids;
  for (const auto& next : stated) {
    list_ids.insert(next.fact.price_list);
    product_ids.insert(next.fact.product);
  }
  ASSIGN_OR_RETURN(const auto known_lists, lists.InUse(unit.sql(), {list_ids.begin(), list_ids.end()}));
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {product_ids.begin(), product_ids.end()}));
  std::erase_if(stated, [&](const Stated<PriceEntry>& next) {
    const auto reject = [&](std::string_view column, std::string got, std::string_view want) {
      result.Reject({{.row = next.row,
                      .column = std::string(column),
                      .got = std::move(got),
                      .want = std::string(want),
                      .reason = Reason::kReferenceNotFound}});
      return true;
    };
    if (!known_lists.contains(next.fact.price_list)) return reject("name", next.fact.name(), kWantList);
    if (!products.contains(next.fact.product)) return reject("product", ProductName(next.fact.product), kWantProduct);
    return false;
  });
  return absl::OkStatus();
}

}  // namespace

void PriceEntryService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.PriceEntryService", this)
      .Unary("GetPriceEntry", &PriceEntryService::Get)
      .Unary("ListPriceEntries", &PriceEntryService::List)
      .Unary("CreatePriceEntry", &PriceEntryService::Create)
      .Unary("UpdatePriceEntry", &PriceEntryService::Update)
      .Unary("DeactivatePriceEntry", &PriceEntryService::Deactivate)
      .Unary("BatchImportPriceEntries", &PriceEntryService::Import)
      .Unary("ResolvePrice", &PriceEntryService::Resolve);
}

absl::StatusOr<PriceEntry> PriceEntryService::Load(rpc::Unit& unit, std::string_view name,
                                                   std::string_view field) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, kPattern, field));
  ASSIGN_OR_RETURN(auto found, store_.FindForUpdate(unit.sql(), {Key{ids[0], ids[1]}}));
  if (found.empty()) return NotFound(name);
  return std::move(found.begin()->second);
}

absl::Status PriceEntryService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPriceEntryRequest& request,
                                    v1::PriceEntry* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const PriceEntry entry, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(entry);
  return absl::OkStatus();
}

absl::Status PriceEntryService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceEntriesRequest& request,
                                     v1::ListPriceEntriesResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "priceLists/{price_list}", "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, PriceEntryStore::Fields(),
                                             StrCat(request.parent(), request.show_deleted() ? " all" : "")));
  ASSIGN_OR_RETURN(std::vector<PriceEntry> entries,
                   store_.List(unit.sql(), ids[0] == "-" ? "" : ids[0], page.after(0), page.after(1),
                               request.show_deleted(), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&entries, [](const PriceEntry& last) {
    return std::vector{last.price_list, last.id};
  }));
  for (const PriceEntry& entry : entries) *reply->add_price_entries() = ToProto(entry);
  return absl::OkStatus();
}

absl::Status PriceEntryService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreatePriceEntryRequest& request, v1::PriceEntry* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "priceLists/{price_list}", "parent"));
  auto stated = FromProto(request.price_entry());
  if (!stated.ok()) return AtField(stated.status(), "price_entry");
  stated->price_list = ids[0];
  stated->id = request.price_entry_id().empty() ? Uuid::New(call.now).ToString() : request.price_entry_id();
  ASSIGN_OR_RETURN(const auto lists, lists_.InUse(unit.sql(), {stated->price_list}));
  if (lists.empty()) return Unknown("parent", request.parent(), kWantList);
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {stated->product}));
  if (products.empty()) return Unknown("price_entry.product", request.price_entry().product(), kWantProduct);
  ASSIGN_OR_RETURN(const auto known, store_.FindForUpdate(unit.sql(), {Key{stated->price_list, stated->id}}));
  const PriceEntry* before = known.empty() ? nullptr : &known.begin()->second;
  if (before != nullptr && before->state == LifeState::kActive) return AlreadyExists(stated->name());
  const PriceEntry entry = Admit(before, *std::move(stated), call.now);
  if (before == nullptr) {
    ASSIGN_OR_RETURN(const bool inserted, store_.Insert(unit.sql(), {&entry, 1}));
    if (!inserted) return AlreadyExists(entry.name());
  } else {
    RETURN_IF_ERROR(store_.Replace(unit.sql(), {&entry, 1}));
  }
  Tell(unit, before == nullptr ? "created" : "reactivated", entry);
  *reply = ToProto(entry);
  return absl::OkStatus();
}

absl::Status PriceEntryService::Update(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::UpdatePriceEntryRequest& request, v1::PriceEntry* reply) {
  static const std::vector<std::string_view> kMayChange = {"min_quantity",  "price",          "tax_inclusive",
                                                           "pricing_basis", "effective_from", "effective_to"};
  ASSIGN_OR_RETURN(const PriceEntry known, Load(unit, request.price_entry().name(), "price_entry.name"));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.price_entry().etag(), known.version));
  if (known.state != LifeState::kActive) return WrongState(known.name(), "update", "INACTIVE", "ACTIVE");
  v1::PriceEntry merged = ToProto(known);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.price_entry(), &merged, kMayChange));
  const auto stated = FromProto(merged);
  if (!stated.ok()) return AtField(stated.status(), "price_entry");
  PriceEntry changed = known;
  changed.min_quantity = stated->min_quantity;
  changed.price = stated->price;
  changed.tax_inclusive = stated->tax_inclusive;
  changed.basis = stated->basis;
  changed.effective = stated->effective;
  changed.update_time = call.now;
  ++changed.version;
  RETURN_IF_ERROR(store_.Replace(unit.sql(), {&changed, 1}));
  Tell(unit, "updated", changed);
  *reply = ToProto(changed);
  return absl::OkStatus();
}

absl::Status PriceEntryService::Deactivate(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::DeactivatePriceEntryRequest& request, v1::PriceEntry* reply) {
  ASSIGN_OR_RETURN(const PriceEntry known, Load(unit, request.name(), "name"));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.etag(), known.version));
  if (known.state != LifeState::kActive) return WrongState(known.name(), "deactivate", "INACTIVE", "ACTIVE");
  const PriceEntry entry = inventory::Deactivate(known, call.now);
  RETURN_IF_ERROR(store_.Replace(unit.sql(), {&entry, 1}));
  Tell(unit, "deactivated", entry);
  *reply = ToProto(entry);
  return absl::OkStatus();
}

absl::Status PriceEntryService::Import(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::BatchImportPriceEntriesRequest& request,
                                       api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<PriceEntry>> stated;
  imports::TakeRows<v1::PriceEntryRow>(request.rows(), "price_entry", result, [&](const v1::PriceEntryRow& row) {
    auto entry = NamedFromProto(row.price_entry());
    if (entry.ok()) stated.push_back({row.row(), *std::move(entry)});
    return entry.status();
  });
  ASSIGN_OR_RETURN(const std::optional<Uuid> import_id,
                   imports::OpenImport(call, unit, request.import(), "priceEntries"));
  RETURN_IF_ERROR(RejectUnknown(unit, lists_, stated, result));

  std::set<Key> keys;
  for (const auto& next : stated) keys.insert({next.fact.price_list, next.fact.id});
  ASSIGN_OR_RETURN(auto known, store_.FindForUpdate(unit.sql(), keys));
  const auto key_of = [](const PriceEntry& entry) { return Key{entry.price_list, entry.id}; };
  const auto [fresh, back] = AdmitRows(std::move(stated), std::move(known), key_of, import_id, call.now, result);
  ASSIGN_OR_RETURN(const bool inserted, store_.Insert(unit.sql(), fresh));
  if (!inserted) return unit.sql().RunAgain("one of the entries was made meanwhile");
  RETURN_IF_ERROR(store_.Replace(unit.sql(), back));
  for (const PriceEntry& entry : fresh) Tell(unit, "created", entry);
  for (const PriceEntry& entry : back) Tell(unit, "reactivated", entry);
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::Status PriceEntryService::Resolve(const rpc::Call&, rpc::Unit& unit, const v1::ResolvePriceRequest& request,
                                        v1::ResolvedPrice* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "priceLists/{price_list}"));
  ASSIGN_OR_RETURN(const std::vector<std::string> product,
                   ParseResourceName(request.product(), "products/{product}", "product"));
  ASSIGN_OR_RETURN(PriceQuestion question, FromProto(request));
  if (!request.partner().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> partner,
                     ParseResourceName(request.partner(), "partners/{partner}", "partner"));
    RETURN_IF_ERROR(ReadBuyer(unit.sql(), partner[0], question.date, &question));
  }
  if (question.edition.empty()) {
    ASSIGN_OR_RETURN(const auto found, FindProducts(unit.sql(), {product[0]}));
    if (const auto own = found.find(product[0]); own != found.end()) question.edition = own->second.edition;
  }
  const bool all = ids[0] == "-";
  if (!all) RETURN_IF_ERROR(lists_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const auto candidates, store_.Candidates(unit.sql(), product[0], all ? "" : ids[0]));
  *reply = ToProto(question, ResolvePrice(question, candidates));
  return absl::OkStatus();
}

absl::StatusOr<int> PriceEntryService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                            int limit) {
  ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(import_id));
  ASSIGN_OR_RETURN(std::vector<PriceEntry> brought, store_.OfImportForUpdate(unit.sql(), id, limit));
  for (PriceEntry& entry : brought) entry = inventory::Deactivate(std::move(entry), call.now);
  RETURN_IF_ERROR(store_.Replace(unit.sql(), brought));
  for (const PriceEntry& entry : brought) Tell(unit, "deactivated", entry);
  return static_cast<int>(brought.size());
}

}  // namespace tributary::inventory
