#include "inventory-service/products/product_service.h"

#include <algorithm>
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
#include "common/wire/wire.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/products/admitted.h"
#include "inventory-service/products/product_proto.h"
#include "inventory-service/units/quantity.h"

namespace tributary::inventory {
namespace {

// Products and their lines belong to no partner: the key of their events is their own name.
template <typename T>
void Tell(rpc::Unit& unit, std::string_view verb, const T& resource) {
  unit.Emit(events::Draft(resource.name(), verb, resource.name(), ToProto(resource)));
}

template <typename T>
std::vector<std::string_view> IdsOf(const std::vector<Stated<T>>& stated) {
  std::vector<std::string_view> ids;
  for (const Stated<T>& next : stated) ids.push_back(next.fact.id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// Stores the rows that are new or come back after an undo.
template <typename T>
absl::Status TakeIn(const rpc::Call& call, rpc::Unit& unit, const ResourceStore<T>& store,
                    std::vector<Stated<T>> stated, const std::optional<Uuid>& import_id, imports::BatchResult& result) {
  ASSIGN_OR_RETURN(auto known, store.FindForUpdate(unit.sql(), IdsOf(stated)));
  const auto [fresh, back] = AdmitRows(
      std::move(stated), std::move(known), [](const T& one) { return one.id; }, import_id, call.now, result);
  ASSIGN_OR_RETURN(const bool inserted, store.Insert(unit.sql(), fresh));
  if (!inserted) return unit.sql().RunAgain("one of the ids was taken meanwhile");
  RETURN_IF_ERROR(store.Replace(unit.sql(), back));
  for (const T& one : fresh) Tell(unit, "created", one);
  for (const T& one : back) Tell(unit, "reactivated", one);
  return absl::OkStatus();
}

template <typename T>
absl::StatusOr<int> TakeOut(const rpc::Call& call, rpc::Unit& unit, const ResourceStore<T>& store,
                            std::string_view import_id, int limit) {
  ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(import_id));
  ASSIGN_OR_RETURN(std::vector<T> brought, store.OfImportForUpdate(unit.sql(), id, limit));
  for (T& one : brought) one = Deactivate(std::move(one), call.now);
  RETURN_IF_ERROR(store.Replace(unit.sql(), brought));
  for (const T& one : brought) Tell(unit, "deactivated", one);
  return static_cast<int>(brought.size());
}

constexpr std::string_view kWantLine = "a product line that is in use";

// What the caller may see of a product: what it costs the vendor is not for partners.
v1::Product Shown(const rpc::Call& call, const Product& product) {
  v1::Product shown = ToProto(product);
  if (call.identity->IsPartnerUser()) shown.clear_standard_costs();
  return shown;
}

}  // namespace

void ProductService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ProductService", this)
      .Unary("GetProductLine", &ProductService::GetLine)
      .Unary("ListProductLines", &ProductService::ListLines)
      .Unary("BatchImportProductLines", &ProductService::ImportLines)
      .Unary("GetProduct", &ProductService::Get)
      .Unary("ListProducts", &ProductService::List)
      .Unary("CreateProduct", &ProductService::Create)
      .Unary("UpdateProduct", &ProductService::Update)
      .Unary("GetStandardCost", &ProductService::GetStandardCost)
      .Unary("ExplodeProduct", &ProductService::Explode)
      .Unary("BatchImportProducts", &ProductService::Import);
}

absl::Status ProductService::GetLine(const rpc::Call&, rpc::Unit& unit, const v1::GetProductLineRequest& request,
                                     v1::ProductLine* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "productLines/{product_line}"));
  ASSIGN_OR_RETURN(const ProductLine line, lines_.Get(unit.sql(), ids[0]));
  *reply = ToProto(line);
  return absl::OkStatus();
}

absl::Status ProductService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetProductRequest& request,
                                 v1::Product* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "products/{product}"));
  ASSIGN_OR_RETURN(const Product product, products_.Get(unit.sql(), ids[0]));
  *reply = Shown(call, product);
  return absl::OkStatus();
}

absl::Status ProductService::ListLines(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListProductLinesRequest& request,
                                       v1::ListProductLinesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, ProductLineStore::Fields(),
                                             request.show_deleted() ? "all" : ""));
  ASSIGN_OR_RETURN(std::vector<ProductLine> lines,
                   lines_.List(unit.sql(), page.after(0), request.show_deleted(), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&lines, [](const ProductLine& last) { return std::vector{last.id}; }));
  for (const ProductLine& line : lines) *reply->add_product_lines() = ToProto(line);
  return absl::OkStatus();
}

absl::Status ProductService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListProductsRequest& request,
                                  v1::ListProductsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, ProductStore::Fields(), request.show_deleted() ? "all" : ""));
  ASSIGN_OR_RETURN(std::vector<Product> products,
                   products_.List(unit.sql(), page.after(0), request.show_deleted(), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&products, [](const Product& last) { return std::vector{last.id}; }));
  for (const Product& product : products) *reply->add_products() = Shown(call, product);
  return absl::OkStatus();
}

absl::Status ProductService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateProductRequest& request,
                                    v1::Product* reply) {
  const std::string id = request.product_id().empty() ? Uuid::New(call.now).ToString() : request.product_id();
  auto stated = FromProto(request.product(), id);
  if (!stated.ok()) return AtField(stated.status(), "product");
  RETURN_IF_ERROR(CheckLine(unit, *stated));
  RETURN_IF_ERROR(LockFor(unit, id, request.product()));
  ASSIGN_OR_RETURN(const auto known, products_.FindForUpdate(unit.sql(), {id}));
  const auto before = known.find(id);
  if (before != known.end() && before->second.state == LifeState::kActive) return AlreadyExists(stated->name());
  RETURN_IF_ERROR(CheckParts(unit, *stated));
  const Product product = Admit(before == known.end() ? nullptr : &before->second, *stated, call.now);
  if (before == known.end()) {
    ASSIGN_OR_RETURN(const bool inserted, products_.Insert(unit.sql(), {&product, 1}));
    if (!inserted) return AlreadyExists(product.name());
  } else {
    RETURN_IF_ERROR(products_.Replace(unit.sql(), {&product, 1}));
  }
  Tell(unit, before == known.end() ? "created" : "reactivated", product);
  *reply = ToProto(product);
  return absl::OkStatus();
}

absl::Status ProductService::CheckLine(rpc::Unit& unit, const Product& product) const {
  if (product.product_line.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto found, FindProductLines(unit.sql(), {product.product_line}));
  if (!found.empty()) return absl::OkStatus();
  const std::string line = StrCat("productLines/", product.product_line);
  return Error(Reason::kReferenceNotFound, StrCat("product.product_line: got ", line, ", want ", kWantLine),
               {{"resource", line}});
}

absl::Status ProductService::LockFor(rpc::Unit& unit, const std::string& id, const v1::Product& stated) const {
  std::set<std::string> products = {id};
  for (const v1::Component& component : stated.components()) {
    const auto ids = ParseResourceName(component.product(), "products/{product}");
    if (ids.ok()) products.insert(ids->at(0));
  }
  return kits_.LockWithBelow(unit.sql(), products);
}

absl::Status ProductService::CheckParts(rpc::Unit& unit, const Product& product) const {
  if (product.components.empty()) return absl::OkStatus();
  std::vector<std::string_view> ids;
  for (const Component& component : product.components) ids.push_back(component.product);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  ASSIGN_OR_RETURN(const auto known, products_.FindForUpdate(unit.sql(), ids));
  for (const Component& component : product.components) {
    const auto found = known.find(component.product);
    const std::string name = StrCat("products/", component.product);
    if (found == known.end() || found->second.state != LifeState::kActive) {
      return Error(Reason::kReferenceNotFound,
                   StrCat("product.components: got ", name, ", want a product that is in use"), {{"resource", name}});
    }
    if (!IsMultipleOf(component.quantity, found->second.base_unit_step)) {
      return Error(Reason::kNotAMultiple,
                   StrCat("product.components: got ", component.quantity.ToString(), " of ", name,
                          ", want a whole multiple of ", found->second.base_unit_step.ToString()),
                   {{"resource", name}});
    }
  }
  ASSIGN_OR_RETURN(const Kits kits, kits_.Around(unit.sql(), product.id, product.components));
  return AtField(CheckLevels(kits), "product");
}

absl::Status ProductService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateProductRequest& request,
                                    v1::Product* reply) {
  static const std::vector<std::string_view> kMayChange = {
      "sku",  "display_name", "kind",    "product_line",    "base_unit",      "base_unit_step",
      "gtin", "tracking",     "edition", "shelf_life_days", "standard_costs", "components"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.product().name(), "products/{product}", "product.name"));
  RETURN_IF_ERROR(LockFor(unit, ids[0], request.product()));
  ASSIGN_OR_RETURN(const auto found, products_.FindForUpdate(unit.sql(), {ids[0]}));
  if (found.empty()) return NotFound(request.product().name());
  const Product& known = found.begin()->second;
  RETURN_IF_ERROR(CheckEtag(known.name(), request.product().etag(), known.version));
  v1::Product merged = ToProto(known);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.product(), &merged, kMayChange));
  const auto stated = FromProto(merged, known.id);
  if (!stated.ok()) return AtField(stated.status(), "product");
  // A fact that is being taken at this moment may have read the product as it was before: it is one of that time.
  ASSIGN_OR_RETURN(bool posted, kits_.EverMoved(unit.sql(), known.id));
  if (!posted) {
    ASSIGN_OR_RETURN(posted, ledger_.HasPostings(unit.sql(), known.id));
  }
  const auto changed = Change(known, *stated, posted, call.now);
  if (!changed.ok()) return AtField(changed.status(), "product");
  if (changed->product_line != known.product_line) RETURN_IF_ERROR(CheckLine(unit, *changed));
  if (changed->components != known.components) RETURN_IF_ERROR(CheckParts(unit, *changed));
  RETURN_IF_ERROR(products_.Replace(unit.sql(), {&*changed, 1}));
  Tell(unit, "updated", *changed);
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

absl::Status ProductService::GetStandardCost(const rpc::Call&, rpc::Unit& unit,
                                             const v1::GetStandardCostRequest& request, v1::StandardCost* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "products/{product}"));
  ASSIGN_OR_RETURN(const Date date, wire::FromProto(request.date()));
  ASSIGN_OR_RETURN(const Product product, products_.Get(unit.sql(), ids[0]));
  const StandardCost* cost = CostAsOf(product.standard_costs, date);
  if (cost == nullptr) return NotFound(StrCat(product.name(), ":standardCost of ", date.ToString()));
  *reply = ToProto(*cost);
  return absl::OkStatus();
}

absl::Status ProductService::Explode(const rpc::Call&, rpc::Unit& unit, const v1::ExplodeProductRequest& request,
                                     v1::ExplodedProduct* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "products/{product}"));
  ASSIGN_OR_RETURN(const Date date, wire::FromProto(request.date()));
  Decimal quantity = Decimal::FromInt(1);
  if (request.has_quantity()) {
    ASSIGN_OR_RETURN(quantity, wire::FromProto(request.quantity()));
  }
  RETURN_IF_ERROR(products_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const Kits kits, kits_.Below(unit.sql(), {ids[0]}));
  ASSIGN_OR_RETURN(const auto parts, inventory::Explode(kits, ids[0], quantity, date));
  for (const auto& [product, needed] : parts) {
    v1::ExplodedProduct::Part& part = *reply->add_parts();
    part.set_product(StrCat("products/", product));
    *part.mutable_quantity() = wire::ToProto(needed);
  }
  return absl::OkStatus();
}

absl::Status ProductService::ImportLines(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::BatchImportProductLinesRequest& request,
                                         api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<ProductLine>> stated;
  imports::TakeRows<v1::ProductLineRow>(request.rows(), "product_line", result, [&](const v1::ProductLineRow& row) {
    auto line = FromProto(row.product_line());
    if (line.ok()) stated.push_back({row.row(), *std::move(line)});
    return line.status();
  });
  ASSIGN_OR_RETURN(const std::optional<Uuid> import_id,
                   imports::OpenImport(call, unit, request.import(), "productLines"));
  RETURN_IF_ERROR(TakeIn(call, unit, lines_, std::move(stated), import_id, result));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::Status ProductService::Import(const rpc::Call& call, rpc::Unit& unit,
                                    const v1::BatchImportProductsRequest& request,
                                    api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<Product>> stated;
  imports::TakeRows<v1::ProductRow>(request.rows(), "product", result, [&](const v1::ProductRow& row) -> absl::Status {
    if (row.product().components_size() > 0) {
      return InvalidField("components", StrCat(row.product().components_size()),
                          "none in a row; UpdateProduct sets them");
    }
    auto product = FromProto(row.product());
    if (product.ok()) stated.push_back({row.row(), *std::move(product)});
    return product.status();
  });
  ASSIGN_OR_RETURN(const std::optional<Uuid> import_id, imports::OpenImport(call, unit, request.import(), "products"));

  std::vector<std::string_view> lines;
  for (const auto& next : stated) {
    if (!next.fact.product_line.empty()) lines.push_back(next.fact.product_line);
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  ASSIGN_OR_RETURN(const auto found, FindProductLines(unit.sql(), lines));
  std::erase_if(stated, [&](const Stated<Product>& next) {
    const std::string& line = next.fact.product_line;
    if (line.empty() || found.contains(line)) return false;
    result.Reject({{.row = next.row,
                    .column = "product_line",
                    .got = StrCat("productLines/", line),
                    .want = std::string(kWantLine),
                    .reason = Reason::kReferenceNotFound}});
    return true;
  });

  RETURN_IF_ERROR(TakeIn(call, unit, products_, std::move(stated), import_id, result));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::StatusOr<int> ProductService::UndoLines(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                              int limit) {
  return TakeOut(call, unit, lines_, import_id, limit);
}

absl::StatusOr<int> ProductService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                         int limit) {
  return TakeOut(call, unit, products_, import_id, limit);
}

}  // namespace tributary::inventory
