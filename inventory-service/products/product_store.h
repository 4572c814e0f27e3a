#pragma once

// Products and product lines in the database.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/products/product.h"

namespace tributary::inventory {

// What a fact needs to know of the product it names.
struct ProductReference {
  ProductKind kind = ProductKind::kStocked;
  std::string product_line;
  BaseUnit unit;
  Tracking tracking = Tracking::kNone;
  std::string edition;
  bool kit = false;  // whether it has components, on whatever days
};

// T is Product or ProductLine.
template <typename T>
class ResourceStore {
 public:
  // NOT_FOUND; INACTIVE ones are found.
  absl::StatusOr<T> Get(mysql::Transaction& sql, std::string_view id) const;
  // Those of the ids that are there, by id; nobody else changes them until the transaction ends.
  absl::StatusOr<std::map<std::string, T>> FindForUpdate(mysql::Transaction& sql,
                                                         const std::vector<std::string_view>& ids) const;
  // False where one of the ids was taken meanwhile; then nothing was inserted.
  absl::StatusOr<bool> Insert(mysql::Transaction& sql, absl::Span<const T> fresh) const;
  // Replaces rows that FindForUpdate or OfImportForUpdate read.
  absl::Status Replace(mysql::Transaction& sql, absl::Span<const T> changed) const;
  // ACTIVE ones that the import brought, at most `limit`, locked.
  absl::StatusOr<std::vector<T>> OfImportForUpdate(mysql::Transaction& sql, const Uuid& import_id, int limit) const;
  // By id, after `after`.
  absl::StatusOr<std::vector<T>> List(mysql::Transaction& sql, std::string_view after, bool show_deleted,
                                      const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();
};

template <>
const std::vector<FilterField>& ResourceStore<ProductLine>::Fields();
template <>
const std::vector<FilterField>& ResourceStore<Product>::Fields();

using ProductStore = ResourceStore<Product>;
using ProductLineStore = ResourceStore<ProductLine>;

// Those of the products that are in use, by id.
absl::StatusOr<std::map<std::string, ProductReference>> FindProducts(mysql::Transaction& sql,
                                                                     const std::vector<std::string_view>& ids);
// Those of the product lines that are in use, by id.
absl::StatusOr<std::map<std::string, bool>> FindProductLines(mysql::Transaction& sql,
                                                             const std::vector<std::string_view>& ids);

}  // namespace tributary::inventory
