#pragma once

// Rows of the reports on stock, on the wire.

#include <string_view>

#include "inventory-service/reports/stock_report.h"
#include "tributary/inventory/v1/stock_report.pb.h"

namespace tributary::inventory {

v1::KnownSales ToProto(std::string_view partner, const KnownSales& sales);
v1::AgeingRow ToProto(std::string_view partner, const SiteProduct& key, const AgeingRow& row);
v1::TurnoverRow ToProto(std::string_view partner, const SiteProduct& key, const TurnoverRow& row);
v1::SupplyRow ToProto(std::string_view partner, const SiteProduct& key, const SupplyRow& row);
v1::DeadStockRow ToProto(std::string_view partner, const SiteProduct& key, const DeadStockRow& row);
v1::StuffingRow ToProto(const StuffingRow& row);

}  // namespace tributary::inventory
