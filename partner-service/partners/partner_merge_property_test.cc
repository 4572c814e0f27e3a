// What merging promises whatever is merged into what, and in which order it is undone: undoing restores exactly, and
// whoever follows the merges comes to an end.

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"
#include "partner-service/partners/partner.h"

namespace tributary::partner {
namespace {

class Chance {
 public:
  explicit Chance(uint32_t seed) : random_(seed) {}
  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

 private:
  std::mt19937 random_;
};

// All of a partner but its version and when it last changed.
auto Content(const Partner& p) {
  return std::make_tuple(p.id, p.revision.uid, p.revision.create_time, p.state, p.undone, p.legal_name, p.trade_names,
                         p.kind, p.tax_ids, p.home_region, p.currency, p.time_zone, p.addresses, p.application,
                         p.channel, p.account_manager, p.merge);
}

Partner SomePartner(Chance& chance, int number) {
  Partner partner{.id = StrCat("p-", number),
                  .revision = Revision::First(kNow),
                  .state = static_cast<PartnerState>(1 + chance.Upto(3)),
                  .legal_name = StrCat("Company ", chance.Upto(3)),
                  .kind = static_cast<PartnerKind>(1 + chance.Upto(3)),
                  .currency = chance.Upto(1) == 0 ? "CNY" : "EUR"};
  for (int i = chance.Upto(2); i > 0; --i) partner.tax_ids.push_back({TaxIdType::kOther, StrCat(chance.Upto(9))});
  for (int i = chance.Upto(2); i > 0; --i) partner.addresses.push_back({.text = StrCat("Street ", chance.Upto(9))});
  if (chance.Upto(1) == 0) partner.application = StrCat("applications/", number);
  return partner;
}

TEST(PartnerMergePropertyTest, UndoingRestoresAndNobodyGoesInCircles) {
  int merges = 0, undone = 0, chains = 0;
  for (uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    std::map<std::string, Partner> partners, before;
    constexpr int kPartners = 6;
    for (int i = 0; i < kPartners; ++i) {
      const Partner partner = SomePartner(chance, i);
      partners.emplace(partner.name(), partner);
    }
    absl::Time now = kNow;
    for (int step = 0; step < 40; ++step) {
      now += absl::Minutes(1);
      Partner& one = partners.at(StrCat("partners/p-", chance.Upto(kPartners - 1)));
      if (chance.Upto(2) == 0) {
        const bool merged = one.merge.has_value();
        const auto restored = UndoMerge(one, now);
        ASSERT_EQ(ReasonOf(restored.status()), merged ? Reason::kUnspecified : Reason::kStateConflict);
        if (!restored.ok()) continue;
        EXPECT_EQ(Content(*restored), Content(before.at(one.name())));
        EXPECT_EQ(restored->revision.version, one.revision.version + 1);
        one = *restored;
        ++undone;
        continue;
      }
      const Partner& survivor = partners.at(StrCat("partners/p-", chance.Upto(kPartners - 1)));
      const auto merged = Merge(one, survivor, "the same company", "manager-1", now);
      const bool may = one.id != survivor.id && one.state != PartnerState::kTerminated &&
                       survivor.state != PartnerState::kTerminated;
      ASSERT_EQ(merged.ok(), may);
      if (!may) continue;
      EXPECT_EQ(merged->state, PartnerState::kTerminated);
      EXPECT_EQ(merged->merge->survivor, survivor.name());
      for (const auto& [name, other] : partners)
        chains += other.merge.has_value() && other.merge->survivor == one.name();
      before[one.name()] = one;
      one = *merged;
      ++merges;
      for (const auto& [name, partner] : partners) {
        const Partner* last = &partner;
        int followed = 0;
        while (last->merge.has_value() && followed <= kPartners) {
          last = &partners.at(last->merge->survivor);
          ++followed;
        }
        EXPECT_LT(followed, kPartners) << name;
      }
    }
    // In any order, all of them.
    for (auto& [name, partner] : partners) {
      if (!partner.merge.has_value()) continue;
      const auto restored = UndoMerge(partner, now);
      ASSERT_OK(restored);
      EXPECT_EQ(Content(*restored), Content(before.at(name)));
    }
  }
  EXPECT_GT(merges, 1000);
  EXPECT_GT(undone, 200);
  EXPECT_GT(chains, 50);
}

}  // namespace
}  // namespace tributary::partner
