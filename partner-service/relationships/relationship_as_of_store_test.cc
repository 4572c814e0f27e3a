// Relationships as of any day and any moment, against a model that keeps no rows but what was said when: random
// histories in which relationships are made, changed, deleted and made again, at moments that may come in any order.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "partner-service/relationships/relationship_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::IsEmpty;

constexpr int kPartners = 400;
constexpr int kSteps = 12;  // of one relationship
constexpr int kDays = 10;
const Date kFirstDay = *Date::Parse("2026-01-01");
Date DayAt(int day) { return kFirstDay.AddDays(day); }

// What was said of one relationship, which stands until the next is said. Days that are none: it was deleted.
struct Said {
  absl::Time moment;
  int from = 0;
  int until = 0;
};

bool HeldThen(const std::vector<Said>& said, int day, absl::Time moment) {
  bool held = false;
  for (const Said& one : said) {
    if (one.moment > moment) break;
    held = one.from <= day && day < one.until;
  }
  return held;
}

class RelationshipAsOfTest : public StoreTest {
 protected:
  using Model = std::map<std::string, std::vector<Said>>;  // "partner/id"

  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  DateRange Days(int from, int until) { return {DayAt(from), until == kDays ? OpenEnd() : DayAt(until)}; }

  // The clocks of calls differ: the next moment may lie before the last one. What is stored moves on all the same.
  absl::Status Live(mysql::Transaction& sql, const std::string& partner, const std::string& id,
                    std::vector<Said>* said) {
    absl::Time clock = kNow;
    bool there = false;
    Relationship now;
    for (int step = 0; step < kSteps; ++step) {
      clock += absl::Seconds(Below(5) - 1);
      const int from = Below(kDays), until = from + Below(kDays - from + 1);
      if (!there) {
        if (Below(3) == 0) continue;
        ASSIGN_OR_RETURN(now, store_.Create(sql, {.partner_id = partner,
                                                  .id = id,
                                                  .revision = Revision::First(clock),
                                                  .kind = RelationshipKind::kBuyingGroup,
                                                  .other_id = StrCat("group-", step),
                                                  .valid = Days(from, until)}));
        there = true;
      } else if (Below(4) == 0) {
        RETURN_IF_ERROR(store_.Delete(sql, now, clock));
        there = false;
        said->push_back({std::max(clock, now.revision.update_time + absl::Microseconds(1))});
        continue;
      } else {
        Relationship days = now;
        days.valid = Days(from, until);
        ASSIGN_OR_RETURN(now, Change(now, days, clock));
        RETURN_IF_ERROR(store_.Update(sql, now));
      }
      // Nothing is said at a moment for which something was said already.
      EXPECT_TRUE(said->empty() || now.revision.update_time >= said->back().moment);
      EXPECT_GE(now.revision.update_time, clock);
      said->push_back({now.revision.update_time, from, until});
    }
    return absl::OkStatus();
  }

  std::set<std::string> Listed(const AsOf& as_of, const std::string& partner = "") {
    std::set<std::string> names;
    for (const Relationship& one : All<Relationship>(
             RelationshipStore::Fields(), 100, "",
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner, page, as_of); },
             [](const Relationship&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      EXPECT_TRUE(names.insert(StrCat(one.partner_id, "/", one.id)).second);
    }
    return names;
  }
  static std::set<std::string> Held(const Model& model, int day, absl::Time moment, const std::string& partner = "") {
    std::set<std::string> held;
    for (const auto& [name, said] : model) {
      if (name.starts_with(partner) && HeldThen(said, day, moment)) held.insert(name);
    }
    return held;
  }

  RelationshipStore store_;
  std::mt19937 random_{20260701};
};

TEST_F(RelationshipAsOfTest, HistoriesReadAsTheModelSays) {
  Model model;
  const std::mt19937 random = random_;
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    random_ = random;  // a body may run again
    model.clear();
    for (int i = 0; i < kPartners; ++i) {
      const std::string partner = StrCat("p-", 1000 + i);
      for (const char* id : {"a", "b"}) {
        RETURN_IF_ERROR(Live(sql, partner, id, &model[StrCat(partner, "/", id)]));
      }
    }
    return absl::OkStatus();
  }));
  size_t held = 0, again = 0;
  for (const auto& [name, said] : model) {
    for (size_t i = 1; i < said.size(); ++i) again += said[i - 1].until == 0 && said[i].until > said[i].from ? 1 : 0;
  }
  EXPECT_GT(again, size_t{100});  // ids that were given again
  for (int i = 0; i < 40; ++i) {
    const int day = Below(kDays);
    const absl::Time moment = kNow + absl::Milliseconds(Below(30'000));
    SCOPED_TRACE(StrCat("day ", day, ", ", absl::FormatTime(moment)));
    const std::set<std::string> want = Held(model, day, moment);
    EXPECT_EQ(Listed({DayAt(day), moment}), want);
    held += want.size();
  }
  EXPECT_GT(held, size_t{kPartners});
  // What is known now is what was said last.
  for (int day = 0; day < kDays; ++day) {
    EXPECT_EQ(Listed({.day = DayAt(day)}), Held(model, day, absl::InfiniteFuture()));
    EXPECT_EQ(Listed({DayAt(day), kNow + absl::Hours(1)}), Held(model, day, absl::InfiniteFuture()));
  }
  EXPECT_THAT(Listed({.day = DayAt(0), .known = kNow - absl::Hours(1)}), IsEmpty());
  // One at a time, at each moment at which something was said, and right before it.
  for (int i = 0; i < 300; ++i) {
    const std::string partner = StrCat("p-", 1000 + Below(kPartners));
    const std::vector<Said>& said = model[partner + "/a"];
    if (said.empty()) continue;
    const int day = Below(kDays);
    const absl::Time moment = said[static_cast<size_t>(Below(static_cast<int>(said.size())))].moment;
    for (const absl::Time known : {moment, moment - absl::Microseconds(1)}) {
      SCOPED_TRACE(StrCat(partner, ", day ", day, ", ", absl::FormatTime(known)));
      const AsOf as_of{DayAt(day), known};
      const auto read =
          Ask<Relationship>([&](mysql::Transaction& sql) { return store_.Get(sql, partner, "a", as_of); });
      if (HeldThen(said, day, known)) {
        ASSERT_OK(read);
        EXPECT_LE(read->revision.update_time, known);
      } else {
        EXPECT_THAT(read, HasReason(Reason::kNotFound));
      }
      EXPECT_EQ(Listed(as_of, partner), Held(model, day, known, partner));
    }
  }
}

}  // namespace
}  // namespace tributary::partner
