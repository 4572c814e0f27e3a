#include "incentive-service/standings/standing_store.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_move_proto.h"
#include "incentive-service/relationships/relationship_store.h"
#include "tributary/partner/v1/channel.pb.h"
#include "tributary/partner/v1/customer.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::incentive {
namespace {

// Of subjects in one IN list.
constexpr size_t kSubjects = 200;

constexpr std::string_view kColumns = "kind, subject, attribute_key, shard, seq, value, valid_from, valid_to";

ToldAttribute FromRow(const mysql::Row& row) {
  return {.kind = static_cast<AttributeKind>(row.Int(0)),
          .subject = row.Text(1),
          .key = row.Text(2),
          .shard = static_cast<int>(row.Int(3)),
          .seq = row.Int(4),
          .value = row.Text(5),
          .valid = {row.Day(6), row.Day(7)}};
}

// The day of the change, where it was made.
Date DayOfChange(const google::protobuf::Timestamp& time, const std::string& zone_name) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!zone_name.empty() && !absl::LoadTimeZone(zone_name, &zone)) zone = absl::UTCTimeZone();
  const absl::CivilDay day = absl::ToCivilDay(wire::FromProto(time), zone);
  return Date::FromDays(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
}

// The id of a name of that pattern; empty of none.
absl::StatusOr<std::string> IdOf(std::string_view name, std::string_view pattern, std::string_view field) {
  if (name.empty()) return std::string();
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, pattern, field));
  return std::move(ids.front());
}

absl::Status ReadPartner(const events::Event& event, ToldAttribute one, std::vector<ToldAttribute>* told) {
  ASSIGN_OR_RETURN(const auto message, events::PayloadOf<tributary::partner::v1::Partner>(event));
  ASSIGN_OR_RETURN(one.subject, IdOf(event.name, "partners/{partner}", "name"));
  one.valid.start = DayOfChange(message.update_time(), message.time_zone());
  one.kind = AttributeKind::kHomeRegion;
  ASSIGN_OR_RETURN(one.value, IdOf(message.home_region(), "regions/{region}", "home_region"));
  told->push_back(one);
  one.kind = AttributeKind::kChannel;
  ASSIGN_OR_RETURN(one.value, IdOf(message.channel(), "channels/{channel}", "channel"));
  told->push_back(std::move(one));
  return absl::OkStatus();
}

absl::Status ReadTier(const events::Event& event, ToldAttribute one, std::vector<ToldAttribute>* told) {
  ASSIGN_OR_RETURN(const auto message, events::PayloadOf<tributary::partner::v1::TierAssignment>(event));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(event.name, "partners/{partner}/tierAssignments/{tier_assignment}"));
  ASSIGN_OR_RETURN(const std::string program, IdOf(message.program(), "partnerPrograms/{partner_program}", "program"));
  one.kind = AttributeKind::kTier;
  one.subject = ids[0];
  one.key = ids[1];
  one.value = StrCat(program, "/", message.level());
  const absl::StatusOr<Date> from = wire::FromProto(message.valid_from());
  if (!from.ok()) return AtField(from.status(), "valid_from");
  one.valid.start = *from;
  if (message.has_valid_to()) {
    const absl::StatusOr<Date> end = wire::FromProto(message.valid_to());
    if (!end.ok()) return AtField(end.status(), "valid_to");
    one.valid.end = *end;
  }
  told->push_back(std::move(one));
  return absl::OkStatus();
}

absl::Status ReadChannel(const events::Event& event, ToldAttribute one, std::vector<ToldAttribute>* told) {
  ASSIGN_OR_RETURN(const auto message, events::PayloadOf<tributary::partner::v1::Channel>(event));
  ASSIGN_OR_RETURN(one.subject, IdOf(event.name, "channels/{channel}", "name"));
  one.kind = AttributeKind::kChannelType;
  one.valid.start = DayOfChange(message.update_time(), "");
  if (event.verb != "deleted") one.value = std::string(NameOf(static_cast<ChannelType>(message.type())));
  told->push_back(std::move(one));
  return absl::OkStatus();
}

// A region that was taken back lies nowhere.
absl::Status ReadRegion(const events::Event& event, ToldAttribute one, std::vector<ToldAttribute>* told) {
  ASSIGN_OR_RETURN(const auto message, events::PayloadOf<tributary::partner::v1::Region>(event));
  ASSIGN_OR_RETURN(one.subject, IdOf(event.name, "regions/{region}", "name"));
  one.kind = AttributeKind::kRegionParent;
  one.valid.start = DayOfChange(message.update_time(), "");
  ASSIGN_OR_RETURN(const std::string parent, IdOf(message.parent_region(), "regions/{region}", "parent_region"));
  if (message.state() != tributary::partner::v1::Region::INACTIVE) one.value = parent;
  told->push_back(std::move(one));
  return absl::OkStatus();
}

// One that was erased keeps both.
absl::Status ReadCustomer(const events::Event& event, ToldAttribute one, std::vector<ToldAttribute>* told) {
  ASSIGN_OR_RETURN(const auto message, events::PayloadOf<tributary::partner::v1::Customer>(event));
  ASSIGN_OR_RETURN(one.subject, IdOf(event.name, "customers/{customer}", "name"));
  one.valid.start = DayOfChange(message.update_time(), "");
  one.kind = AttributeKind::kSegment;
  one.value = message.segment();
  told->push_back(one);
  one.kind = AttributeKind::kMergedInto;
  one.value.clear();
  for (const tributary::partner::v1::Customer::Alias& alias : message.aliases()) {
    if (alias.has_end_time()) continue;
    ASSIGN_OR_RETURN(one.value, IdOf(alias.into(), "customers/{customer}", "aliases.into"));
  }
  told->push_back(std::move(one));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ToldAttribute>> ReadEvents(absl::Span<const events::Event> batch) {
  std::vector<ToldAttribute> told;
  for (const events::Event& event : batch) {
    const ToldAttribute one{.shard = event.cursor.shard, .seq = event.cursor.seq, .valid = {Date(), OpenEnd()}};
    if (event.type == kPartnerType) {
      RETURN_IF_ERROR(ReadPartner(event, one, &told));
    } else if (event.type == kTierAssignmentType) {
      RETURN_IF_ERROR(ReadTier(event, one, &told));
    } else if (event.type == kChannelType) {
      RETURN_IF_ERROR(ReadChannel(event, one, &told));
    } else if (event.type == kRegionType) {
      RETURN_IF_ERROR(ReadRegion(event, one, &told));
    } else if (event.type == kCustomerType) {
      RETURN_IF_ERROR(ReadCustomer(event, one, &told));
    }
  }
  return told;
}

std::string Number(AttributeKind kind) { return StrCat(static_cast<int>(kind)); }

bool IsOfCustomer(AttributeKind kind) { return kind == AttributeKind::kSegment || kind == AttributeKind::kMergedInto; }

constexpr std::string_view kOfPartners = "partner_attribute", kOfCustomers = "customer_attribute";

std::string CustomerKinds() {
  return StrCat(Number(AttributeKind::kSegment), ", ", Number(AttributeKind::kMergedInto));
}

// Those of the kinds ("1, 2"), which the table has, of these subjects.
absl::Status ReadOf(mysql::Transaction& sql, std::string_view table, std::string_view kinds,
                    const std::set<std::string>& subjects, std::vector<ToldAttribute>* told) {
  for (auto at = subjects.begin(); at != subjects.end();) {
    mysql::Values values;
    std::string marks;
    for (; at != subjects.end() && values.size() < kSubjects; ++at) {
      marks += marks.empty() ? "?" : ", ?";
      values.push_back(*at);
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM ", table, " WHERE kind IN (",
                                                              kinds, ") AND subject IN (", marks, ")"),
                                                       values));
    for (const mysql::Row& row : rows) told->push_back(FromRow(row));
  }
  return absl::OkStatus();
}

// Likewise, of these subjects and of all that they lead to by attributes of the kind `by`, level by level.
absl::Status ReadLeading(mysql::Transaction& sql, std::string_view table, std::string_view kinds, AttributeKind by,
                         std::set<std::string> subjects, std::vector<ToldAttribute>* told) {
  std::set<std::string> seen;
  while (!subjects.empty()) {
    seen.insert(subjects.begin(), subjects.end());
    const size_t first = told->size();
    RETURN_IF_ERROR(ReadOf(sql, table, kinds, subjects, told));
    subjects.clear();
    for (size_t i = first; i < told->size(); ++i) {
      const ToldAttribute& one = (*told)[i];
      if (one.kind == by && !one.value.empty() && !seen.contains(one.value)) subjects.insert(one.value);
    }
  }
  return absl::OkStatus();
}

// Of what is told without days, those that say something else than what was told before them; what is told first of
// one holds of all days, and what a customer is merged into always does. Tiers say what they say.
absl::StatusOr<std::vector<ToldAttribute>> Changes(mysql::Transaction& sql, std::vector<ToldAttribute> told) {
  std::set<std::string> subjects, customers;
  for (const ToldAttribute& one : told) {
    if (one.kind != AttributeKind::kTier) (IsOfCustomer(one.kind) ? customers : subjects).insert(one.subject);
  }
  std::vector<ToldAttribute> known;
  const std::string kinds = StrCat(Number(AttributeKind::kHomeRegion), ", ", Number(AttributeKind::kChannel), ", ",
                                   Number(AttributeKind::kRegionParent), ", ", Number(AttributeKind::kChannelType));
  RETURN_IF_ERROR(ReadOf(sql, kOfPartners, kinds, subjects, &known));
  RETURN_IF_ERROR(ReadOf(sql, kOfCustomers, CustomerKinds(), customers, &known));
  std::map<std::pair<AttributeKind, std::string>, std::map<int64_t, std::string>> values;  // by position
  for (ToldAttribute& one : known) values[{one.kind, one.subject}].emplace(one.seq, std::move(one.value));
  std::vector<ToldAttribute> changes;
  for (ToldAttribute& one : told) {
    if (one.kind != AttributeKind::kTier) {
      std::map<int64_t, std::string>& before = values[{one.kind, one.subject}];
      const auto next = before.lower_bound(one.seq);
      if (next != before.end() && next->first == one.seq) continue;  // told already
      const bool first = next == before.begin();
      if (first ? one.value.empty() : std::prev(next)->second == one.value) continue;
      if (first || one.kind == AttributeKind::kMergedInto) one.valid.start = Date();
      before.emplace(one.seq, one.value);
    }
    changes.push_back(std::move(one));
  }
  return changes;
}

bool Asks(const Eligibility& eligibility, AttributeKind kind) {
  switch (kind) {
    case AttributeKind::kHomeRegion:
    case AttributeKind::kRegionParent:
      return eligibility.asks_region();
    case AttributeKind::kChannel:
    case AttributeKind::kChannelType:
      return eligibility.asks_channel();
    case AttributeKind::kTier:
      return eligibility.asks_tier();
    case AttributeKind::kSegment:
    case AttributeKind::kMergedInto:
      return eligibility.asks_segment();
  }
  return false;
}

// A region's or a channel's may be any partner's.
bool IsOfAnybody(AttributeKind kind) {
  return kind == AttributeKind::kRegionParent || kind == AttributeKind::kChannelType;
}

// To the table, of customers or of partners.
absl::Status Insert(mysql::Transaction& sql, const std::vector<ToldAttribute>& told, bool of_customers) {
  mysql::Values values;
  for (const ToldAttribute& one : told) {
    if (IsOfCustomer(one.kind) != of_customers) continue;
    values.insert(values.end(), {static_cast<int>(one.kind), one.subject, one.key, one.seq, one.shard, one.value,
                                 one.valid.start, one.valid.end});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(
      StrCat("INSERT INTO ", of_customers ? kOfCustomers : kOfPartners,
             " (kind, subject, attribute_key, seq, shard, value, valid_from, valid_to) VALUES"),
      8, values,
      "ON DUPLICATE KEY UPDATE value = VALUES(value), valid_from = VALUES(valid_from), valid_to = VALUES(valid_to)");
}

}  // namespace

absl::Status StandingStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                  events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(std::vector<ToldAttribute> told, ReadEvents(batch));
  if (told.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(programs_.HoldSet(sql));
  ASSIGN_OR_RETURN(told, Changes(sql, std::move(told)));
  if (told.empty()) return absl::OkStatus();
  for (const bool of_customers : {false, true}) RETURN_IF_ERROR(Insert(sql, told, of_customers));
  return TellMoved(sql, told, batch.back().recorded_at, outbox);
}

absl::StatusOr<std::set<std::string>> StandingStore::PartnersNaming(mysql::Transaction& sql,
                                                                    std::set<std::string> customers) const {
  if (customers.empty()) return std::set<std::string>();
  ASSIGN_OR_RETURN(const mysql::Rows merges,
                   sql.Query("SELECT subject, value FROM customer_attribute WHERE kind = ? AND value <> ''",
                             {static_cast<int>(AttributeKind::kMergedInto)}));
  for (bool more = true; more;) {
    more = false;
    for (const mysql::Row& merge : merges) {
      if (customers.contains(merge.Text(1))) more = customers.insert(merge.Text(0)).second || more;
    }
  }
  return facts_.PartnersNaming(sql, customers);
}

absl::Status StandingStore::TellMoved(mysql::Transaction& sql, absl::Span<const ToldAttribute> changes, absl::Time at,
                                      events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<Program> programs, programs_.Accruing(sql));
  std::set<std::string> customers;
  for (const ToldAttribute& one : changes) {
    if (IsOfCustomer(one.kind)) customers.insert(one.subject);
  }
  const bool asked = std::any_of(programs.begin(), programs.end(),
                                 [](const Program& program) { return program.eligibility.asks_segment(); });
  if (!asked) customers.clear();
  ASSIGN_OR_RETURN(const std::set<std::string> naming, PartnersNaming(sql, std::move(customers)));
  for (const Program& program : programs) {
    std::set<std::string> partners;
    bool anybody = false;
    for (const ToldAttribute& one : changes) {
      if (!Asks(program.eligibility, one.kind)) continue;
      anybody = anybody || IsOfAnybody(one.kind);
      if (IsOfCustomer(one.kind)) {
        partners.insert(naming.begin(), naming.end());
      } else if (!IsOfAnybody(one.kind)) {
        partners.insert(one.subject);
      }
    }
    std::erase_if(partners, [&](const std::string& partner) { return !program.eligibility.Includes(partner); });
    if (!anybody && partners.empty()) continue;
    ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys,
                     anybody ? accruals_.KeysOf(sql, program.id, std::nullopt)
                             : accruals_.KeysOfSome(sql, program.id, {partners.begin(), partners.end()}));
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, closes_.ClosedIds(sql, program.id));
    const std::set<std::string> closed(ids.begin(), ids.end());
    for (const AccrualKey& key : keys) {
      const absl::StatusOr<Period> period = ParsePeriod(program.paid(), key.period);
      if (!period.ok()) continue;
      const Period scale = PeriodOf(program.period, period->range.start);
      if (!closed.contains(program.LastPayoutOf(scale).id)) outbox.Add(DraftOf(AccrualMove{.key = key, .at = at}));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ToldAttribute>> StandingStore::Read(mysql::Transaction& sql,
                                                               absl::Span<const Program> programs,
                                                               const std::optional<std::string>& partner) const {
  std::vector<std::string> kinds;
  for (const AttributeKind kind : {AttributeKind::kHomeRegion, AttributeKind::kChannel, AttributeKind::kTier}) {
    const bool asked = std::any_of(programs.begin(), programs.end(),
                                   [&](const Program& program) { return Asks(program.eligibility, kind); });
    if (asked) kinds.push_back(Number(kind));
  }
  std::vector<ToldAttribute> told;
  if (kinds.empty()) return told;
  if (partner.has_value()) {
    RETURN_IF_ERROR(ReadOf(sql, kOfPartners, StrJoin(kinds, ", "), {*partner}, &told));
  } else {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT ", kColumns, " FROM partner_attribute WHERE kind IN (", StrJoin(kinds, ", "), ")")));
    for (const mysql::Row& row : rows) told.push_back(FromRow(row));
  }
  std::set<std::string> channels, regions;
  for (const ToldAttribute& one : told) {
    if (one.kind == AttributeKind::kChannel && !one.value.empty()) channels.insert(one.value);
    if (one.kind == AttributeKind::kHomeRegion && !one.value.empty()) regions.insert(one.value);
  }
  RETURN_IF_ERROR(ReadOf(sql, kOfPartners, Number(AttributeKind::kChannelType), channels, &told));
  RETURN_IF_ERROR(ReadLeading(sql, kOfPartners, Number(AttributeKind::kRegionParent), AttributeKind::kRegionParent,
                              std::move(regions), &told));
  return told;
}

absl::Status StandingStore::Attribute(mysql::Transaction& sql, absl::Span<const Program> programs,
                                      const ClosedPeriod* close, const std::optional<std::string>& partner,
                                      std::vector<FactLine>* lines) const {
  const auto asks =
      std::find_if(programs.begin(), programs.end(), [](const Program& program) { return program.reads_standing(); });
  if (asks == programs.end() || lines->empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<ToldAttribute> told, Read(sql, programs, partner));
  const bool by_segment = std::any_of(programs.begin(), programs.end(),
                                      [](const Program& program) { return program.eligibility.asks_segment(); });
  if (by_segment) {
    RETURN_IF_ERROR(facts_.NameCustomers(sql, asks->basis, partner, lines));
    std::set<std::string> customers;
    for (const FactLine& line : *lines) {
      std::string id = CustomerIdOf(line.parties.customer);
      if (!id.empty()) customers.insert(std::move(id));
    }
    RETURN_IF_ERROR(
        ReadLeading(sql, kOfCustomers, CustomerKinds(), AttributeKind::kMergedInto, std::move(customers), &told));
  }
  Standings(std::move(told), close == nullptr ? nullptr : &close->partner_watermark).Attribute(*asks, lines);
  return absl::OkStatus();
}

absl::StatusOr<bool> StandingStore::IsFor(mysql::Transaction& sql, const Program& program,
                                          const std::string& partner) const {
  if (!program.IsFor(partner) || !program.reads_standing()) return program.IsFor(partner);
  ASSIGN_OR_RETURN(std::vector<ToldAttribute> told, Read(sql, absl::MakeConstSpan(&program, 1), partner));
  return Standings(std::move(told), nullptr).EverFits(program, partner);
}

}  // namespace tributary::incentive
