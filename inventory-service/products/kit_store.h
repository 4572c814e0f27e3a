#pragma once

// The components of kits in the database. They change with the kit's row, under its lock (ProductStore).

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/products/kit.h"

namespace tributary::inventory {

class KitStore {
 public:
  // Those of the products that are kits.
  absl::StatusOr<Kits> Of(mysql::Transaction& sql, const std::vector<std::string_view>& products) const;
  // Those of the products that are kits, and every kit below them: a statement a level.
  absl::StatusOr<Kits> Below(mysql::Transaction& sql, const std::set<std::string>& products) const;
  // Locks the products and all below them, in the order of their ids, as orders lock what they are about (SupplyStore).
  // Where another one changed a kit among them meanwhile so that there are more, the transaction runs again.
  absl::Status LockWithBelow(mysql::Transaction& sql, const std::set<std::string>& products) const;
  // The kits below and above a product as if it had these components, for CheckLevels. The caller has locked the
  // product and the components with all below (LockWithBelow). Whoever adds to a kit at the same time so that a circle
  // or a ninth level would come of both wants one of those locks: the row of the kit that it changes.
  absl::StatusOr<Kits> Around(mysql::Transaction& sql, const std::string& product,
                              const std::vector<Component>& components) const;
  // Those of the products that lie in stock, whether they are in use or not.
  absl::StatusOr<std::set<std::string>> StockedOf(mysql::Transaction& sql,
                                                  const std::vector<std::string_view>& products) const;
  // Of those of the products that are kits on that day: of what lies in stock, what one base unit consists of.
  // NOT_A_MULTIPLE, OVERFLOW: see Explode.
  absl::StatusOr<std::map<std::string, std::vector<KitPart>>> PartsOn(mysql::Transaction& sql,
                                                                      const std::set<std::string>& products,
                                                                      Date day) const;
  // Of those of the products that are no stock of their own on that day: what one base unit takes of what lies in
  // stock. The parts of kits, as PartsOn; nothing of other products that lie in no stock.
  absl::StatusOr<std::map<std::string, std::vector<KitPart>>> TakenOn(mysql::Transaction& sql,
                                                                      const std::set<std::string>& products,
                                                                      Date day) const;
  // Keeps in mind that these were moved or held by their parts; postings tell the parts alone.
  absl::Status MarkMoved(mysql::Transaction& sql, const std::set<std::string>& kits) const;
  // Whether the product ever was.
  absl::StatusOr<bool> EverMoved(mysql::Transaction& sql, std::string_view product) const;
  // Puts these in the place of all components that the kits have. A product without any is no kit.
  absl::Status Replace(mysql::Transaction& sql, const Kits& kits) const;
};

}  // namespace tributary::inventory
