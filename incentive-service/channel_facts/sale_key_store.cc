#include "incentive-service/channel_facts/sale_key_store.h"

#include <string>
#include <utility>
#include <vector>

#include "common/digest/sha256.h"
#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/matching/sale_key.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::incentive {
namespace {

using tributary::inventory::v1::SellThroughSale;

struct SaleKey {
  std::string hash;
  std::string partner;
  std::string fact;
  Decimal units;
  bool of_serial = false;
};

absl::Status AddKeys(const SellThroughSale& sale, std::vector<SaleKey>* keys) {
  if (!sale.reverses().empty() || sale.activity() == SellThroughSale::ADJUSTMENT) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Decimal quantity, wire::FromProto(sale.quantity()));
  if (quantity <= Decimal()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Date day, wire::FromProto(sale.sale_date()));
  const std::string partner(PartnerOf(sale.name()));
  const std::string prefix = StrCat("partners/", partner, "/");
  if (partner.empty() || !sale.name().starts_with(prefix)) {
    return InvalidField("name", sale.name(), "a name that begins with partners/{partner}/");
  }
  const std::string fact = sale.name().substr(prefix.size());
  for (const std::string& serial : sale.serials()) {
    keys->push_back({Sha256(matching::UnitKey(sale.product(), serial)), partner, fact, Decimal::FromInt(1), true});
  }
  const std::string invoice =
      matching::InvoiceKey(sale.document(), quantity.ToString(), sale.product(), day.ToString(), sale.end_customer());
  if (!invoice.empty()) keys->push_back({Sha256(invoice), partner, fact, quantity, false});
  return absl::OkStatus();
}

}  // namespace

absl::Status SaleKeyStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  ASSIGN_OR_RETURN(const std::vector<SellThroughSale> sales, events::PayloadsOf<SellThroughSale>(batch));
  std::vector<SaleKey> keys;
  for (const SellThroughSale& sale : sales) RETURN_IF_ERROR(AddKeys(sale, &keys));
  mysql::Values rows;
  for (const SaleKey& key : keys) rows.insert(rows.end(), {key.hash, key.partner, key.fact, key.units, key.of_serial});
  return sql.InsertRows("INSERT INTO sale_key (key_hash, partner, fact, units, of_serial) VALUES", 5, rows,
                        "ON DUPLICATE KEY UPDATE units = VALUES(units)");
}

absl::StatusOr<std::vector<SharedUnit>> SaleKeyStore::SharedBy(mysql::Transaction& sql, std::string_view partner,
                                                               const std::vector<std::string>& sales) const {
  std::vector<SharedUnit> shared;
  if (sales.empty()) return shared;
  mysql::Values values = {partner};
  std::string marks;
  for (const std::string& sale : sales) {
    marks += marks.empty() ? "?" : ", ?";
    values.push_back(sale);
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT mine.fact, mine.key_hash, other.fact FROM sale_key mine JOIN sale_key other "
                       "ON other.key_hash = mine.key_hash AND other.partner = mine.partner AND "
                       "other.fact <> mine.fact AND other.of_serial = 1 WHERE mine.partner = ? AND "
                       "mine.fact IN (",
                       marks, ") AND mine.of_serial = 1"),
                values));
  shared.reserve(rows.size());
  for (const mysql::Row& row : rows) shared.push_back({row.Text(0), row.Text(1), row.Text(2)});
  return shared;
}

}  // namespace tributary::incentive
