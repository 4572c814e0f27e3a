#include "inventory-service/reservations/reservation.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/lots/lot.h"

namespace tributary::inventory {
namespace {

std::string TextOf(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone()); }

// HELD, and not out of time.
absl::Status CheckHeld(const Reservation& reservation, std::string_view verb, absl::Time now) {
  const ReservationState state = StateAt(reservation, now);
  if (state == ReservationState::kHeld) return absl::OkStatus();
  if (state == ReservationState::kExpired && reservation.expire_time.has_value()) {
    return Error(Reason::kReservationExpired,
                 StrCat(reservation.name(), ": got ", verb, " at ", TextOf(now), ", want it before ",
                        TextOf(*reservation.expire_time)),
                 {{"resource", reservation.name()}, {"expire_time", TextOf(*reservation.expire_time)}});
  }
  return WrongState(reservation.name(), verb, NameOf(state), NameOf(ReservationState::kHeld));
}

Reservation Next(Reservation reservation, ReservationState state, absl::Time now) {
  reservation.state = state;
  ++reservation.version;
  reservation.update_time = now;
  return reservation;
}

bool Refuses(const ReservationStock& stock, const std::string& site) {
  const auto found = stock.sites.find(site);
  return found == stock.sites.end() || found->second.negative_stock == NegativeStock::kRefuse;
}

absl::Status CheckOpen(const ReservationStock& stock, const std::string& partner, const std::string& site,
                       std::string_view field, Date today) {
  const auto found = stock.sites.find(site);
  if (found == stock.sites.end() && site != kMainSite) {
    return Error(Reason::kReferenceNotFound,
                 StrCat(field, ": got ", SiteName(partner, site), ", want a site that is known"),
                 {{"resource", SiteName(partner, site)}});
  }
  if (found == stock.sites.end() || IsOpen(found->second, today)) return absl::OkStatus();
  const Site& closed = found->second;
  return Error(Reason::kSiteClosed,
               StrCat(field, ": got ", closed.name(), ", want a site that is open on ", today.ToString(),
                      "; it closed on ", closed.closed_on->ToString()),
               {{"resource", closed.name()}, {"closed_on", closed.closed_on->ToString()}});
}

absl::Status CheckLot(const ReservationStock& stock, const ReservationLine& line, std::string_view field, Date today) {
  const auto expiry = stock.expiries.find({line.product, line.lot});
  if (expiry == stock.expiries.end() || !IsExpired(expiry->second, today)) return absl::OkStatus();
  return Error(Reason::kLotExpired,
               StrCat(field, ".lot: got ", LotName(line.product, line.lot), ", want one that can be used on ",
                      today.ToString(), "; its last day was ", expiry->second.ToString()),
               {{"resource", LotName(line.product, line.lot)}, {"expires_on", expiry->second.ToString()}});
}

Decimal UnitsIn(const ReservationStock& stock, const PositionKey& position, Bucket bucket) {
  const auto found = stock.units.find({position, bucket});
  return found == stock.units.end() ? Decimal() : found->second;
}

// What a bucket has, less what the other one lacks.
Decimal Usable(Decimal units, Decimal other) { return units + std::min(other, Decimal()); }

absl::Status Insufficient(std::string_view field, Decimal asked, Decimal units, std::string_view what,
                          const PositionKey& position, const ReservationLine& line) {
  return Error(Reason::kInsufficientStock,
               StrCat(field, ".quantity: got ", asked.ToString(), " in all, want at most the ", units.ToString(),
                      " that ", what, " at ", SiteName(position.partner, position.site),
                      line.kit.empty() ? std::string()
                                       : StrCat(" of ", ProductName(line.product), ", a part of ",
                                                line.kit_quantity.ToString(), " ", ProductName(line.kit))),
               {{"available", units.ToString()}, {"asked", asked.ToString()}});
}

// The parts as an entry a line; empty ones post nothing.
absl::StatusOr<std::vector<PostPart>> PartsByLine(const Reservation& reservation, const std::vector<PostPart>& parts) {
  std::vector<PostPart> by_line(reservation.lines.size());
  if (parts.empty()) {
    for (size_t i = 0; i < by_line.size(); ++i) {
      by_line[i] = {static_cast<int>(i) + 1, reservation.lines[i].quantity, reservation.lines[i].serials};
    }
    return by_line;
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    const PostPart& part = parts[i];
    const std::string field = StrCat("lines[", i, "]");
    if (part.line < 1 || part.line > static_cast<int>(by_line.size())) {
      return InvalidField(StrCat(field, ".line"), StrCat(part.line), StrCat("1 to ", by_line.size()));
    }
    PostPart& out = by_line[part.line - 1];
    if (out.line != 0) return InvalidField(StrCat(field, ".line"), StrCat(part.line), "each line once");
    const ReservationLine& line = reservation.lines[part.line - 1];
    if (line.quantity < part.quantity) {
      return Error(Reason::kAllocationExceeds,
                   StrCat(field, ".quantity: got ", part.quantity.ToString(), ", want at most the ",
                          line.quantity.ToString(), " that the line holds"),
                   {{"held", line.quantity.ToString()}, {"asked", part.quantity.ToString()}});
    }
    out = part;
    if (line.serials.empty() && part.serials.empty()) continue;
    if (part.serials.empty() && part.quantity == line.quantity) {
      out.serials = line.serials;
      continue;
    }
    if (part.serials.empty()) {
      return InvalidField(StrCat(field, ".serials"), "", "which of the line's units, by serial number");
    }
    for (const std::string& serial : part.serials) {
      if (std::find(line.serials.begin(), line.serials.end(), serial) != line.serials.end()) continue;
      return InvalidField(StrCat(field, ".serials"), serial, "units that the line holds");
    }
  }
  return by_line;
}

Posting Move(const Reservation& reservation, const ReservationLine& line, std::string from, std::string to,
             Decimal quantity, Date day) {
  return {.partner = reservation.partner,
          .product = line.product,
          .lot = line.lot,
          .from = std::move(from),
          .to = std::move(to),
          .quantity = quantity,
          .effective_date = day,
          .cause = reservation.name()};
}

}  // namespace

std::string_view NameOf(ReservationState state) {
  switch (state) {
    case ReservationState::kHeld:
      return "HELD";
    case ReservationState::kPosted:
      return "POSTED";
    case ReservationState::kVoided:
      return "VOIDED";
    case ReservationState::kExpired:
      return "EXPIRED";
  }
  return {};
}

std::string Reservation::name() const { return StrCat(PartnerName(partner), "/reservations/", id); }

std::set<std::pair<std::string, std::string>> Reservation::sites() const {
  std::set<std::pair<std::string, std::string>> sites;
  for (const ReservationLine& line : lines) sites.emplace(partner, line.site);
  return sites;
}

ReservationState StateAt(const Reservation& reservation, absl::Time now) {
  const bool over = reservation.expire_time.has_value() && *reservation.expire_time <= now;
  return over && reservation.state == ReservationState::kHeld ? ReservationState::kExpired : reservation.state;
}

Decimal FreeUnits(const ReservationStock& stock, const PositionKey& position) {
  return Usable(UnitsIn(stock, position, Bucket::kOnHand), UnitsIn(stock, position, Bucket::kReserved));
}

Decimal PostableUnits(const ReservationStock& stock, const PositionKey& position) {
  return Usable(UnitsIn(stock, position, Bucket::kReserved), UnitsIn(stock, position, Bucket::kOnHand));
}

absl::Status DecideHolds(absl::Span<const Hold> holds, const ReservationStock& stock, Date today, absl::Time now) {
  std::map<PositionKey, Decimal> asked;
  std::set<std::pair<std::string, std::string>> held = stock.held_serials;
  for (const auto& [reservation, name] : holds) {
    if (reservation.expire_time.has_value() && *reservation.expire_time <= now) {
      return InvalidField(StrCat(name, ".expire_time"), TextOf(*reservation.expire_time),
                          StrCat("a time after ", TextOf(now)));
    }
    for (size_t i = 0; i < reservation.lines.size(); ++i) {
      const ReservationLine& line = reservation.lines[i];
      const std::string field = StrCat(name, ".lines[", line.asked == 0 ? i : static_cast<size_t>(line.asked) - 1, "]");
      RETURN_IF_ERROR(CheckOpen(stock, reservation.partner, line.site, StrCat(field, ".site"), today));
      RETURN_IF_ERROR(CheckLot(stock, line, field, today));
      for (const std::string& serial : line.serials) {
        const auto unit = stock.serial_units.find({line.product, serial});
        const bool there = unit != stock.serial_units.end() && IsAtSite(unit->second, reservation.partner, line.site);
        if (there && held.emplace(line.product, serial).second) continue;
        // Where else it is may be another partner's business.
        return Error(Reason::kSerialElsewhere,
                     StrCat(field, ".serials: got ", serial, ", want a unit that is free at ",
                            SiteName(reservation.partner, line.site)),
                     {{"serial", serial}});
      }
      const PositionKey position = reservation.PositionOf(line);
      Decimal& total = asked[position];
      total += line.quantity;
      const Decimal free = FreeUnits(stock, position);
      if (free < total && Refuses(stock, line.site))
        return Insufficient(field, total, free, "are free", position, line);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Posted> PostUnits(Reservation reservation, const std::vector<PostPart>& parts, std::string_view to,
                                 const ReservationStock& stock, Date today, absl::Time now) {
  RETURN_IF_ERROR(CheckHeld(reservation, "post", now));
  ASSIGN_OR_RETURN(std::vector<PostPart> by_line, PartsByLine(reservation, parts));
  if (IsSite(to)) {
    RETURN_IF_ERROR(CheckOpen(stock, reservation.partner, std::string(SiteOf(to)), "to_location", today));
  }
  std::map<PositionKey, Decimal> asked;
  Posted posted{.reservation = Next(std::move(reservation), ReservationState::kPosted, now)};
  posted.reservation.to = std::string(to);
  for (size_t i = 0; i < by_line.size(); ++i) {
    ReservationLine& line = posted.reservation.lines[i];
    const std::string field = StrCat("line ", i + 1);
    line.posted = by_line[i].quantity;
    posted.serials.push_back(std::move(by_line[i].serials));
    if (line.posted.zero()) continue;
    if (IsSite(to) && SiteOf(to) == line.site) {
      return Error(Reason::kSameLocation,
                   StrCat("to_location: got ", LocationName(posted.reservation.partner, to),
                          ", want another site than that of ", field, "; to free units, void the reservation"));
    }
    RETURN_IF_ERROR(CheckOpen(stock, posted.reservation.partner, line.site, StrCat(field, ".site"), today));
    if (to != kScrap) RETURN_IF_ERROR(CheckLot(stock, line, field, today));
    const PositionKey position = posted.reservation.PositionOf(line);
    Decimal& total = asked[position];
    total += line.posted;
    const Decimal postable = PostableUnits(stock, position);
    if (postable < total && Refuses(stock, line.site)) {
      return Insufficient(field, total, postable, "are left of what is reserved", position, line);
    }
  }
  return posted;
}

absl::StatusOr<Reservation> Void(Reservation reservation, absl::Time now) {
  RETURN_IF_ERROR(CheckHeld(reservation, "void", now));
  return Next(std::move(reservation), ReservationState::kVoided, now);
}

absl::StatusOr<Reservation> Extend(Reservation reservation, std::optional<absl::Time> expire_time, absl::Time now) {
  RETURN_IF_ERROR(CheckHeld(reservation, "extend", now));
  const bool later =
      reservation.expire_time.has_value() && (!expire_time.has_value() || *reservation.expire_time < *expire_time);
  if (!later) {
    return InvalidField("expire_time", expire_time.has_value() ? TextOf(*expire_time) : "none",
                        reservation.expire_time.has_value() ? StrCat("a time after ", TextOf(*reservation.expire_time))
                                                            : "nothing: the reservation does not run out of time");
  }
  reservation.expire_time = expire_time;
  return Next(std::move(reservation), ReservationState::kHeld, now);
}

std::optional<Reservation> Expire(Reservation reservation, absl::Time now) {
  if (reservation.state != ReservationState::kHeld || StateAt(reservation, now) != ReservationState::kExpired) {
    return std::nullopt;
  }
  return Next(std::move(reservation), ReservationState::kExpired, now);
}

std::vector<Posting> HoldMovements(const Reservation& reservation, Date day) {
  std::vector<Posting> postings;
  for (const ReservationLine& line : reservation.lines) {
    postings.push_back(Move(reservation, line, line.site, PlaceOf(line.site, Bucket::kReserved), line.quantity, day));
  }
  return postings;
}

std::vector<Posting> EndMovements(const Reservation& reservation, const std::vector<std::vector<std::string>>& serials,
                                  Date day) {
  std::vector<Posting> postings;
  for (size_t i = 0; i < reservation.lines.size(); ++i) {
    const ReservationLine& line = reservation.lines[i];
    const std::string reserved = PlaceOf(line.site, Bucket::kReserved);
    if (!line.posted.zero()) {
      postings.push_back(Move(reservation, line, reserved, reservation.to, line.posted, day));
      if (i < serials.size()) postings.back().serials = serials[i];
    }
    const Decimal rest = line.quantity - line.posted;
    if (!rest.zero()) postings.push_back(Move(reservation, line, reserved, line.site, rest, day));
  }
  return postings;
}

void AddHeld(const Reservation& reservation, ReservationStock* stock) {
  for (const auto& [bucket, change] : PositionChanges(HoldMovements(reservation, Date()))) {
    stock->units[bucket] += change;
  }
  for (const ReservationLine& line : reservation.lines) {
    for (const std::string& serial : line.serials) stock->held_serials.emplace(line.product, serial);
  }
}

void TakeEnded(const Reservation& reservation, ReservationStock* stock) {
  for (const auto& [bucket, change] : PositionChanges(EndMovements(reservation, {}, Date()))) {
    stock->units[bucket] += change;
  }
  for (const ReservationLine& line : reservation.lines) {
    for (const std::string& serial : line.serials) stock->held_serials.erase({line.product, serial});
  }
}

}  // namespace tributary::inventory
