#include "inventory-service/lots/lot.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string LotName(std::string_view product, std::string_view id) {
  return StrCat("products/", product, "/lots/", id);
}

std::string Lot::name() const { return LotName(product, id); }

Lot Change(Lot lot, const Lot& wanted, absl::Time now) {
  lot.expires_on = wanted.expires_on;
  ++lot.version;
  lot.update_time = now;
  return lot;
}

}  // namespace tributary::inventory
