#include "inventory-service/serials/serial_unit.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {
namespace {

// Where a unit is, as far as leaving it goes: a partner's site, whichever bucket, or a boundary.
std::string WhereOf(std::string_view partner, std::string_view place) {
  return IsSite(place) ? StrCat(partner, "/", SiteOf(place)) : std::string(place);
}

}  // namespace

std::optional<SerialUnit> Follow(std::vector<SerialMove> moves) {
  std::set<std::string> gone;
  for (const SerialMove& move : moves) {
    if (std::optional<std::string> reversed = ReversedBy(move.cause)) {
      gone.insert(*std::move(reversed));
      gone.insert(move.cause);
    }
  }
  std::erase_if(moves, [&](const SerialMove& move) { return gone.contains(move.cause); });
  if (moves.empty()) return std::nullopt;
  for (SerialMove& move : moves) {
    if (move.is_back) std::swap(move.from, move.to);
    move.is_back = false;
  }
  std::sort(moves.begin(), moves.end(), [](const SerialMove& a, const SerialMove& b) {
    return std::tie(a.date, a.cause, a.n) < std::tie(b.date, b.cause, b.n);
  });

  SerialUnit unit{.product = moves.front().product, .serial = moves.front().serial};
  std::string where;  // empty before the first move: nobody knows where it came from
  while (!moves.empty()) {
    auto next = moves.begin();
    for (auto move = moves.begin(); move != moves.end() && move->date == moves.front().date; ++move) {
      // Without a past, the unit begins at the vendor.
      const std::string_view here = unit.history.empty() ? kVendor : std::string_view(where);
      if (WhereOf(move->partner, move->from) == here) {
        next = move;
        break;
      }
    }
    if (!unit.history.empty() && WhereOf(next->partner, next->from) != where) {
      unit.contradictions.push_back({unit.history.back(), *next});
    }
    where = WhereOf(next->partner, next->to);
    if (!next->lot.empty()) unit.lot = next->lot;
    unit.history.push_back(std::move(*next));
    moves.erase(next);
  }
  unit.partner = unit.history.back().partner;
  unit.place = unit.history.back().to;
  unit.since = unit.history.back().date;
  return unit;
}

absl::StatusOr<SerialPack> Repack(SerialPack pack, std::string_view parent_pack, absl::Time now) {
  if (parent_pack == pack.serial) {
    return InvalidField("serial_unit.parent_pack", parent_pack, "another code than the unit's own serial number");
  }
  if (parent_pack == pack.parent_pack) return pack;
  pack.parent_pack = parent_pack;
  pack.update_time = now;
  ++pack.version;
  return pack;
}

bool IsAtSite(const SerialUnit& unit, std::string_view partner, std::string_view site) {
  return IsSite(unit.place) && unit.partner == partner && SiteOf(unit.place) == site;
}

}  // namespace tributary::inventory
