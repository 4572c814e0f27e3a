#include "incentive-service/standings/standings.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

#include "common/ids/resource_name.h"
#include "common/scopes/region_tree.h"

namespace tributary::incentive {
namespace {

std::optional<ChannelType> ChannelTypeOf(std::string_view name) {
  for (const ChannelType type : {ChannelType::kDirect, ChannelType::kIndirect, ChannelType::kHybrid}) {
    if (NameOf(type) == name) return type;
  }
  return std::nullopt;
}

}  // namespace

std::string_view NameOf(ChannelType type) {
  switch (type) {
    case ChannelType::kDirect:
      return "DIRECT";
    case ChannelType::kIndirect:
      return "INDIRECT";
    case ChannelType::kHybrid:
      return "HYBRID";
  }
  return "";
}

std::string CustomerIdOf(std::string_view name) {
  if (!name.starts_with("customers/")) return {};
  const absl::StatusOr<std::vector<std::string>> ids = ParseResourceName(name, "customers/{customer}");
  return ids.ok() ? ids->front() : std::string();
}

Standings::Standings(std::vector<ToldAttribute> told, const Watermark* known) {
  for (ToldAttribute& one : told) {
    if (known != nullptr && !Covers(*known, one.shard, one.seq)) continue;
    std::vector<ToldAttribute>& of_subject = told_[{one.kind, one.subject}];
    of_subject.push_back(std::move(one));
  }
  for (auto& [of, list] : told_) {
    std::sort(list.begin(), list.end(), [](const ToldAttribute& a, const ToldAttribute& b) {
      return std::tie(a.key, a.seq) < std::tie(b.key, b.seq);
    });
  }
}

std::vector<const ToldAttribute*> Standings::Holding(AttributeKind kind, const std::string& subject, Date day) const {
  std::vector<const ToldAttribute*> holding;
  const auto found = told_.find({kind, subject});
  if (found == told_.end()) return holding;
  const std::vector<ToldAttribute>& told = found->second;
  const ToldAttribute* last = nullptr;  // of one key
  for (size_t i = 0; i < told.size(); ++i) {
    if (told[i].valid.start <= day) last = &told[i];
    if (i + 1 < told.size() && told[i + 1].key == told[i].key) continue;
    if (last != nullptr && day < last->valid.end) holding.push_back(last);
    last = nullptr;
  }
  std::sort(holding.begin(), holding.end(),
            [](const ToldAttribute* a, const ToldAttribute* b) { return a->seq < b->seq; });
  return holding;
}

std::string Standings::ValueOf(AttributeKind kind, const std::string& subject, Date day) const {
  const std::vector<const ToldAttribute*> holding = Holding(kind, subject, day);
  return holding.empty() ? std::string() : holding.back()->value;
}

PartnerStanding Standings::On(const std::string& partner, Date day, Date period_start) const {
  PartnerStanding standing{.day = day, .period_start = period_start};
  const std::string channel = ValueOf(AttributeKind::kChannel, partner, day);
  if (!channel.empty()) standing.channel_type = ChannelTypeOf(ValueOf(AttributeKind::kChannelType, channel, day));
  const std::string home = ValueOf(AttributeKind::kHomeRegion, partner, day);
  if (!home.empty()) {
    standing.regions = AncestorsOf(
        home, [&](const std::string& region) { return ValueOf(AttributeKind::kRegionParent, region, day); });
    standing.regions.insert(standing.regions.begin(), home);
  }
  std::map<std::string, std::string> levels;  // by partner program
  for (const ToldAttribute* tier : Holding(AttributeKind::kTier, partner, period_start)) {
    const size_t slash = tier->value.find('/');
    levels[tier->value.substr(0, slash)] = slash == std::string::npos ? "" : tier->value.substr(slash + 1);
  }
  for (auto& [program, level] : levels) {
    if (!level.empty()) standing.tiers.push_back({program, std::move(level)});
  }
  return standing;
}

std::string Standings::SegmentOf(std::string_view customer, Date day) const {
  const std::string id = CustomerIdOf(customer);
  if (id.empty()) return {};
  const std::vector<std::string> into =
      AncestorsOf(id, [&](const std::string& one) { return ValueOf(AttributeKind::kMergedInto, one, day); });
  return ValueOf(AttributeKind::kSegment, into.empty() ? id : into.back(), day);
}

bool Standings::EverFits(const Program& program, const std::string& partner) const {
  // What a partner is changes on these days alone; a tier on the first day of the period behind them.
  std::set<Date> days = {program.effective.start};
  const auto look_at = [&](Date day) {
    if (!program.effective.Contains(day)) return;
    days.insert(day);
    const Date next = PeriodOf(program.period, day).range.end;
    if (program.effective.Contains(next)) days.insert(next);
  };
  for (const auto& [of, told] : told_) {
    for (const ToldAttribute& one : told) {
      look_at(one.valid.start);
      look_at(one.valid.end);
    }
  }
  return std::any_of(days.begin(), days.end(), [&](Date day) {
    return !program.eligibility.WhyUnfit(On(partner, day, PeriodOf(program.period, day).range.start)).has_value();
  });
}

void Standings::Attribute(const Program& program, std::vector<FactLine>* lines) const {
  using Seen = std::tuple<std::string_view, std::string_view, Date>;  // partner, customer, day
  std::map<Seen, std::shared_ptr<const PartnerStanding>> standings;
  for (FactLine& line : *lines) {
    const Date day = line.BasisDate(program.basis);
    const std::string& customer = line.parties.customer;
    std::shared_ptr<const PartnerStanding>& known = standings[{line.partner, customer, day}];
    if (known == nullptr) {
      PartnerStanding standing = On(line.partner, day, PeriodOf(program.period, day).range.start);
      standing.customer = customer;
      standing.segment = SegmentOf(customer, day);
      known = std::make_shared<const PartnerStanding>(std::move(standing));
    }
    line.standing = known;
  }
}

}  // namespace tributary::incentive
