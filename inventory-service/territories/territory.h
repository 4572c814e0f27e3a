#pragma once

// Where partners may sell, as partner-service tells it: what an order's territory is judged by. Values and decisions.

#include <string>
#include <string_view>
#include <vector>

#include "common/time/date.h"

namespace tributary::inventory {

// A grant of one partner. A region stands for itself and all that lies in it; no product line is every one, and
// products without; no route is every route.
struct TerritoryGrant {
  std::string partner;
  std::string id;
  bool active = true;                      // not taken back
  std::vector<std::string> regions;        // ids
  std::vector<std::string> product_lines;  // ids
  std::vector<std::string> routes;         // codes
  DateRange effective;

  std::string name() const;  // partners/{partner}/territoryGrants/{id}
};

// Where goods are to go.
struct ShipTo {
  std::string site;                  // id
  std::string region;                // id; empty where neither the site nor the partner says where it is
  std::vector<std::string> lies_in;  // `region` and every region that it lies in, nearest first
};

// Whether a grant allows a sale, and why.
struct TerritoryVerdict {
  bool allowed = false;
  const TerritoryGrant* grant = nullptr;  // the one that allows it, the first by id
  std::string why;
};
// `where` has a region. A route or product line that is empty is the buyer's silence: without a route, routes are not
// judged; a product without a line is covered by grants of every line alone.
TerritoryVerdict JudgeTerritory(const std::vector<TerritoryGrant>& grants, const ShipTo& where,
                                std::string_view product_line, std::string_view route, Date date);

}  // namespace tributary::inventory
